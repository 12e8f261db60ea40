"""A split before anything trains on it: sizes, species that training lacks, leakage."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.sequences import GAP_SECONDS, SEQUENCE_COLUMNS, sequence_of
from wildcam.data.splits import Split, SplitSpec, Subset, make_split

SUBSET_COLUMNS = (
    "subset",  # Subset
    "images",
    "share",  # of the images in a subset, 0–1
    "empty_share",  # of the subset's images, 0–1; NaN for an empty subset
    "species",
    "species_not_in_train",
    "locations",
    "locations_in_train",  # locations of this subset that are also in train
    "sequences",
    "sequences_in_train",  # bursts with a frame in train
    "near_train",  # images taken within GAP_SECONDS of one in train, at the same location
)
"""Columns of a table of subsets, in the order of `Subset`."""

LEAK_COLUMNS = ("image_id", "subset", "location", "train_image_id", "seconds")
"""Columns of a table of leaks: an evaluation image, and the image of train nearest in time at the same location."""


@dataclass(frozen=True)
class SplitPreview:
    """The figures of a split, each computed on first use."""

    split: Split
    index: pd.DataFrame  # the catalog's table

    @property
    def tests_new_locations(self) -> bool:
        """Whether validation and test hold images, and none at a location that train has seen."""
        evaluation = self.subsets[self.subsets["subset"].isin([Subset.VAL, Subset.TEST])]
        return bool(evaluation["images"].sum() and not evaluation["locations_in_train"].sum())

    @property
    def species_not_in_train(self) -> tuple[str, ...]:
        """Species of id_val, val or test alone: no model can learn them."""
        return tuple(sorted(self._species.index[self._species[Subset.TRAIN] == 0]))

    @property
    def labels_only_in_test(self) -> tuple[str, ...]:
        """Labels that no other subset has."""
        return tuple(sorted(self.classes.index[self.classes[Subset.TEST] == self.classes.sum(axis="columns")]))

    @property
    def left_out(self) -> int:
        """Images, labelled or not, that are in no subset."""
        return int(self.split.subsets.isna().sum())

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Images of every label (rows) in every subset (columns)."""
        counts = self._assigned.groupby(["label", "subset"], observed=False).size().unstack()
        return counts[counts.sum(axis="columns") > 0].rename_axis(columns=None)

    @cached_property
    def subsets(self) -> pd.DataFrame:
        """A row for each subset, `SUBSET_COLUMNS`."""
        assigned = self._assigned
        by_subset = assigned.assign(empty=assigned["role"] == LabelRole.EMPTY).groupby("subset", observed=False)
        subsets = by_subset.agg(images=("empty", "size"), empty_share=("empty", "mean"))
        subsets["share"] = subsets["images"] / len(assigned)
        subsets["species"] = (self._species > 0).sum()
        subsets["species_not_in_train"] = (self._species[self._species[Subset.TRAIN] == 0] > 0).sum()
        groups = {"locations": assigned["location"].cat.codes, "sequences": sequence_of(assigned)}
        for name, numbers in groups.items():
            occurs = _presence(numbers.to_numpy(), assigned["subset"])
            subsets[name] = occurs.sum()
            subsets[f"{name}_in_train"] = occurs[occurs[Subset.TRAIN]].sum()
        subsets["near_train"] = self.leaks["subset"].value_counts()
        return subsets.reset_index()[list(SUBSET_COLUMNS)]

    @cached_property
    def leaks(self) -> pd.DataFrame:
        """Pairs of images that are at most `GAP_SECONDS` apart, `LEAK_COLUMNS`, the nearest first."""
        return _leaks(self._assigned, self.index["image_id"])

    @cached_property
    def _assigned(self) -> pd.DataFrame:
        """The images that are in a subset."""
        in_a_subset = self.split.subsets.notna()
        columns = ["label", "role", *SEQUENCE_COLUMNS]
        return self.index.loc[in_a_subset, columns].assign(subset=self.split.subsets[in_a_subset])

    @property
    def _species(self) -> pd.DataFrame:
        """The rows of `classes` that are animals."""
        animals = self._assigned.loc[self._assigned["role"] == LabelRole.ANIMAL, "label"].unique()
        return self.classes[self.classes.index.isin(animals)]


def preview_split(index: pd.DataFrame, spec: SplitSpec) -> SplitPreview:
    """The figures of the split that training would use. Raises `DataError` as `make_split` does."""
    return SplitPreview(make_split(index, spec), index)


def _presence(numbers: np.ndarray, subsets: pd.Series) -> pd.DataFrame:
    """Whether each location or burst (rows, by number; -1 is none) has an image in each subset (columns)."""
    occurs = np.zeros((numbers.max(initial=-1) + 2, len(Subset)), dtype=bool)
    occurs[numbers, subsets.cat.codes] = True
    return pd.DataFrame(occurs[:-1], columns=list(map(str, Subset)))


def _leaks(assigned: pd.DataFrame, image_ids: pd.Series) -> pd.DataFrame:
    """Every evaluation image with its nearest in train, if near. `image_ids`: of all rows, by row."""
    timed = (
        assigned[["subset", "location", "taken_at"]].dropna().sort_values("taken_at").rename_axis("row").reset_index()
    )
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
