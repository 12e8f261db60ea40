"""How sure a score is, when images of one camera are not independent: cameras are drawn, not images.

The percentile bootstrap over clusters (Efron and Tibshirani 1993, chapters 8 and 13).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000
LEVEL = 0.95


@dataclass(frozen=True)
class ConfidenceInterval:
    """A score with the range that holds it at `LEVEL`."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Of a difference: whether it is decided which is larger. One camera gives no range, and decides nothing."""
        return self.low < self.high and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class BootstrapEstimate:
    """A score on all images, and on each draw of cameras, (D,). Those of one `LocationBootstrap` are paired."""

    value: float
    draws: NDArray[np.float64]

    def __sub__(self, other: "BootstrapEstimate") -> "BootstrapEstimate":
        return BootstrapEstimate(self.value - other.value, self.draws - other.draws)

    @property
    def interval(self) -> ConfidenceInterval:
        """The percentiles of the draws."""
        low, high = np.quantile(self.draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return ConfidenceInterval(self.value, float(low), float(high))


def mean_of(scores: Sequence[BootstrapEstimate]) -> BootstrapEstimate:
    """Over repetitions on the same images, such as seeds; at least one."""
    return BootstrapEstimate(
        float(np.mean([score.value for score in scores])), np.mean([score.draws for score in scores], axis=0)
    )


class LocationBootstrap:
    """Draws of cameras with replacement, the same for every score and model that is judged on these images."""

    def __init__(self, locations: NDArray[np.object_], *, draws: int = DRAWS, seed: int = 0) -> None:
        """`locations`: (N,), the camera of each image; one without a camera is a camera of its own."""
        names = np.array([str(name) or f"\0{number}" for number, name in enumerate(locations)])
        _, self._place = np.unique(names, return_inverse=True)
        self.locations = int(self._place.max(initial=-1)) + 1
        random = np.random.default_rng(seed)
        shares = np.full(self.locations, 1 / max(self.locations, 1))
        self._weights = random.multinomial(self.locations, shares, draws)  # (D, L): how often each camera was drawn

    def mean(self, values: NDArray[np.float64]) -> BootstrapEstimate:
        """Of a value an image, (N,): an accuracy, a difference of two."""
        sums, counts = self._per_location(values), self._per_location(np.ones(len(values)))
        return BootstrapEstimate(float(values.mean()), (self._weights @ sums) / (self._weights @ counts))

    def macro_f1(
        self,
        ground_truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        classes: int,
        among: NDArray[np.bool_] | None = None,
    ) -> BootstrapEstimate:
        """Mean F1 over the classes present in the truth of each draw. Positions, (N,); -1 is none of the classes.

        `among`: bool, (C,): only these classes count, as those of the tail.
        """
        counts = self._counts(ground_truth, predicted, classes)
        wanted = np.ones(classes, bool) if among is None else among
        shown, called, right = (np.vstack([count.sum(axis=0), self._weights @ count]) for count in counts)  # (1 + D, C)
        whole, *draws = _macro_f1(shown, called, right, wanted)
        return BootstrapEstimate(float(whole), np.array(draws))

    def _per_location(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self._place, weights=values, minlength=self.locations).astype(np.float64)

    def _counts(
        self, ground_truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Images that show, that are called, and that are rightly called each class. (L, C) each"""

        def count(chosen: NDArray[np.bool_], positions: NDArray[np.int64]) -> NDArray[np.int64]:
            flat = self._place[chosen] * classes + positions[chosen]
            return np.bincount(flat, minlength=self.locations * classes).reshape(self.locations, classes)

        return (
            count(ground_truth >= 0, ground_truth),
            count(predicted >= 0, predicted),
            count((ground_truth == predicted) & (ground_truth >= 0), ground_truth),
        )


def _macro_f1(
    shown: NDArray[np.int64], called: NDArray[np.int64], right: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(D, C) each, and (C,) → (D,)"""
    f1 = 2 * right / np.maximum(shown + called, 1)
    present = (shown > 0) & wanted
    return np.asarray((f1 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1))
