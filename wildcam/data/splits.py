"""Who trains and who judges: a side for every photograph, by WILDS's names.

`train` · `id_val` (cameras of train, other days) · `val` and `test` (cameras that train never saw).
Follows WILDS's iWildCam recipe (dataset_preprocessing/iwildcam/create_split.py): locations first,
then days of the remaining photographs. Cameras that the source itself keeps for testing, with
labels, stay in `test`.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.data.sequences import sequence_of
from wildcam.errors import DataError


class Side(StrEnum):
    """The sides of a split, in WILDS's names."""

    TRAIN = "train"
    ID_VAL = "id_val"
    VAL = "val"
    TEST = "test"


class SplitPolicy(StrEnum):
    """How photographs are dealt to the sides."""

    LOCATION = "location"
    SEQUENCE = "sequence"
    RANDOM = "random"
    GIVEN = "given"


GIVEN_SIDES = {
    "train": Side.TRAIN, "training": Side.TRAIN, "val": Side.VAL, "valid": Side.VAL, "validation": Side.VAL,
    "dev": Side.VAL, "test": Side.TEST, "id_val": Side.ID_VAL, "id_test": Side.TEST,
}  # fmt: skip
"""What sources call their sides. WILDS's `id_test` counts as test."""


class SplitSpec(BaseModel):
    """A policy with its numbers: the same spec on the same data gives the same split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: SplitPolicy = SplitPolicy.LOCATION
    seed: int = 0
    test_fraction: float = Field(0.15, ge=0, lt=1)
    val_fraction: float = Field(0.10, gt=0, lt=1)
    id_val_fraction: float = Field(0.07, ge=0, lt=1)
    random_val_fraction: float = Field(0.30, gt=0, lt=1)


@dataclass(frozen=True)
class Split:
    """Sides of the photographs, and what to know before trusting them."""

    spec: SplitSpec
    table: pd.DataFrame  # image_id, side; photographs that take no part are absent
    warnings: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits; runs with the same ones were judged on the same photographs."""
        lines = (self.table["image_id"].astype(str) + "," + self.table["side"].astype(str)).sort_values()
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    @property
    def validation_side(self) -> Side:
        """The side that early stopping and the best epoch are judged on: new cameras where there are any."""
        return Side.VAL if (self.table["side"] == Side.VAL).any() else Side.ID_VAL


def make_split(index: pd.DataFrame, spec: SplitSpec) -> Split:
    """Deal the labelled rows of a catalog's table to sides; rows without a label take no part.

    Raises `DataError`, with what to choose instead, where the policy needs what the data has not.
    """
    index = index[index["label"].notna()]
    if index.empty:
        raise DataError("The data set has no labelled photographs to split: import labels first.")
    sides, warnings = _POLICIES[spec.policy](index, spec)
    table = pd.DataFrame({"image_id": index["image_id"], "side": pd.Categorical(sides, categories=list(map(str, Side)))})
    table = table.dropna(subset=["side"]).reset_index(drop=True)
    counts = table["side"].value_counts()
    if not counts[Side.TRAIN] or not (counts[Side.VAL] + counts[Side.ID_VAL]):
        raise DataError(
            f"The {spec.policy} split leaves {counts[Side.TRAIN]} photographs to train and "
            f"{counts[Side.VAL] + counts[Side.ID_VAL]} to validate; both need some. "
            "Choose another policy or other fractions."
        )
    return Split(spec, table, tuple(warnings))


def _given_sides(index: pd.DataFrame) -> pd.Series:
    names = index["given_split"].astype("string").str.strip().str.lower()
    return names.map({name: str(side) for name, side in GIVEN_SIDES.items()})


