"""Photographs as batches for Keras."""

import keras
import numpy as np
from numpy.typing import NDArray

from wildcam.errors import PhotographError
from wildcam.training.batches import Reader, even_batches, shuffled
from wildcam.training.trainer import Examples


class Batches(keras.utils.PyDataset):
    """Shuffled training batches: images uint8 (B, S, S, 3), targets (B,), or float32 (B, 1) for a sigmoid.

    `failure` is the error that ended the reading, which TensorFlow wraps in one of its own.
    """

    def __init__(self, examples: Examples, batch_size: int, seed: int, *, sigmoid: bool) -> None:
        super().__init__()  # without workers: the reader has threads, and TensorFlow's pipeline reads ahead
        self.failure: PhotographError | None = None
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._sigmoid = sigmoid
        self._reader = Reader(examples.photographs)
        self.start_epoch(1)

    def start_epoch(self, epoch: int) -> None:
        """Deal the photographs anew; epochs count from 1."""
        self._batches = even_batches(shuffled(len(self._examples), self._seed, epoch), self._batch_size)

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.float32] | NDArray[np.int64]]:
        positions = self._batches[step]
        targets = self._examples.targets[positions]
        try:
            images = self._reader.read(positions)
        except PhotographError as error:
            self.failure = error
            raise
        return images, targets.astype(np.float32)[:, None] if self._sigmoid else targets
