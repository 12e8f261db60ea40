"""The loss terms of an imbalance strategy, without a framework. Sampling strategies are in `inputs.sampling`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildcam.training.recipe import ImbalanceStrategy, Recipe

EFFECTIVE_NUMBER_BETA = 0.999
"""How much a further image of a class still adds (Cui et al. 2019, arXiv:1901.05555): after n images
1 - 0.999 ** n of what a class can show is seen. 0 would weigh all alike, 1 by the inverse of their number."""

FOCUS = 2.0
"""The exponent gamma of the focal loss that Lin et al. 2017 (arXiv:1708.02002) found best."""


@dataclass(frozen=True)
class LossTerms:
    """All that turns the cross-entropy of C classes into the recipe's loss; both frameworks compute it alike.

    With the shares y of an image's classes, probabilities p = softmax(logits + `log_priors`), v = y · `weights`
    and q = (1 - `smoothing`) v + `smoothing` · sum(v) / C, an image costs sum(q · (1 - p) ** `focus` · -log p),
    a batch the mean of its images.
    """

    weights: NDArray[np.float32]  # (C,)
    log_priors: NDArray[np.float32]  # (C,)
    focus: float
    smoothing: float


def loss_terms(recipe: Recipe, targets: NDArray[np.int64], classes: int) -> LossTerms:
    """The recipe's loss for a training subset of these targets, int64, (N,)."""
    counts, strategy = np.bincount(targets, minlength=classes), recipe.imbalance_strategy
    plain_weights, plain_priors = np.ones(classes, np.float32), np.zeros(classes, np.float32)
    return LossTerms(
        weights=class_weights(counts) if strategy is ImbalanceStrategy.CLASS_WEIGHTS else plain_weights,
        log_priors=log_priors(counts) if strategy is ImbalanceStrategy.LOGIT_ADJUSTMENT else plain_priors,
        focus=FOCUS if strategy is ImbalanceStrategy.FOCAL else 0.0,
        smoothing=recipe.label_smoothing,
    )


def class_weights(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """What an image of each class weighs, (C,): the inverse of the class's effective number (Cui et al. 2019).

    Scaled so that the mean over all images is one, and the loss of the size that it has without weights. A
    class without images weighs as if it had one.
    """
    weights = 1 / (1 - EFFECTIVE_NUMBER_BETA ** np.maximum(counts, 1))
    return (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)


def log_priors(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logarithm of each class's share of the images, (C,) (Menon et al. 2021, arXiv:2007.07314, with tau = 1).

    A class without images counts as if it had one.
    """
    return np.log(np.maximum(counts, 1) / counts.sum()).astype(np.float32)
