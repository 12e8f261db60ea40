"""What a split would give before anything trains on it: sizes, what a side lacks, what leaks."""

from dataclasses import dataclass

import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.sequences import sequence_of
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
)
"""Columns of a table of sides, in the order of `Side`."""


@dataclass(frozen=True)
class SplitPreview:
    """A split in figures."""

    split: Split
    sides: pd.DataFrame  # SIDE_COLUMNS
    species_not_in_train: tuple[str, ...]  # in id_val, val or test, so no model can learn them
    left_out: int  # photographs, labelled or not, that take no part

    @property
    def tests_new_cameras(self) -> bool:
        """Whether validation and test hold photographs, and none of a camera that train has seen."""
        judging = self.sides[self.sides["side"].isin([Side.VAL, Side.TEST])]
        return bool(judging["photographs"].sum() and not judging["locations_in_train"].sum())


def preview_split(index: pd.DataFrame, spec: SplitSpec) -> SplitPreview:
    """The figures of the split that training would use. Raises `DataError` as `make_split` does."""
    split = make_split(index, spec)
    labelled = index[index["label"].notna()]
    side = labelled["image_id"].map(split.table.set_index("image_id")["side"].astype("object"))
    rows = pd.DataFrame(
        {
            "side": pd.Categorical(side, categories=list(map(str, Side))),
            "empty": labelled["role"] == LabelRole.EMPTY,
            "species": labelled["label"].where(labelled["role"] == LabelRole.ANIMAL),
            "location": labelled["location"],
            "sequence": sequence_of(labelled),
        }
    ).dropna(subset=["side"])
    train = rows[rows["side"] == Side.TRAIN]
    by_side = rows.groupby("side", observed=False)
    sides = by_side.agg(
        photographs=("empty", "size"), empty_share=("empty", "mean"), species=("species", "nunique"),
        locations=("location", "nunique"), sequences=("sequence", "nunique"),
    )  # fmt: skip
    sides["share"] = sides["photographs"] / len(rows)
    for name in ("location", "sequence"):
        seen = rows[name].where(rows[name].isin(train[name].dropna().unique()))
        sides[f"{name}s_in_train"] = seen.groupby(rows["side"], observed=False).nunique()
    lost = rows["species"].where(~rows["species"].isin(train["species"].dropna().unique()))
    sides["species_not_in_train"] = lost.groupby(rows["side"], observed=False).nunique()
    return SplitPreview(
        split=split,
        sides=sides.reset_index()[list(SIDE_COLUMNS)],
        species_not_in_train=tuple(sorted(lost.dropna().unique())),
        left_out=len(index) - len(rows),
    )
