"""What a split would give before anything trains on it: sizes, what a side lacks, what leaks."""

from dataclasses import dataclass
from datetime import timedelta

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
    """A split in figures."""

    split: Split
    sides: pd.DataFrame  # SIDE_COLUMNS
    classes: pd.DataFrame  # photographs of every label (rows) on every side (columns)
    leaks: pd.DataFrame  # LEAK_COLUMNS, the nearest first; at most GAP_SECONDS apart
    species_not_in_train: tuple[str, ...]  # in id_val, val or test, so no model can learn them
    labels_only_in_test: tuple[str, ...]
    left_out: int  # photographs, labelled or not, that take no part

    @property
    def tests_new_cameras(self) -> bool:
        """Whether validation and test hold photographs, and none of a camera that train has seen."""
        judging = self.sides[self.sides["side"].isin([Side.VAL, Side.TEST])]
        return bool(judging["photographs"].sum() and not judging["locations_in_train"].sum())


def preview_split(index: pd.DataFrame, spec: SplitSpec) -> SplitPreview:
    """The figures of the split that training would use. Raises `DataError` as `make_split` does."""
    split = make_split(index, spec)
    takes_part = split.sides.notna()
    part = index.loc[takes_part, ["label", "role", "location", "taken_at"]].assign(
        side=split.sides[takes_part], sequence=sequence_of(index)[takes_part]
    )
    leaks = _leaks(part, index["image_id"])
    classes = part.groupby(["label", "side"], observed=False).size().unstack()
    classes = classes[classes.sum(axis="columns") > 0].rename_axis(columns=None)
    animals = classes[classes.index.isin(part.loc[part["role"] == LabelRole.ANIMAL, "label"].unique())]
    return SplitPreview(
        split=split,
        sides=_sides(part, animals, leaks),
        classes=classes,
        leaks=leaks,
        species_not_in_train=tuple(sorted(animals.index[animals[Side.TRAIN] == 0])),
        labels_only_in_test=tuple(sorted(classes.index[classes[Side.TEST] == classes.sum(axis="columns")])),
        left_out=len(index) - len(part),
    )


def _sides(part: pd.DataFrame, animals: pd.DataFrame, leaks: pd.DataFrame) -> pd.DataFrame:
    by_side = part.assign(empty=part["role"] == LabelRole.EMPTY).groupby("side", observed=False)
    sides = by_side.agg(photographs=("empty", "size"), empty_share=("empty", "mean"))
    sides["share"] = sides["photographs"] / len(part)
    sides["species"] = (animals > 0).sum()
    sides["species_not_in_train"] = (animals[animals[Side.TRAIN] == 0] > 0).sum()
    for name in ("location", "sequence"):
        counts: pd.DataFrame = part.groupby([name, "side"], observed=True).size().unstack()  # type: ignore[assignment]
        there = counts.reindex(columns=list(Side)).notna()
        sides[f"{name}s"] = there.sum()
        sides[f"{name}s_in_train"] = there[there[Side.TRAIN]].sum()
    sides["near_train"] = leaks["side"].value_counts()
    return sides.reset_index()[list(SIDE_COLUMNS)]


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