def _by_location(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    locations = index["location"].astype("string")
    known = sorted(locations.dropna().unique())
    if len(known) < 3:
        raise DataError(
            f"A location split needs at least 3 camera locations; this data set has {len(known)}. "
            "Choose the split 'sequence', or import a column with locations."
        )
    rng = np.random.default_rng(spec.seed)
    test = set(locations[_given_sides(index) == Side.TEST].dropna())
    free = rng.permutation(np.array([place for place in known if place not in test], dtype=object))
    if not test:
        n_test = max(1, round(len(known) * spec.test_fraction)) if spec.test_fraction else 0
        test, free = set(free[:n_test]), free[n_test:]
    n_val = max(1, round(len(known) * spec.val_fraction))
    side_of = dict.fromkeys(test, Side.TEST) | dict.fromkeys(free[:n_val], Side.VAL)
    sides = locations.map(side_of).fillna(str(Side.TRAIN)).where(locations.notna()).to_numpy(dtype=object)
    sides = _hold_out_days(index, sides, spec.id_val_fraction, rng)
    absent = int(locations.isna().sum())
    return sides, [f"{absent:,} photographs without a location take no part."] if absent else []


def _hold_out_days(index: pd.DataFrame, sides: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """Move whole days of train's cameras to `id_val`, never a camera's only day, never half a burst."""
    in_train = pd.Series(sides == Side.TRAIN, index=index.index) & index["taken_at"].notna()
    if not fraction or not in_train.any():
        return sides
    rows = index[in_train]
    place = rows["location"].astype("string")
    # A burst over midnight belongs to the day that it began on.
    began = rows["taken_at"].groupby([place, sequence_of(rows)]).transform("min").dt.floor("D")
    days = rng.permutation(np.sort(began.unique()))
    sizes = began.value_counts().reindex(days).to_numpy()
    chosen = days[np.cumsum(sizes) <= max(sizes.min(), fraction * len(rows))]
    held = began.isin(chosen)
    keeps_some = (~held).groupby(place).transform("any")
    sides = sides.copy()
    sides[index.index.get_indexer(rows.index[held & keeps_some])] = Side.ID_VAL
    return sides


def _by_sequence(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    sequences = sequence_of(index)
    codes, names = pd.factorize(sequences, sort=True)
    rng = np.random.default_rng(spec.seed)
    order = rng.permutation(len(names))
    filled = np.cumsum(np.bincount(codes, minlength=len(names))[order]) / len(index)
    side_of = np.full(len(names), Side.TRAIN, dtype=object)
    side_of[order[filled <= spec.test_fraction + spec.val_fraction]] = Side.ID_VAL
    side_of[order[filled <= spec.test_fraction]] = Side.TEST
    warnings = ["Bursts stay whole, but the same cameras stand on all sides: expect less on new cameras."]
    if index["sequence_id"].isna().all() and index["taken_at"].isna().all():
        warnings.append("The source has neither bursts nor times: blocks of 50 consecutive files stand for bursts.")
    return side_of[codes], warnings


def _at_random(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    rng = np.random.default_rng(spec.seed)
    sides = np.where(rng.random(len(index)) < spec.random_val_fraction, Side.ID_VAL, Side.TRAIN).astype(object)
    sequences = sequence_of(index)
    torn = pd.Series(sides, index=index.index).groupby(sequences).nunique().gt(1)
    leaked = int(sequences[sides == Side.ID_VAL].isin(torn.index[torn]).sum())
    return sides, [
        f"A random split flatters: {leaked:,} of {int((sides == Side.ID_VAL).sum()):,} validation photographs have a "
        "frame of the same burst in train. Published: 0.90 on a random split became 0.624 on new cameras."
    ]


def _as_given(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    given = _given_sides(index)
    if given.isna().all():
        raise DataError("The source says nothing about sides. Choose the split 'location', 'sequence' or 'random'.")
    warnings = []
    unknown = sorted(index.loc[given.isna(), "given_split"].dropna().astype(str).unique())
    if unknown:
        warnings.append(f"Sides that are not known take no part: {', '.join(unknown)}.")
    sides = given.to_numpy(dtype=object, na_value=None)
    if not given.isin([Side.VAL, Side.ID_VAL]).any():
        in_train = (given == Side.TRAIN).to_numpy()
        sides[in_train] = _by_location(index[in_train], spec.model_copy(update={"test_fraction": 0.0}))[0]
        warnings.append("The source gives no validation side: some cameras of its train side were taken for it.")
    return sides, warnings


_POLICIES = {
    SplitPolicy.LOCATION: _by_location,
    SplitPolicy.SEQUENCE: _by_sequence,
    SplitPolicy.RANDOM: _at_random,
    SplitPolicy.GIVEN: _as_given,
}
