"""Scores the validation images after each epoch, for the callbacks that follow."""

import numpy as np
from fastai.callback.core import Callback
from numpy.typing import NDArray

from wildcam.training.scores import score
from wildcam.training.trainer import Reporter


class Validation(Callback):
    """Has `scores` and `probabilities`, (N, C), once an epoch is validated.

    `targets`: int64, (N,), in the order of the validation loader.
    """

    order, run_train = 81, False

    def __init__(self, targets: NDArray[np.int64], reporter: Reporter) -> None:
        super().__init__()
        self._targets = targets
        self._reporter = reporter

    def before_validate(self) -> None:
        """Begin to collect."""
        self._reporter.phase("validating")
        self._collected: list[NDArray[np.float32]] = []

    def after_batch(self) -> None:
        """Collect a batch's probabilities."""
        self._collected.append(self.pred.softmax(dim=1).cpu().numpy())  # (B, C)

    def after_validate(self) -> None:
        """Score the epoch."""
        self.probabilities = np.concatenate(self._collected)
        self.scores = score(self.probabilities, self._targets)
