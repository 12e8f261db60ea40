"""The recipe's loss and train accuracy for Keras; see `LossTerms`."""

from typing import Any

import keras
import numpy as np
from keras import losses, metrics, ops

from wildcam.training.imbalance import LossTerms

_LEAST = float(np.finfo(np.float32).tiny)  # a probability of zero has a logarithm of -87, not of minus infinity


class ImbalanceLoss(keras.losses.Loss):
    """Shares of the classes, (B, C), against probabilities, (B, C), or (B, 1) of a sigmoid: the second class."""

    def __init__(self, terms: LossTerms) -> None:
        super().__init__(name="imbalance_loss")
        self._terms = terms

    def call(self, shares: Any, probabilities: Any) -> Any:
        """What each image costs. (B,)"""
        terms = self._terms
        logs = ops.log(ops.maximum(_columns(probabilities), _LEAST))  # (B, C), logits but for a constant a row
        logs = ops.log_softmax(ops.add(logs, terms.log_priors))
        weighted = ops.multiply(ops.cast(shares, "float32"), terms.weights)
        spread = ops.mean(weighted, axis=-1, keepdims=True)
        wanted = (1 - terms.smoothing) * weighted + terms.smoothing * spread  # (B, C)
        if terms.focus:
            wanted = wanted * (1 - ops.exp(logs)) ** terms.focus
        return -ops.sum(wanted * logs, axis=-1)


def objective(terms: LossTerms | None, *, sigmoid: bool) -> tuple[keras.losses.Loss, list[keras.metrics.Metric]]:
    """Loss and train metrics; without terms plain cross-entropy, for whole targets.

    The metric `loss_of_data` is the loss without the penalties on weights. `accuracy` of blended images counts
    the class with the larger share.
    """
    if terms:
        loss = ImbalanceLoss(terms)
        return loss, [
            metrics.MeanMetricWrapper(loss.call, name="loss_of_data"),
            metrics.MeanMetricWrapper(_hits, name="accuracy"),
        ]
    if sigmoid:
        return losses.BinaryCrossentropy(), [
            metrics.BinaryCrossentropy("loss_of_data"),
            metrics.BinaryAccuracy("accuracy"),
        ]
    return losses.SparseCategoricalCrossentropy(), [
        metrics.SparseCategoricalCrossentropy("loss_of_data"),
        metrics.SparseCategoricalAccuracy("accuracy"),
    ]


def _hits(shares: Any, probabilities: Any) -> Any:
    return ops.cast(ops.argmax(shares, axis=-1) == ops.argmax(_columns(probabilities), axis=-1), "float32")


def _columns(probabilities: Any) -> Any:
    if probabilities.shape[-1] > 1:
        return probabilities
    return ops.concatenate([1 - probabilities, probabilities], axis=-1)  # (B, 2)
