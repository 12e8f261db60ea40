"""Reports the steps of fastai's learning-rate finder."""

import time

from fastai.callback.core import Callback

from wildcam.training.trainer import Reporter


class LRFinderSteps(Callback):
    """Notes when steps end. Follows fastai's `Recorder`, which smooths the loss."""

    order, run_valid = 55, False  # before the finder itself, which ends the training

    def __init__(self, reporter: Reporter, steps: int) -> None:
        super().__init__()
        self.ends: list[float] = []  # seconds
        self._reporter = reporter
        self._steps = steps

    def after_batch(self) -> None:
        """Report a step."""
        self.ends.append(time.monotonic())
        metrics = {
            "finder_loss": float(self.recorder.losses[-1]),
            "finder_raw_loss": self.loss.item(),
            "finder_learning_rate": float(self.recorder.lrs[-1]),
        }
        self._reporter.finder_step(len(self.ends), self._steps, metrics)
