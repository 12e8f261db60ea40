"""Scores images after each epoch, for the callbacks that follow."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from wildcam.training.inputs.batches import in_order
from wildcam.training.scores import score, score_clean
from wildcam.training.trainer import Examples, Reporter, StopRequested


class _Scoring(keras.callbacks.Callback):
    """Predicts images as they are, through the serving model, as a bundle will."""

    def __init__(self, serving: keras.Model, examples: Examples, batch_size: int, reporter: Reporter) -> None:
        super().__init__()
        self._serving = serving
        self._examples = examples
        self._batch_size = batch_size
        self._reporter = reporter

    def _predict(self) -> NDArray[np.float32]:
        """All images in their order, a batch at a time. (N, C)"""
        probabilities = []
        for images in in_order(self._examples, self._batch_size):
            probabilities.append(self._serving.predict_on_batch(images))
            if self._reporter.stop_requested():
                raise StopRequested
        return np.concatenate(probabilities)


class Validation(_Scoring):
    """Puts `val_loss`, `val_accuracy` and `val_macro_f1` into the epoch's logs; keeps its `probabilities`, (N, C).

    `loss` becomes the loss of the data alone: with the penalties on weights in it, train could not be compared with
    validation.
    """

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Predict every image; then score."""
        self._reporter.phase("validating")
        self.probabilities = self._predict()
        logs["loss"] = logs.pop("loss_of_data")
        logs.update(score(self.probabilities, self._examples.targets).model_dump())


class CleanTrainLoss(_Scoring):
    """Adds `train_clean_loss` and `train_clean_accuracy` to the epoch's logs: training images, as in validation."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Predict every image of the sample; then score."""
        self._reporter.phase("measuring the clean training loss")
        logs.update(score_clean(self._predict(), self._examples.targets).model_dump())
