"""Feature vectors of images, computed once for each image and backbone and shared by all runs."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from wildcam.errors import ImageError
from wildcam.serving.engine import Engine
from wildcam.training.inputs.image_set import ImageSet, is_out_of_reach
from wildcam.training.inputs.pixel_cache import KEY_BYTES, PixelCache
from wildcam.training.probe_backend.backbone_graph import BackboneGraph

CHUNK = 16
"""Images that a thread reads and hands to the engine at once."""

Progress = Callable[[int, int], None]
"""Done and total; what it raises ends the work, and what was computed is kept."""


class FeatureExtractor:
    """Features of a backbone, kept as float16. Any number of processes may share a cache."""

    def __init__(self, graph: BackboneGraph, cache: PixelCache | None) -> None:
        self._graph = graph
        self._cache = cache
        self._engine: Engine | None = None  # opened where something is missing

    def extract(
        self, images: ImageSet, *, mirrored: bool = False, progress: Progress = lambda done, total: None
    ) -> NDArray[np.float32]:
        """(N, F); the row of an image that cannot be decoded is NaN. `mirrored`: of images flipped left to right."""
        size = self._graph.card.info.features
        features = np.full((len(images), size), np.nan, np.float16)
        keys = [self._key(identity, mirrored) for identity in images.identities()]
        if self._cache is not None:
            self._cache.find([key for key in keys if key], features[0].nbytes if len(features) else 0)
        missing = [k for k in range(len(images)) if not self._read(keys[k], features[k])]
        done = len(images) - len(missing)
        progress(done, len(images))
        chunks = [missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)]
        for chunk in _in_threads(lambda part: self._compute(images, part, keys, mirrored, features), chunks):
            done += len(chunk)
            progress(done, len(images))
        return features.astype(np.float32)

    def _key(self, identity: bytes | None, mirrored: bool) -> bytes | None:
        if identity is None:
            return None
        what = identity + self._graph.identity.encode() + (b"mirrored" if mirrored else b"")
        return hashlib.blake2b(what, digest_size=KEY_BYTES).digest()

    def _read(self, key: bytes | None, row: NDArray[np.float16]) -> bool:
        return key is not None and self._cache is not None and self._cache.read(key, row.view(np.uint8))

    def _compute(
        self,
        images: ImageSet,
        positions: list[int],
        keys: list[bytes | None],
        mirrored: bool,
        features: NDArray[np.float16],
    ) -> list[int]:
        read, pixels = [], []
        for position in positions:
            try:
                pixels.append(images[position])
                read.append(position)
            except ImageError as error:
                if is_out_of_reach(error):
                    raise
        if read:
            batch = np.stack(pixels)
            answers = self._open()(np.ascontiguousarray(batch[:, :, ::-1]) if mirrored else batch).astype(np.float16)
            for position, row in zip(read, answers, strict=True):
                features[position] = row
                key = keys[position]
                if self._cache is not None and key is not None:
                    self._cache.add(key, features[position].view(np.uint8))
        return positions

    def _open(self) -> Engine:
        if self._engine is None:
            self._engine = self._graph.open()
        return self._engine


def _in_threads(work: Callable[[list[int]], list[int]], chunks: list[list[int]]) -> Iterator[list[int]]:
    """Each chunk when it is done, a few ahead of the caller, so that an error or a stop ends the work at once."""
    threads = os.cpu_count() or 1
    coming = iter(chunks)
    if first := next(coming, None):
        yield work(first)  # opens the engine once
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(work, chunk) for chunk in islice(coming, 2 * threads)]
        try:
            while running:
                yield running.pop(0).result()
                running += [pool.submit(work, chunk) for chunk in islice(coming, 1)]
        finally:
            for future in running:
                future.cancel()
