"""The pixels of a list of images, decoded once where the cache has room."""

import hashlib
import os
import stat
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
import PIL
from numpy.typing import NDArray

from wildcam.errors import ImageError
from wildcam.images import load_square
from wildcam.training.inputs.crops import Crops
from wildcam.training.inputs.pixel_cache import KEY_BYTES, PixelCache

DECODING = 1
"""Part of the cache's keys. Raise it when `images.load_square` makes other pixels of the same file."""

_DECODER = f"{DECODING}-{PIL.__version__}"

STAT_AT_ONCE = 256
"""Files whose size and time one thread reads before it reports progress."""

Progress = Callable[[int, int], None]


class ImageSet:
    """A sequence of uint8 images, (S, S, 3), RGB, 0–255; a file is decoded where the cache does not hold its pixels.

    Safe to read from several threads. Reading image `i` raises `ImageError` where its file cannot be read;
    a damaged one is not tried again.
    """

    def __init__(
        self, paths: Sequence[Path], image_size: int, cache: PixelCache | None = None, crops: Crops | None = None
    ) -> None:
        self.image_size = image_size
        self.cache = cache
        self._reader = _FileReader(list(paths), image_size, cache, crops)
        self._positions = np.arange(len(paths))  # in `_reader`, of the images that belong to this sequence

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, index: int) -> NDArray[np.uint8]:
        image = np.empty((self.image_size, self.image_size, 3), np.uint8)
        self.read(index, image)
        return image

    def read(self, index: int, image: NDArray[np.uint8]) -> None:
        """Fill `image`, uint8, (S, S, 3), contiguous."""
        self._reader.read(int(self._positions[index]), image)

    def batch(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Several images, uint8, (N, S, S, 3)."""
        images = np.empty((len(indices), self.image_size, self.image_size, 3), np.uint8)
        for index, image in zip(indices, images, strict=True):
            self.read(int(index), image)
        return images

    def path(self, index: int) -> Path:
        """The file of an image."""
        return self._reader.paths[int(self._positions[index])]

    def take(self, indices: NDArray[np.int64]) -> Self:
        """Some of the images, sharing what is known of them. `indices`: int64, (M,)."""
        taken = object.__new__(type(self))
        taken.__dict__.update(self.__dict__, _positions=self._positions[indices])
        return taken

    def present(self, *, progress: Progress | None = None) -> NDArray[np.bool_]:
        """Look for every file, decode none; True where it can be opened and is not empty. (N,)"""
        present = np.array(self._run(self._reader.stat, STAT_AT_ONCE, progress), dtype=bool)
        self._reader.search()
        return present

    def decodable(self, *, progress: Progress | None = None) -> NDArray[np.bool_]:
        """Decode what the cache does not hold; True where that worked. (N,) What `progress` raises ends it at once."""
        return np.array(self._run(self._reader.is_decodable, 1, progress), dtype=bool)

    def damaged(self) -> NDArray[np.bool_]:
        """True for what turned out damaged so far: it had a replacement in every batch. (N,) Decodes nothing."""
        return np.isin(self._positions, list(self._reader.damages))

    def identities(self) -> list[bytes | None]:
        """For each image a key that changes with its file, its crop and the decoder; None where it has no file. (N,)"""
        return [self._reader.identity(int(position)) for position in self._positions]

    def _run(self, work: Callable[[int], bool], at_once: int, progress: Progress | None) -> list[bool]:
        """Do something with each image, in threads."""
        parts = np.array_split(self._positions, max(1, -(-len(self) // at_once)))
        found: list[bool] = []
        pool = ThreadPoolExecutor(os.cpu_count())
        try:
            for part in pool.map(lambda part: [work(int(position)) for position in part], parts):
                found += part
                if progress:
                    progress(len(found), len(self))
        finally:
            pool.shutdown(cancel_futures=True)
        return found


class _FileReader:
    """The files of a list and what is known of them; every `ImageSet` taken from the list shares it."""

    def __init__(self, paths: list[Path], image_size: int, cache: PixelCache | None, crops: Crops | None) -> None:
        self.paths = paths
        self.damages: dict[int, str] = {}  # by position: why a file cannot be decoded
        self._image_size = image_size
        self._cache = cache
        self._crops = crops
        self._keys: list[bytes | None] = [None] * len(paths)  # in the cache; None where that is not known
        self._searched = cache is None
        self._lock = threading.Lock()

    def stat(self, position: int) -> bool:
        """Read size and time of a file; whether it can be opened and is not empty."""
        path = self.paths[position]
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return False
        if not stat.S_ISREG(found.st_mode) or not found.st_size or not os.access(path, os.R_OK):
            return False
        self._keys[position] = self._key(position, found)
        return True

    def identity(self, position: int) -> bytes | None:
        """The key of a file, whose size and time are read where they are not known."""
        if self._keys[position] is None:
            self.stat(position)
        return self._keys[position]

    def search(self) -> None:
        """Find in the cache every file whose size and time are known; where none are, read those of all first."""
        with self._lock:
            if self._searched or self._cache is None:
                return
            if not any(self._keys):
                for position in range(len(self.paths)):
                    self.stat(position)
            self._cache.find([key for key in self._keys if key], 3 * self._image_size**2)
            self._searched = True

    def is_decodable(self, position: int) -> bool:
        """Whether the cache holds an image, or else its file can be decoded."""
        self.search()
        key = self._keys[position]
        if self._cache is not None and key is not None and key in self._cache:
            return True
        try:
            self.read(position, np.empty((self._image_size, self._image_size, 3), np.uint8))
        except ImageError:
            return False
        return True

    def read(self, position: int, image: NDArray[np.uint8]) -> None:
        """Fill `image` from the cache, or from the file."""
        if position in self.damages:
            raise ImageError(self.damages[position])
        self.search()
        key = self._keys[position]
        if self._cache is not None and key is not None and self._cache.read(key, image):
            return
        try:
            image[:] = self._decode(position)
        except ImageError as error:
            if not is_out_of_reach(error):
                self._note_damage(position, error)
            raise
        if self._cache is not None and key is not None:
            self._cache.add(key, image)

    def _key(self, position: int, found: os.stat_result) -> bytes:
        """Another one for every change of the file, or of what is made of it."""
        crop = self._crops.identity(position) if self._crops is not None else ""
        what = (
            os.path.abspath(self.paths[position]),
            found.st_size,
            found.st_mtime_ns,
            self._image_size,
            crop,
            _DECODER,
        )
        return hashlib.blake2b(repr(what).encode(errors="surrogateescape"), digest_size=KEY_BYTES).digest()

    def _decode(self, position: int) -> NDArray[np.uint8]:
        if self._crops is None:
            return load_square(self.paths[position], self._image_size)
        return self._crops.load(position, self.paths[position], self._image_size)

    def _note_damage(self, position: int, error: ImageError) -> None:
        with self._lock:
            if position not in self.damages:
                print(f"left out, unreadable: {self.paths[position]}", flush=True)
            self.damages[position] = str(error)


def is_out_of_reach(error: ImageError) -> bool:
    """Whether the disk or the memory failed, rather than the image: others are likely to fail as well."""
    cause = error.__cause__
    return isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno is not None)
