"""What a split would give before anything trains on it: sizes, what a side lacks, what leaks."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.sequences import GAP_SECONDS, sequence_of
from wildcam.data.splits import Split, SplitSpec, Subset, make_split

SUBSET_COLUMNS = (
    "subset",  # Side
    "images",
    "share",  # of the images that take part, 0–1
    "empty_share",  # of the side's images, 0–1; NaN on an empty side
    "species",
    "species_not_in_train",
    "locations",
    "locations_in_train",  # cameras of this side that train has seen
    "sequences",
    "sequences_in_train",  # bursts with a frame in train
    "near_train",  # images taken within GAP_SECONDS of one in train, by the same camera
)
"""Columns of a table of sides, in the order of `Side`."""

LEAK_COLUMNS = ("image_id", "subset", "location", "train_image_id", "seconds")
"""Columns of a table of leaks: a judged image and the one in train that is nearest in time at the same camera."""


@dataclass(frozen=True)
class SplitPreview:
    """A split in figures, each worked out when it is first asked for."""

    split: Split
    index: pd.DataFrame  # the catalog's table

    @property
    def tests_new_locations(self) -> bool:
        """Whether validation and test hold images, and none of a camera that train has seen."""
        judging = self.subsets[self.subsets["subset"].isin([Subset.VAL, Subset.TEST])]
        return bool(judging["images"].sum() and not judging["locations_in_train"].sum())

    @property
    def species_not_in_train(self) -> tuple[str, ...]:
        """Species of id_val, val or test alone: no model can learn them."""
        return tuple(sorted(self._species.index[self._species[Subset.TRAIN] == 0]))

    @property
    def labels_only_in_test(self) -> tuple[str, ...]:
        """Labels that no other side holds."""
        return tuple(sorted(self.classes.index[self.classes[Subset.TEST] == self.classes.sum(axis="columns")]))

    @property
    def left_out(self) -> int:
        """Images, labelled or not, that take no part."""
        return int(self.split.subsets.isna().sum())

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Images of every label (rows) on every side (columns)."""
        counts = self._part.groupby(["label", "subset"], observed=False).size().unstack()
        return counts[counts.sum(axis="columns") > 0].rename_axis(columns=None)

    @cached_property
    def subsets(self) -> pd.DataFrame:
        """A row a side, `SUBSET_COLUMNS`."""
        part = self._part
        by_subset = part.assign(empty=part["role"] == LabelRole.EMPTY).groupby("subset", observed=False)
        subsets = by_subset.agg(images=("empty", "size"), empty_share=("empty", "mean"))
        subsets["share"] = subsets["images"] / len(part)
        subsets["species"] = (self._species > 0).sum()
        subsets["species_not_in_train"] = (self._species[self._species[Subset.TRAIN] == 0] > 0).sum()
        groups = {"locations": part["location"].cat.codes, "sequences": sequence_of(part)}
        for name, numbers in groups.items():
            there = _presence(numbers.to_numpy(), part["subset"])
            subsets[name] = there.sum()
            subsets[f"{name}_in_train"] = there[there[Subset.TRAIN]].sum()
        subsets["near_train"] = self.leaks["subset"].value_counts()
        return subsets.reset_index()[list(SUBSET_COLUMNS)]

    @cached_property
    def leaks(self) -> pd.DataFrame:
        """Pairs of images that are at most `GAP_SECONDS` apart, `LEAK_COLUMNS`, the nearest first."""
        return _leaks(self._part, self.index["image_id"])

    @cached_property
    def _part(self) -> pd.DataFrame:
        """The images that take part."""
        takes_part = self.split.subsets.notna()
        columns = ["label", "role", "location", "taken_at", "sequence_id", "path"]
        return self.index.loc[takes_part, columns].assign(subset=self.split.subsets[takes_part])

    @property
    def _species(self) -> pd.DataFrame:
        """The rows of `classes` that are animals."""
        animals = self._part.loc[self._part["role"] == LabelRole.ANIMAL, "label"].unique()
        return self.classes[self.classes.index.isin(animals)]


def preview_split(index: pd.DataFrame, spec: SplitSpec) -> SplitPreview:
    """The split that training would use, in figures. Raises `DataError` as `make_split` does."""
    return SplitPreview(make_split(index, spec), index)


def _presence(numbers: np.ndarray, subsets: pd.Series) -> pd.DataFrame:
    """Whether each camera or burst (rows, by number; -1 is none) has an image on each side (columns)."""
    there = np.zeros((numbers.max(initial=-1) + 2, len(Subset)), dtype=bool)
    there[numbers, subsets.cat.codes] = True
    return pd.DataFrame(there[:-1], columns=list(map(str, Subset)))


def _leaks(part: pd.DataFrame, image_ids: pd.Series) -> pd.DataFrame:
    """Every judged image with its nearest in train, where that is near. `image_ids`: of all rows, by row."""
    timed = part[["subset", "location", "taken_at"]].dropna().sort_values("taken_at").rename_axis("row").reset_index()
    in_train = timed["subset"] == Subset.TRAIN
    train = timed.loc[in_train, ["row", "location", "taken_at"]]
    train = train.rename(columns={"row": "train_row"}).assign(train_taken_at=train["taken_at"])
    pairs = pd.merge_asof(
        timed[~in_train],
        train,
        on="taken_at",
        by="location",
        direction="nearest",
        tolerance=timedelta(seconds=GAP_SECONDS),
    ).dropna(subset=["train_row"])
    seconds = (pairs["taken_at"] - pairs["train_taken_at"]).abs().dt.total_seconds()
    return pairs.assign(
        image_id=image_ids.loc[pairs["row"]].array,
        train_image_id=image_ids.loc[pairs["train_row"].astype("int64")].array,
        seconds=seconds,
    ).sort_values("seconds", kind="stable", ignore_index=True)[list(LEAK_COLUMNS)]
