"""The pixels of a list of photographs, decoded once where the disk allows."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wildcam.errors import PhotographError
from wildcam.images import load_square

DISK_LIMIT_BYTES = 20_000_000_000
"""Above this size decoded pixels are not kept: every epoch decodes again."""


class Photographs:
    """A sequence of uint8 pictures, (S, S, 3), RGB, 0–255; each file is decoded at first use.

    Decoded pictures are kept in one file `store_path` (memory-mapped, N × S × S × 3 bytes, deleted with
    the run). Safe to read from several threads. Item `i` raises `PhotographError` where file `i` cannot
    be read; `readable()` decodes all in parallel and says which can.
    """

    def __init__(self, paths: Sequence[Path], image_size: int, store_path: Path | None = None) -> None:
        self.paths = list(paths)
        self.image_size = image_size
        shape = (len(self.paths), image_size, image_size, 3)
        self._store: NDArray[np.uint8] | None = None
        if store_path is not None and self.paths and np.prod(shape, dtype=np.int64) <= DISK_LIMIT_BYTES:
            store_path.parent.mkdir(parents=True, exist_ok=True)
            self._store = np.lib.format.open_memmap(store_path, mode="w+", dtype=np.uint8, shape=shape)
        self._filled = np.zeros(len(self.paths), dtype=bool)
        self._lock = threading.Lock()
        self._origin: tuple[Photographs, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, position: int) -> NDArray[np.uint8]:
        if self._origin is not None:
            return self._origin[0][int(self._origin[1][position])]
        if self._store is not None and self._filled[position]:
            return np.array(self._store[position])
        picture = load_square(self.paths[position], self.image_size)
        if self._store is not None:
            self._store[position] = picture
            with self._lock:  # the flag must not be seen before the pixels
                self._filled[position] = True
        return picture

    def batch(self, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Several pictures, uint8, (N, S, S, 3)."""
        return np.stack([self[int(position)] for position in positions])

    def subset(self, positions: NDArray[np.int64]) -> "Photographs":
        """Some of the photographs, sharing what has been decoded. `positions`: int64, (M,)."""
        chosen = Photographs([], self.image_size)
        chosen.paths = [self.paths[position] for position in positions]
        chosen._origin = (self, np.asarray(positions, dtype=np.int64))
        return chosen

    def readable(self, *, threads: int = 2, progress: Callable[[int, int], None] | None = None) -> NDArray[np.bool_]:
        """Decode every photograph; True where that worked. (N,)"""
        readable = np.ones(len(self), dtype=bool)

        def look(position: int) -> None:
            try:
                self[position]
            except PhotographError:
                readable[position] = False

        with ThreadPoolExecutor(threads) as pool:
            for done, _ in enumerate(pool.map(look, range(len(self))), start=1):
                if progress:
                    progress(done, len(self))
        return readable
