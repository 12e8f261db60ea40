"""How sure a score is, when photographs of one camera are not independent: cameras are drawn, not photographs.

The percentile bootstrap over clusters (Efron and Tibshirani 1993, chapters 8 and 13).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A score with the range that holds it at `LEVEL`."""

    value: float
    low: float
    high: float


class ByLocation:
    """Draws of cameras with replacement, the same for every score and model that is judged on these photographs."""

    def __init__(self, locations: NDArray[np.object_], *, draws: int = DRAWS, seed: int = 0) -> None:
        """`locations`: (N,), the camera of each photograph; one without a camera is a camera of its own."""
        names = np.array([str(name) or f"\0{number}" for number, name in enumerate(locations)])
        _, self._place = np.unique(names, return_inverse=True)
        self.cameras = int(self._place.max(initial=-1)) + 1
        random = np.random.default_rng(seed)
        shares = np.full(self.cameras, 1 / max(self.cameras, 1))
        self._weights = random.multinomial(self.cameras, shares, draws)  # (D, L): how often each camera was drawn

    def mean(self, values: NDArray[np.float64]) -> Interval:
        """Of a value a photograph, (N,): an accuracy, a difference of two."""
        sums, counts = self._per_camera(values), self._per_camera(np.ones(len(values)))
        return _interval(float(values.mean()), (self._weights @ sums) / (self._weights @ counts))

    def macro_f1(self, truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> Interval:
        """Mean F1 over the classes present in the truth of each draw. Positions, (N,); -1 is none of the classes."""
        f1s = _macro_f1(*(self._weights @ counts for counts in self._counts(truth, predicted, classes)))
        whole = _macro_f1(*(counts.sum(axis=0, keepdims=True) for counts in self._counts(truth, predicted, classes)))
        return _interval(float(whole[0]), f1s)

    def _per_camera(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self._place, weights=values, minlength=self.cameras).astype(np.float64)

    def _counts(
        self, truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Photographs that show, that are called, and that are rightly called each class. (L, C) each"""

        def count(chosen: NDArray[np.bool_], positions: NDArray[np.int64]) -> NDArray[np.int64]:
            flat = self._place[chosen] * classes + positions[chosen]
            return np.bincount(flat, minlength=self.cameras * classes).reshape(self.cameras, classes)

        return (
            count(truth >= 0, truth), count(predicted >= 0, predicted), count((truth == predicted) & (truth >= 0), truth)
        )  # fmt: skip


def _macro_f1(shown: NDArray[np.int64], called: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """(D, C) each → (D,)"""
    f1 = 2 * right / np.maximum(shown + called, 1)
    present = shown > 0
    return np.asarray((f1 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1))


def _interval(value: float, draws: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))
