"""What a split would give before anything trains on it: sizes, what a side lacks, what leaks."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.sequences import GAP_SECONDS, sequence_of
from wildcam.data.splits import Side, Split, SplitSpec, make_split

SIDE_COLUMNS = (
    "side",  # Side
    "photographs",
    "share",  # of the photographs that take part, 0–1
    "empty_share",  # of the side's photographs, 0–1; NaN on an empty side
    "species",
    "species_not_in_train",
    "locations",
    "locations_in_train",  # cameras of this side that train has seen
    "sequences",
    "sequences_in_train",  # bursts with a frame in train
    "near_train",  # photographs taken within GAP_SECONDS of one in train, by the same camera
)
"""Columns of a table of sides, in the order of `Side`."""

LEAK_COLUMNS = ("image_id", "side", "location", "train_image_id", "seconds")
"""Columns of a table of leaks: a judged photograph and the one in train that is nearest in time at the same camera."""


@dataclass(frozen=True)
class SplitPreview:
    """A split in figures, each worked out when it is first asked for."""

    split: Split
    index: pd.DataFrame  # the catalog's table

    @property
    def tests_new_cameras(self) -> bool:
        """Whether validation and test hold photographs, and none of a camera that train has seen."""
        judging = self.sides[self.sides["side"].isin([Side.VAL, Side.TEST])]
        return bool(judging["photographs"].sum() and not judging["locations_in_train"].sum())

    @property
    def species_not_in_train(self) -> tuple[str, ...]:
        """Species of id_val, val or test alone: no model can learn them."""
        return tuple(sorted(self._species.index[self._species[Side.TRAIN] == 0]))

    @property
    def labels_only_in_test(self) -> tuple[str, ...]:
        """Labels that no other side holds."""
        return tuple(sorted(self.classes.index[self.classes[Side.TEST] == self.classes.sum(axis="columns")]))

    @property
    def left_out(self) -> int:
        """Photographs, labelled or not, that take no part."""
        return int(self.split.sides.isna().sum())

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Photographs of every label (rows) on every side (columns)."""
        counts = self._part.groupby(["label", "side"], observed=False).size().unstack()
        return counts[counts.sum(axis="columns") > 0].rename_axis(columns=None)

    @cached_property
    def sides(self) -> pd.DataFrame:
        """A row a side, `SIDE_COLUMNS`."""
        part = self._part
        by_side = part.assign(empty=part["role"] == LabelRole.EMPTY).groupby("side", observed=False)
        sides = by_side.agg(photographs=("empty", "size"), empty_share=("empty", "mean"))
        sides["share"] = sides["photographs"] / len(part)
        sides["species"] = (self._species > 0).sum()
        sides["species_not_in_train"] = (self._species[self._species[Side.TRAIN] == 0] > 0).sum()
        groups = {"locations": part["location"].cat.codes, "sequences": sequence_of(part)}
        for name, numbers in groups.items():
            there = _presence(numbers.to_numpy(), part["side"])
            sides[name] = there.sum()
            sides[f"{name}_in_train"] = there[there[Side.TRAIN]].sum()
        sides["near_train"] = self.leaks["side"].value_counts()
        return sides.reset_index()[list(SIDE_COLUMNS)]

    @cached_property
    def leaks(self) -> pd.DataFrame:
        """Pairs of photographs that are at most `GAP_SECONDS` apart, `LEAK_COLUMNS`, the nearest first."""
        return _leaks(self._part, self.index["image_id"])

    @cached_property
    def _part(self) -> pd.DataFrame:
        """The photographs that take part."""
        takes_part = self.split.sides.notna()
        columns = ["label", "role", "location", "taken_at", "sequence_id", "path"]
        return self.index.loc[takes_part, columns].assign(side=self.split.sides[takes_part])

    @property
    def _species(self) -> pd.DataFrame:
        """The rows of `classes` that are animals."""
        animals = self._part.loc[self._part["role"] == LabelRole.ANIMAL, "label"].unique()
        return self.classes[self.classes.index.isin(animals)]


def preview_split(index: pd.DataFrame, spec: SplitSpec) -> SplitPreview:
    """The split that training would use, in figures. Raises `DataError` as `make_split` does."""
    return SplitPreview(make_split(index, spec), index)


def _presence(numbers: np.ndarray, sides: pd.Series) -> pd.DataFrame:
    """Whether each camera or burst (rows, by number; -1 is none) has a photograph on each side (columns)."""
    there = np.zeros((numbers.max(initial=-1) + 2, len(Side)), dtype=bool)
    there[numbers, sides.cat.codes] = True
    return pd.DataFrame(there[:-1], columns=list(map(str, Side)))


def _leaks(part: pd.DataFrame, image_ids: pd.Series) -> pd.DataFrame:
    """Every judged photograph with its nearest in train, where that is near. `image_ids`: of all rows, by row."""
    timed = part[["side", "location", "taken_at"]].dropna().sort_values("taken_at").rename_axis("row").reset_index()
    in_train = timed["side"] == Side.TRAIN
    train = timed.loc[in_train, ["row", "location", "taken_at"]]
    train = train.rename(columns={"row": "train_row"}).assign(train_taken_at=train["taken_at"])
    pairs = pd.merge_asof(
        timed[~in_train], train, on="taken_at", by="location", direction="nearest",
        tolerance=timedelta(seconds=GAP_SECONDS),
    ).dropna(subset=["train_row"])  # fmt: skip
    seconds = (pairs["taken_at"] - pairs["train_taken_at"]).abs().dt.total_seconds()
    return pairs.assign(
        image_id=image_ids.loc[pairs["row"]].array,
        train_image_id=image_ids.loc[pairs["train_row"].astype("int64")].array,
        seconds=seconds,
    ).sort_values("seconds", kind="stable", ignore_index=True)[list(LEAK_COLUMNS)]
