"""Scores of evaluated tables over several seeds, with paired bootstrap by location."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wildcam.counting import counted
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap, LocationCounts, mean_of
from wildcam.evaluation.ground_truth import Outcome
from wildcam.profile.long_tail import Band, band

ACCURACY, MACRO_F1 = "accuracy", "macro-F1"
FEW_LOCATIONS = 20
"""Bootstrap intervals over fewer clusters cover the true value less often than claimed (Cameron et al. 2008)."""

WHERE = {
    SplitPolicy.RANDOM: "a random split",
    SplitPolicy.LOCATION: "new locations",
    SplitPolicy.SEQUENCE: "other bursts",
    SplitPolicy.GIVEN: "the source's own split",
}
"""What a model is evaluated on by each split, in words."""


@dataclass(frozen=True)
class Scorer:
    """Of images that every table holds in the same order, so that draws of locations are the same for all."""

    bootstrap: LocationBootstrap
    classes: tuple[str, ...]  # of the ground truth
    bands: dict[str, np.ndarray]  # of the classes, bool, (C,)

    @classmethod
    def of(cls, scored: pd.DataFrame, train_sizes: pd.Series | None, seed: int = 0) -> "Scorer":
        """`train_sizes`: training images of each class, for head, middle and tail; none for stage 1, which has
        no tail. `seed`: of the draws.
        """
        classes = sorted(scored["ground_truth"].unique())
        bands = {}
        if train_sizes is not None:
            named = band(pd.Series([int(train_sizes.get(name, 0)) for name in classes]))
            present = [str(name) for name in Band if (named == str(name)).any()]
            bands = {name: (named == name).to_numpy() for name in present}
        return cls(LocationBootstrap(scored["location"], seed=seed), tuple(classes), bands)

    def scores(self, tables: Sequence[pd.DataFrame]) -> dict[str, BootstrapEstimate]:
        """Accuracy, macro-F1, and macro-F1 of each part of the tail; of a table a seed the mean."""
        found = [self._of_one(table) for table in tables]
        return {name: mean_of([scores[name] for scores in found]) for name in found[0]}

    def _of_one(self, table: pd.DataFrame) -> dict[str, BootstrapEstimate]:
        names = pd.Index(self.classes)
        ground_truth, predicted = names.get_indexer(table["ground_truth"]), names.get_indexer(table["label"])
        count = len(self.classes)
        return {
            ACCURACY: self.bootstrap.mean((table["outcome"] == Outcome.CORRECT).to_numpy(float)),
            MACRO_F1: self.bootstrap.macro_f1(ground_truth, predicted, count),
            **{
                f"{MACRO_F1}, {name}": self.bootstrap.macro_f1(ground_truth, predicted, count, among)
                for name, among in self.bands.items()
            },
        }


def evaluated_on(scored: pd.DataFrame, subset: str, policy: str) -> str:
    """Which images, in words; and whether there are too few locations to trust an interval that is drawn from them."""
    counts = LocationCounts.of(scored["location"])
    few = " (few locations, so the intervals are rather too narrow)" if counts.clusters < FEW_LOCATIONS else ""
    return f"{counted(len(scored), 'photo')} of {counts.describe()}{few}, subset {subset} of the {policy} split"
