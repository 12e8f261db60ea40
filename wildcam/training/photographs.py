"""The pixels of a list of photographs, decoded once where the disk allows."""

import copy
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wildcam.errors import PhotographError
from wildcam.images import load_square

DISK_LIMIT_BYTES = 20_000_000_000
"""Above this size decoded pixels are not kept: every epoch decodes again."""

DISK_SHARE = 0.5
"""Nor are they where they would take more than this share of the free disk."""


class Photographs:
    """A sequence of uint8 pictures, (S, S, 3), RGB, 0–255; each file is decoded at first use.

    Decoded pictures are kept in one file `store_path` (memory-mapped, N × S × S × 3 bytes, deleted with
    the run). Safe to read from several threads. Item `i` raises `PhotographError` where file `i` cannot
    be read; `readable()` decodes all in parallel and says which can.
    """

    def __init__(self, paths: Sequence[Path], image_size: int, store_path: Path | None = None) -> None:
        self.image_size = image_size
        self._paths = list(paths)
        self._positions = np.arange(len(self._paths))  # in `_paths`, of the photographs that belong to this sequence
        self._store = _new_store(store_path, (len(self._paths), image_size, image_size, 3))
        self._filled = np.zeros(len(self._paths), dtype=bool)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, index: int) -> NDArray[np.uint8]:
        position = self._positions[index]
        if self._store is not None and self._filled[position]:
            return np.array(self._store[position])
        picture = load_square(self._paths[position], self.image_size)
        if self._store is not None:
            self._store[position] = picture
            with self._lock:  # the flag must not be seen before the pixels
                self._filled[position] = True
        return picture

    def batch(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Several pictures, uint8, (N, S, S, 3)."""
        return np.stack([self[int(index)] for index in indices])

    def subset(self, indices: NDArray[np.int64]) -> Self:
        """Some of the photographs, sharing what has been decoded. `indices`: int64, (M,)."""
        chosen = copy.copy(self)
        chosen._positions = self._positions[indices]
        return chosen

    def readable(self, *, progress: Callable[[int, int], None] | None = None) -> NDArray[np.bool_]:
        """Decode every photograph; True where that worked. (N,) What `progress` raises ends it at once."""
        readable = np.ones(len(self), dtype=bool)

        def look(index: int) -> None:
            try:
                self[index]
            except PhotographError:
                readable[index] = False

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for done, _ in enumerate(pool.map(look, range(len(self))), start=1):
                if progress:
                    progress(done, len(self))
        return readable


def _new_store(path: Path | None, shape: tuple[int, int, int, int]) -> NDArray[np.uint8] | None:
    """A file for the pictures, or None where there is to be none or no room for it."""
    size = int(np.prod(shape, dtype=np.int64))
    if path is None or not size:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    if size > min(DISK_LIMIT_BYTES, DISK_SHARE * shutil.disk_usage(path.parent).free):
        return None
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
