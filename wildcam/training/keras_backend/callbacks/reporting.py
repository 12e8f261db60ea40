"""Reports steps and epochs, and checks for stops."""

from typing import Any

import keras

from wildcam.training.keras_backend.batches import Batches
from wildcam.training.scores import CleanScores, Scores
from wildcam.training.trainer import Reporter, StopRequested


class Reporting(keras.callbacks.Callback):
    """Samples each epoch's batches; reports Keras's logs under WildCam's names. Follows `Validation`."""

    def __init__(self, reporter: Reporter, batches: Batches) -> None:
        super().__init__()
        self._reporter = reporter
        self._batches = batches
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sample the epoch's batches."""
        self._epoch = epoch + 1
        self._batches.start_epoch(self._epoch)
        self._reporter.phase("training")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any]) -> None:
        """Report a step; Keras logs means over the epoch so far."""
        metrics = {
            "step_loss": logs["loss_of_data"],
            "step_accuracy": logs["accuracy"],
            "learning_rate": self._learning_rate(),
        }
        self._reporter.step(self._epoch, batch + 1, len(self._batches), metrics)
        if self._reporter.stop_requested():
            raise StopRequested

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Report the epoch."""
        metrics = {
            "train_loss": logs["loss"],
            "train_accuracy": logs["accuracy"],
            **{name: logs[name] for name in (*Scores.model_fields, *CleanScores.model_fields) if name in logs},
            "learning_rate": self._learning_rate(),
        }
        self._reporter.epoch(epoch + 1, metrics)

    def _learning_rate(self) -> float:
        return float(self.model.optimizer.learning_rate.numpy())
