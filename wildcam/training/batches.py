"""Photographs in batches, for either framework: dealt anew each epoch, read by threads ahead of their use."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wildcam.training.photographs import Photographs
from wildcam.training.trainer import Examples

MOST_THREADS = 8

Positions = NDArray[np.int64]


def shuffled(count: int, seed: int, epoch: int) -> Positions:
    """The order of an epoch: it depends on the seed and the epoch's number only, so a resumed run sees the same."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def even_batches(positions: Positions, batch_size: int) -> list[Positions]:
    """Cut into batches as equal in size as can be; none has a single photograph, which batch normalisation refuses.

    So that this holds, batches of two may grow to three.
    """
    steps = min(ceil(len(positions) / batch_size), len(positions) // 2)
    return np.array_split(positions, max(steps, 1))


class Reader:
    """Reads several photographs at once."""

    def __init__(self, photographs: Photographs) -> None:
        self._photographs = photographs
        self._threads = min(MOST_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads)

    def read(self, positions: Positions) -> NDArray[np.uint8]:
        """One batch. uint8, (B, S, S, 3). Raises `PhotographError`."""
        parts = np.array_split(positions, min(self._threads, len(positions)))
        return np.concatenate(list(self._pool.map(self._photographs.batch, parts)))

    def ahead(self, batches: Sequence[Positions]) -> Iterator[NDArray[np.uint8]]:
        """Batch after batch, the next one read while the last is used. uint8, (B, S, S, 3)"""
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self.read, batches[0])
            for positions in batches[1:]:
                images = coming.result()
                coming = ahead.submit(self.read, positions)
                yield images
            yield coming.result()


def in_order(examples: Examples, batch_size: int) -> Iterator[NDArray[np.uint8]]:
    """All photographs, a batch at a time. uint8, (B, S, S, 3)"""
    return Reader(examples.photographs).ahead(even_batches(np.arange(len(examples)), batch_size))
