"""Scores of judged tables over several seeds, drawn by camera in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wildcam.data.profile.long_tail import Band, band
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import ByLocation, Drawn, mean_of
from wildcam.evaluation.truth import RIGHT

ACCURACY, MACRO_F1 = "accuracy", "macro-F1"
FEW_CAMERAS = 20
"""A bootstrap over fewer clusters gives ranges that hold the truth less often than they say (Cameron et al. 2008)."""

WHERE = {
    SplitPolicy.RANDOM: "a random split", SplitPolicy.LOCATION: "new cameras", SplitPolicy.SEQUENCE: "other bursts",
    SplitPolicy.GIVEN: "the given sides",
}  # fmt: skip
"""What a model is judged on by each split, in words."""


@dataclass(frozen=True)
class Scorer:
    """Of photographs that every table holds in the same order, so that draws of cameras are the same for all."""

    cameras: ByLocation
    classes: tuple[str, ...]  # that the truth shows
    bands: dict[str, np.ndarray]  # of the classes, bool, (C,)

    @classmethod
    def of(cls, judged: pd.DataFrame, train_sizes: pd.Series | None, seed: int = 0) -> "Scorer":
        """`train_sizes`: photographs of each class that training had, for head, middle and tail; none for stage 1, which has
        no tail. `seed`: of the draws.
        """
        classes = sorted(judged["truth"].unique())
        bands = {}
        if train_sizes is not None:
            named = band(pd.Series([int(train_sizes.get(name, 0)) for name in classes]))
            present = [str(name) for name in Band if (named == str(name)).any()]
            bands = {name: (named == name).to_numpy() for name in present}
        return cls(ByLocation(judged["location"].to_numpy(), seed=seed), tuple(classes), bands)

    def scores(self, tables: Sequence[pd.DataFrame]) -> dict[str, Drawn]:
        """Accuracy, macro-F1, and macro-F1 of each part of the tail; of a table a seed the mean."""
        found = [self._of_one(table) for table in tables]
        return {name: mean_of([scores[name] for scores in found]) for name in found[0]}

    def _of_one(self, table: pd.DataFrame) -> dict[str, Drawn]:
        names = pd.Index(self.classes)
        truth, said = names.get_indexer(table["truth"]), names.get_indexer(table["label"])
        count = len(self.classes)
        return {
            ACCURACY: self.cameras.mean((table["outcome"] == RIGHT).to_numpy(float)),
            MACRO_F1: self.cameras.macro_f1(truth, said, count),
            **{
                f"{MACRO_F1}, {name}": self.cameras.macro_f1(truth, said, count, chosen)
                for name, chosen in self.bands.items()
            },
        }


def judged_on(judged: pd.DataFrame, side: str, policy: str) -> str:
    """Which photographs, in words; and whether there are too few cameras to trust a range that is drawn from them."""
    cameras = judged["location"].replace("", pd.NA).nunique()
    few = " (few to draw from, so ranges are rather too narrow)" if cameras < FEW_CAMERAS else ""
    return f"{len(judged):,} photographs of {cameras:,} cameras{few}, side {side} of the {policy} split"
