"""Photographs as batches for Keras: read by threads ahead of the training step."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil

import keras
import numpy as np
from numpy.typing import NDArray

from wildcam.errors import PhotographError
from wildcam.training.trainer import Examples

MOST_THREADS = 8


class Batches(keras.utils.PyDataset):
    """Shuffled training batches: images uint8 (B, S, S, 3), targets (B,), or float32 (B, 1) for a sigmoid.

    The order of an epoch depends on the seed and the epoch's number only, so a resumed run sees the same.
    Batches are as equal in size as can be, so that none is left with a photograph or two.
    """

    def __init__(self, examples: Examples, batch_size: int, seed: int, *, sigmoid: bool) -> None:
        super().__init__(workers=1, use_multiprocessing=False)  # reads in threads of its own, in one batch
        self.failure: PhotographError | None = None
        self._examples = examples
        self._seed = seed
        self._sigmoid = sigmoid
        self._steps = ceil(len(examples) / batch_size)
        self._reader = _Reader(examples)
        self.start_epoch(1)

    def start_epoch(self, epoch: int) -> None:
        """Deal the photographs anew; epochs count from 1."""
        order = np.random.default_rng((self._seed, epoch)).permutation(len(self._examples))
        self._positions = np.array_split(order, self._steps)

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.float32] | NDArray[np.int64]]:
        positions = self._positions[step]
        targets = self._examples.targets[positions]
        try:
            images = self._reader.read(positions)
        except PhotographError as error:
            self.failure = error  # TensorFlow wraps what its input threads raise
            raise
        return images, targets.astype(np.float32)[:, None] if self._sigmoid else targets


def in_order(examples: Examples, batch_size: int) -> Iterator[NDArray[np.uint8]]:
    """All photographs, a batch at a time, the next one read while the last is used. uint8, (B, S, S, 3)"""
    reader = _Reader(examples)
    chunks = np.array_split(np.arange(len(examples)), ceil(len(examples) / batch_size))
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(reader.read, chunks[0])
        for chunk in chunks[1:]:
            images = coming.result()
            coming = ahead.submit(reader.read, chunk)
            yield images
        yield coming.result()


class _Reader:
    """Reads several photographs at once."""

    def __init__(self, examples: Examples) -> None:
        self._photographs = examples.photographs
        self._threads = min(MOST_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads)

    def read(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        parts = np.array_split(positions, min(self._threads, len(positions)))
        return np.concatenate(list(self._pool.map(self._photographs.batch, parts)))
