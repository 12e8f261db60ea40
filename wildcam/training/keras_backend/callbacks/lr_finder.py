"""The learning-rate range test: train briefly at increasing rates and note the losses."""

import math
import time
from typing import Any

import keras

from wildcam.training.lr_range_test import DIVERGED, STEPS, rate_at, smoothed
from wildcam.training.trainer import Reporter, StopRequested


class LRFinder(keras.callbacks.Callback):
    """Raises the rate at every step and ends the training after STEPS, or where the loss diverges."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self.rates: list[float] = []
        self.losses: list[float] = []  # of single batches
        self.ends: list[float] = []  # when each step ended, in seconds
        self._reporter = reporter

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Set the step's rate."""
        self.model.reset_metrics()  # so that the logs hold this batch's loss, not the epoch's mean
        self.rates.append(rate_at(len(self.rates)))
        self.model.optimizer.learning_rate = self.rates[-1]

    def on_train_batch_end(self, batch: int, logs: dict[str, Any]) -> None:
        """Note the step's loss."""
        self.losses.append(float(logs["loss_of_data"]))
        self.ends.append(time.monotonic())
        curve = smoothed(self.losses)
        metrics = {"finder_loss": curve[-1], "finder_raw_loss": self.losses[-1], "finder_learning_rate": self.rates[-1]}
        self._reporter.finder_step(len(self.losses), STEPS, metrics)
        if self._reporter.stop_requested():
            raise StopRequested
        diverged = not math.isfinite(self.losses[-1]) or curve[-1] > DIVERGED * curve.min()
        if diverged or len(self.rates) == STEPS:
            self.model.stop_training = True
