"""Remembers which epoch was the best by the recipe's monitor."""

import math
from typing import Any

import keras

from wildcam.training.recipe import Monitor


class BestEpoch(keras.callbacks.Callback):
    """`epoch` counts from 1, 0 before the first; the earliest of equals is kept, NaN is never better."""

    def __init__(self, monitor: Monitor) -> None:
        super().__init__()
        self._monitor = monitor
        self.epoch = 0
        self.value = math.nan

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        value = float((logs or {})[self._monitor])
        better = value > self.value if self._monitor.higher_is_better else value < self.value
        if better or (math.isnan(self.value) and not math.isnan(value)) or self.epoch == 0:
            self.epoch, self.value = epoch + 1, value
