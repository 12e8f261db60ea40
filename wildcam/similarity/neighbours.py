"""Feature vectors to what is near what: neighbours, a plane, groups. Arrays in, arrays out."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

COMPONENTS = 128
"""Main components that similarities are taken in: of 1,280 features most are of no use and cost time."""
NEIGHBOURS = 24
PHOTOS_A_GROUP = 40
"""On average: about a screen of photos that are reviewed together."""

_SAMPLE = 20_000  # photos that main components and groups are learned from
_BLOCK = 1_000  # rows of similarities in memory at once

Progress = Callable[[int, int], None]
"""Done and total; what it raises ends the work."""


def main_components(features: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """(N, F) to (N, C): the C ≤ `COMPONENTS` directions with most variance, each row of length 1.

    Of many rows a sample decides on the directions. Similarity is then the product of two rows (cosine).
    """
    centre = features.mean(axis=0)
    directions = _directions(features[_sample(len(features), seed)] - centre, COMPONENTS)
    reduced = (features - centre) @ directions
    lengths = np.linalg.norm(reduced, axis=1, keepdims=True)
    return np.asarray(reduced / np.maximum(lengths, 1e-12), np.float32)


def nearest(
    vectors: NDArray[np.float32], count: int = NEIGHBOURS, progress: Progress = lambda done, total: None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Each row's nearest others, the nearest first: positions (N, K) and similarities (N, K), K ≤ `count`. Exact.

    It takes time by the square of N and memory by N. `vectors`: (N, C), of length 1.
    """
    count = min(count, len(vectors) - 1)
    positions = np.empty((len(vectors), count), np.int32)
    similarities = np.empty((len(vectors), count), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf  # itself
        best = np.argpartition(block, -count, axis=1)[:, -count:]
        order = np.argsort(-np.take_along_axis(block, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
        positions[start : start + len(block)] = best
        similarities[start : start + len(block)] = np.take_along_axis(block, best, axis=1)
        progress(start + len(block), len(vectors))
    return positions, similarities


def plane(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """(N, C) to (N, 2): the two main components, the honest map, since distances in it mean something."""
    centred = vectors - vectors.mean(axis=0)
    flat = centred @ _directions(centred[_sample(len(vectors), seed)], 2)
    return np.asarray(np.pad(flat, ((0, 0), (0, 2 - flat.shape[1]))), np.float32)


def groups(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.int32]:
    """The group of each row, (N,), by k-means; the largest group has the number 0."""
    from sklearn.cluster import MiniBatchKMeans  # seconds to import, of use in a job only

    wanted = max(1, len(vectors) // PHOTOS_A_GROUP)
    means = MiniBatchKMeans(wanted, random_state=seed, n_init=1).fit(vectors[_sample(len(vectors), seed)])
    found = means.predict(vectors)
    numbers, sizes = np.unique(found, return_counts=True)
    by_size = np.empty(numbers.max() + 1, np.int32)
    by_size[numbers[np.argsort(-sizes, kind="stable")]] = np.arange(len(numbers))
    return by_size[found]


def _directions(centred: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The directions with most variance, most first: (F, C), C ≤ `count`."""
    _, vectors = np.linalg.eigh(centred.T @ centred)  # ascending
    return np.ascontiguousarray(vectors[:, ::-1][:, :count])


def _sample(size: int, seed: int) -> NDArray[np.int64]:
    if size <= _SAMPLE:
        return np.arange(size)
    return np.sort(np.random.default_rng(seed).choice(size, _SAMPLE, replace=False))
