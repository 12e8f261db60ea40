"""Counts epochs and begins each with its own sample and random numbers."""

import numpy as np
from fastai.callback.core import Callback
from fastai.torch_core import set_seed

from wildcam.training.fastai_backend.batches import TrainingBatches


class Epochs(Callback):
    """`number` is the epoch's, from 1, through all phases; fastai counts each phase from 0.

    Sampling, augmentation and dropout depend on the seed and the epoch's number only, so that a resumed run sees the
    same. `before_train` comes for epochs that are trained; `before_epoch` also for those that a resume skips.
    """

    order = 80

    def __init__(self, batches: TrainingBatches, seed: int, done: int) -> None:
        super().__init__()
        self.number = done
        self._batches = batches
        self._seed = seed

    def before_train(self) -> None:
        """Count, sample the batches, seed every generator."""
        self.number += 1
        self._batches.start_epoch(self.number)
        set_seed(int(np.random.SeedSequence((self._seed, self.number)).generate_state(1)[0]))
