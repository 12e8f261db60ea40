"""Batches of images, for either framework, read by threads ahead of their use."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from wildcam.counting import counted
from wildcam.errors import DataError, ImageError
from wildcam.training.inputs.image_set import is_out_of_reach
from wildcam.training.inputs.sampling import Positions, even_batches
from wildcam.training.trainer import Examples

MOST_THREADS = 8

BATCHES_AHEAD = 3
"""Batches that are being read while one is used: decoding never waits for the slowest image of a batch."""

Batch = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Images, uint8, (B, S, S, 3), and their targets, int64, (B,)."""


class Reader:
    """Reads several images at once.

    A damaged image has a replacement, the next decodable one of its class, or of any class where there is none: the
    same one in every epoch and after a resume. A file that is out of reach is the disk's failure, and raises
    `ImageError`. Raises `DataError` where not a single image can be decoded.
    """

    def __init__(self, examples: Examples) -> None:
        self._examples = examples
        self._threads = min(MOST_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads)

    def read(self, positions: Positions) -> Batch:
        """One batch."""
        return self._begin(positions).result()

    def ahead(self, batches: Sequence[Positions]) -> Iterator[Batch]:
        """Batch after batch, the next ones read while the last is used."""
        coming = iter(batches)
        begun = deque(map(self._begin, islice(coming, BATCHES_AHEAD)))
        try:
            while begun:
                batch = begun.popleft().result()
                begun.extend(map(self._begin, islice(coming, 1)))
                yield batch
        finally:
            for reading in begun:
                reading.cancel()

    def _begin(self, positions: Positions) -> "_Reading":
        size = self._examples.images.image_size
        images = np.empty((len(positions), size, size, 3), np.uint8)
        read = np.array(positions)

        def fill(slots: range) -> None:
            for slot in slots:
                read[slot] = self._fill(int(positions[slot]), images[slot])

        parts = (range(start, len(positions), self._threads) for start in range(min(self._threads, len(positions))))
        return _Reading(images, read, self._examples.targets, [self._pool.submit(fill, part) for part in parts])

    def _fill(self, position: int, image: NDArray[np.uint8]) -> int:
        """Read an image, or its replacement; the position of the one that was read."""
        try:
            self._examples.images.read(position, image)
            return position
        except ImageError as error:
            if is_out_of_reach(error):
                raise
            failure = error
        for replacement in self._replacements(position):
            try:
                self._examples.images.read(replacement, image)
                return replacement
            except ImageError as error:
                if is_out_of_reach(error):
                    raise
        raise DataError(
            f"None of {counted(len(self._examples), 'photo')} can be read: check the data set's folder. {failure}"
        )

    def _replacements(self, position: int) -> Iterator[int]:
        """First those of its class, then the others, each from the position on and round."""
        targets = self._examples.targets
        for same_class in (True, False):
            members = np.flatnonzero((targets == targets[position]) == same_class)
            yield from map(int, np.roll(members, -np.searchsorted(members, position, side="right")))


class _Reading:
    """A batch that threads are at work on."""

    def __init__(
        self, images: NDArray[np.uint8], read: Positions, targets: NDArray[np.int64], parts: list[Future[None]]
    ) -> None:
        self._images = images
        self._read = read
        self._targets = targets
        self._parts = parts

    def result(self) -> Batch:
        """Wait for it."""
        for part in self._parts:
            part.result()
        return self._images, self._targets[self._read]

    def cancel(self) -> None:
        """Leave what has not begun."""
        for part in self._parts:
            part.cancel()


def in_order(examples: Examples, batch_size: int) -> Iterator[NDArray[np.uint8]]:
    """All images, a batch at a time. uint8, (B, S, S, 3)"""
    for images, _ in Reader(examples).ahead(even_batches(np.arange(len(examples)), batch_size)):
        yield images
