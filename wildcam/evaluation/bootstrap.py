"""Confidence intervals of scores, where images of one location are not independent: locations are drawn, not images.

The percentile bootstrap over clusters (Efron and Tibshirani 1993, chapters 8 and 13).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.counting import counted

DRAWS = 1_000
LEVEL = 0.95


@dataclass(frozen=True)
class ConfidenceInterval:
    """A score with its confidence interval at `LEVEL`."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Of a difference: whether it is decided which is larger.

        One location gives no interval, and decides nothing.
        """
        return self.low < self.high and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class BootstrapEstimate:
    """A score on all images, and on each draw of locations, (D,). Those of one `LocationBootstrap` are paired."""

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


@dataclass(frozen=True)
class LocationCounts:
    """How many clusters intervals are drawn from: the locations, and one more of the images without a location."""

    locations: int
    images_without_location: int

    @classmethod
    def of(cls, locations: pd.Series) -> "LocationCounts":
        """`locations`: of each image; "" or missing where unknown."""
        known = locations[locations.notna() & (locations != "")]
        return cls(int(known.nunique()), len(locations) - len(known))

    @property
    def clusters(self) -> int:
        """Locations to draw from."""
        return self.locations + (self.images_without_location > 0)

    def describe(self, unit: str = "photo") -> str:
        """In words. `unit`: what an image stands for, in the singular."""
        named = counted(self.locations, "location")
        count = self.images_without_location
        if not count:
            return named
        return f"{named}, plus {counted(count, unit)} without one, treated as one location in the intervals"


class LocationBootstrap:
    """Draws of locations with replacement, the same for every score and model that is evaluated on these images."""

    def __init__(self, locations: pd.Series, *, draws: int = DRAWS, seed: int = 0) -> None:
        """`locations`: of each image, (N,); "" or missing where unknown. All those without one are one cluster."""
        self.counts = LocationCounts.of(locations)
        names = locations.astype(object).where(locations.notna(), "").astype(str)
        _, self._cluster = np.unique(names.to_numpy(), return_inverse=True)
        clusters = self.counts.clusters
        random = np.random.default_rng(seed)
        shares = np.full(clusters, 1 / max(clusters, 1))
        self._weights = random.multinomial(clusters, shares, draws)  # (D, L): how often each cluster was drawn

    def mean(self, values: NDArray[np.float64]) -> BootstrapEstimate:
        """Of a value an image, (N,): an accuracy, a difference of two."""
        sums, counts = self._per_cluster(values), self._per_cluster(np.ones(len(values)))
        return BootstrapEstimate(float(values.mean()), (self._weights @ sums) / (self._weights @ counts))

    def macro_f1(
        self,
        ground_truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        classes: int,
        among: NDArray[np.bool_] | None = None,
    ) -> BootstrapEstimate:
        """Mean F1 over the classes in the ground truth of each draw. Positions, (N,); -1 is none of the classes.

        `among`: bool, (C,): only these classes count, as those of the tail.
        """
        counts = self._counts(ground_truth, predicted, classes)
        wanted = np.ones(classes, bool) if among is None else among
        support, named, hits = (np.vstack([count.sum(axis=0), self._weights @ count]) for count in counts)  # (1 + D, C)
        whole, *draws = _macro_f1(support, named, hits, wanted)
        return BootstrapEstimate(float(whole), np.array(draws))

    def _per_cluster(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self._cluster, weights=values, minlength=self.counts.clusters).astype(np.float64)

    def _counts(
        self, ground_truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Images that show, that are predicted, and that are rightly predicted as each class. (L, C) each"""

        def count(chosen: NDArray[np.bool_], positions: NDArray[np.int64]) -> NDArray[np.int64]:
            flat = self._cluster[chosen] * classes + positions[chosen]
            clusters = self.counts.clusters
            return np.bincount(flat, minlength=clusters * classes).reshape(clusters, classes)

        return (
            count(ground_truth >= 0, ground_truth),
            count(predicted >= 0, predicted),
            count((ground_truth == predicted) & (ground_truth >= 0), ground_truth),
        )


def _macro_f1(
    support: NDArray[np.int64], named: NDArray[np.int64], hits: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(D, C) each, and (C,) → (D,)"""
    f1 = 2 * hits / np.maximum(support + named, 1)
    present = (support > 0) & wanted
    return np.asarray((f1 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1))
