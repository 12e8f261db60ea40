"""The validation metric that a run monitors, and which epoch was the best by it."""

import math

from wildcam.choice import Choice


class Monitor(Choice):
    """The validation metric that names the best epoch."""

    ACCURACY = "val_accuracy", "validation accuracy"
    LOSS = "val_loss", "validation loss"
    MACRO_F1 = "val_macro_f1", "validation macro-F1"

    @property
    def higher_is_better(self) -> bool:
        """Whether more of it is better; of a loss, less is."""
        return self is not Monitor.LOSS


class BestEpoch:
    """`epoch` counts from 1, 0 before the first; the earliest of equals is kept, NaN is never better."""

    def __init__(self, monitor: Monitor, epoch: int = 0, value: float = math.nan) -> None:
        self.monitor = monitor
        self.epoch = epoch
        self.value = value

    def consider(self, epoch: int, value: float) -> None:
        """Take the epoch where its value is better than the best so far."""
        better = value > self.value if self.monitor.higher_is_better else value < self.value
        first_number = math.isnan(self.value) and not math.isnan(value)
        if better or first_number or self.epoch == 0:
            self.epoch, self.value = epoch, value
