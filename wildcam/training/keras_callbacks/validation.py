"""Scores the validation photographs after each epoch, for the callbacks that follow."""

from typing import Any

import keras
import numpy as np

from wildcam.training.batches import in_order
from wildcam.training.scores import score
from wildcam.training.trainer import Examples, Reporter, StopRequested


class Validation(keras.callbacks.Callback):
    """Puts `val_loss`, `val_accuracy` and `val_macro_f1` into the epoch's logs.

    Predicts through the serving model, as a bundle will. `loss` becomes the loss of the data alone: with the
    penalties on weights in it, train could not be compared with validation.
    """

    def __init__(self, serving: keras.Model, examples: Examples, batch_size: int, reporter: Reporter) -> None:
        super().__init__()
        self._serving = serving
        self._examples = examples
        self._batch_size = batch_size
        self._reporter = reporter

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Predict every photograph, a batch at a time; then score."""
        self._reporter.phase("validating")
        probabilities = []
        for images in in_order(self._examples, self._batch_size):
            probabilities.append(self._serving.predict_on_batch(images))
            if self._reporter.stop_requested():
                raise StopRequested
        logs["loss"] = logs.pop("loss_of_data")
        logs.update(score(np.concatenate(probabilities), self._examples.targets).model_dump())
