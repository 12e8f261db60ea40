"""The split: a subset for every image, by WILDS's names.

`train` · `id_val` (locations of train, other days) · `val` and `test` (locations that are not in train).
Follows WILDS's iWildCam recipe (dataset_preprocessing/iwildcam/create_split.py): locations first, then days
of the remaining images. Locations that the source itself reserves for testing, with labels, stay in `test`.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.changed import changed
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.sequences import BLOCK_LENGTH, needs_blocks, sequence_of
from wildcam.errors import DataError


class Subset(Choice):
    """The subsets of a split, by WILDS's names."""

    TRAIN = "train", "Training"
    ID_VAL = "id_val", "Validation (same locations)"
    VAL = "val", "Validation (new locations)"
    TEST = "test", "Test"


class SplitPolicy(Choice):
    """How images are assigned to subsets."""

    LOCATION = "location", "By location"
    SEQUENCE = "sequence", "By burst"
    RANDOM = "random", "Random"
    GIVEN = "given", "As in the source"


GIVEN_SUBSETS = {
    "train": Subset.TRAIN,
    "training": Subset.TRAIN,
    "val": Subset.VAL,
    "valid": Subset.VAL,
    "validation": Subset.VAL,
    "dev": Subset.VAL,
    "test": Subset.TEST,
    "id_val": Subset.ID_VAL,
    "id_test": Subset.ID_VAL,
}
"""Names of subsets in sources. WILDS's `id_test` has train's locations: in `test` it would be optimistic."""


class SplitSpec(BaseModel):
    """A policy with its numbers: the same spec on the same data gives the same split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: SplitPolicy = SplitPolicy.LOCATION
    seed: int = Field(0, ge=0)
    test_fraction: float = Field(0.15, ge=0, lt=1)
    val_fraction: float = Field(0.10, gt=0, lt=1)
    id_val_fraction: float = Field(0.07, ge=0, lt=1)
    random_val_fraction: float = Field(0.30, gt=0, lt=1)


@dataclass(frozen=True)
class Split:
    """The subset of each image, and what limits the scores on it."""

    spec: SplitSpec
    image_ids: pd.Series  # of every row of the catalog's table
    subsets: pd.Series  # Subset of each, categorical; missing where it is left out
    warnings: tuple[str, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """`image_id` and `subset` of the images that are in one, by id."""
        table = pd.DataFrame({"image_id": self.image_ids, "subset": self.subsets})[self.subsets.notna()]
        return table.sort_values("image_id", ignore_index=True)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits; equal where two splits put the same images into the same subsets."""
        lines = (self.table["image_id"].astype(str) + "," + self.table["subset"].astype(str)).sort_values()
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    @property
    def validation_subset(self) -> Subset:
        """The subset for early stopping and the best epoch: new locations where there are any."""
        return Subset.VAL if (self.subsets == Subset.VAL).any() else Subset.ID_VAL


def make_split(index: pd.DataFrame, spec: SplitSpec) -> Split:
    """Assign the labelled rows of a catalog's table to subsets; rows without a label are left out.

    The order of the rows does not matter. Raises `DataError`, with what to choose instead, where the data lacks
    what the policy needs.
    """
    labelled = index.loc[index["label"].notna(), list(_READ_COLUMNS)]
    if labelled.empty:
        raise DataError("The data set has no labelled photos to split: import labels first.")
    assigned, warnings = _POLICIES[spec.policy](labelled.reset_index(drop=True), spec)
    subsets = pd.Series(
        pd.Categorical(assigned, categories=list(map(str, Subset))), index=labelled.index, name="subset"
    )
    counts = subsets.value_counts()
    n_validation = counts[Subset.VAL] + counts[Subset.ID_VAL]
    if not counts[Subset.TRAIN] or not n_validation:
        raise DataError(
            f"The {spec.policy} split leaves {counts[Subset.TRAIN]:,} training and "
            f"{counted(n_validation, 'validation photo')}, and both are needed. Choose another split or other "
            "fractions."
        )
    if not counts[Subset.TEST] and spec.test_fraction and spec.policy is not SplitPolicy.RANDOM:
        warnings.append("No photos are left for the test subset: there will be no test score.")
    return Split(spec, index["image_id"], subsets.reindex(index.index), tuple(warnings))


def _given_subsets(index: pd.DataFrame) -> pd.Series:
    """The source's subset as `Subset`; None where it has none, or one of an unknown name."""
    names = index["given_split"].cat.categories
    subsets = np.array([*(GIVEN_SUBSETS.get(str(name).strip().lower()) for name in names), None], dtype=object)
    return pd.Series(subsets[index["given_split"].cat.codes], index=index.index, dtype=object)


def _locations(index: pd.DataFrame) -> pd.Series:
    """The locations that occur, as categories in alphabetical order, whatever their order in the catalog."""
    used = index["location"].cat.remove_unused_categories()
    return used.cat.set_categories(sorted(used.cat.categories))


def _by_location(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    locations = _locations(index)
    given_to_test = _given_subsets(index) == Subset.TEST
    kept_for_test = given_to_test.groupby(locations, observed=True).all()  # a location in two subsets is no test
    test = set(kept_for_test.index[kept_for_test])
    free = [location for location in kept_for_test.index if location not in test]
    needed = 2 if test or not spec.test_fraction else 3
    if len(free) < needed:
        raise DataError(
            f"A split by location needs {needed} or more locations to choose from, and this data set has {len(free)}. "
            "Choose another split, or import a column with locations."
        )
    rng = np.random.default_rng(spec.seed)
    free = rng.permutation(np.array(free, dtype=object)).tolist()
    if not test and spec.test_fraction:
        n_test = max(1, round(len(free) * spec.test_fraction))
        test, free = set(free[:n_test]), free[n_test:]
    n_val = max(1, round((len(free) + len(test)) * spec.val_fraction))
    subset_of = dict.fromkeys(test, str(Subset.TEST)) | dict.fromkeys(free[:n_val], str(Subset.VAL))
    of_location = [*(subset_of.get(location, str(Subset.TRAIN)) for location in locations.cat.categories), None]
    subsets = np.array(of_location, dtype=object)[locations.cat.codes]
    absent = int(locations.isna().sum())
    warnings = (
        [counted(absent, "photo has no location and is left out.", "photos have no location and are left out.")]
        if absent
        else []
    )
    return _hold_out_days(index, subsets, spec.id_val_fraction, rng), warnings


def _hold_out_days(index: pd.DataFrame, subsets: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """Move whole days of train's locations to `id_val`, never all of a location, never half a burst."""
    rows = index[subsets == Subset.TRAIN]
    location = rows["location"].cat.codes
    # A burst over midnight belongs to the day that it began on.
    day = rows["taken_at"].groupby([location, sequence_of(rows)]).transform("min").dt.floor("D")
    if not fraction or day.isna().all():
        return subsets
    held = day.isin(_draw(day, fraction, rng))
    keeps_some = (~held).groupby(location).transform("any")
    subsets = subsets.copy()
    subsets[rows.index[held & keeps_some]] = Subset.ID_VAL
    return subsets


def _by_sequence(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    order = index["image_id"].argsort()
    sequences = sequence_of(index[["path", "location", "sequence_id", "taken_at"]].iloc[order]).sort_index()
    rng = np.random.default_rng(spec.seed)
    subsets = np.full(len(index), str(Subset.TRAIN), dtype=object)
    in_validation = sequences.isin(_draw(sequences, spec.val_fraction, rng)).to_numpy()
    subsets[in_validation] = Subset.ID_VAL
    if spec.test_fraction and sequences[~in_validation].nunique() > 1:
        share = spec.test_fraction * len(index) / (~in_validation).sum()
        subsets[sequences.isin(_draw(sequences[~in_validation], share, rng))] = Subset.TEST
    return subsets, [
        "Bursts stay whole, but the same locations are in every subset: expect lower scores at new locations.",
        *_about_blocks(index),
    ]


def _at_random(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    rng = np.random.default_rng(spec.seed)
    in_validation = np.empty(len(index), dtype=bool)
    in_validation[index["image_id"].argsort()] = rng.random(len(index)) < spec.random_val_fraction
    sequences = sequence_of(index)
    leaked = int(sequences[in_validation].isin(sequences[~in_validation]).sum())
    return np.where(in_validation, str(Subset.ID_VAL), str(Subset.TRAIN)).astype(object), [
        "A random split is optimistic (leaks): a frame of the same burst is in training for "
        f"{leaked:,} of {counted(int(in_validation.sum()), 'validation photo')}. Published: 0.90 on a random split "
        "became 0.624 at new locations.",
        *_about_blocks(index),
    ]


def _as_given(index: pd.DataFrame, spec: SplitSpec) -> tuple[np.ndarray, list[str]]:
    given = _given_subsets(index)
    if given.isna().all():
        raise DataError("The source has no subsets. Choose another split.")
    warnings = []
    unknown = index.loc[given.isna(), "given_split"].dropna().astype("string").unique()
    if len(unknown):
        warnings.append(f"Unknown subsets of the source are left out: {', '.join(sorted(unknown))}.")
    subsets = given.to_numpy(dtype=object, copy=True)
    in_train = (given == Subset.TRAIN).to_numpy()
    if in_train.any() and not given.isin([Subset.VAL, Subset.ID_VAL]).any():
        train = index[in_train].reset_index(drop=True)
        by_location = train["location"].nunique() > 1
        assign = _by_location if by_location else _by_sequence
        subsets[in_train], more = assign(train, changed(spec, test_fraction=0.0))
        taken = "locations" if by_location else "bursts"
        warnings += [
            f"The source has no validation subset: some {taken} of its training subset were taken for it.",
            *more,
        ]
    return subsets, warnings


def _draw(groups: pd.Series, fraction: float, rng: np.random.Generator) -> pd.Index | list[Any]:
    """Groups drawn at random that hold at most `fraction` of the rows together, or else the smallest one alone."""
    sizes = groups.value_counts(sort=False).sort_index()
    sizes = sizes.iloc[rng.permutation(len(sizes))]
    left = fraction * len(groups)
    drawn = []
    for position, size in enumerate(sizes.tolist()):
        if size <= left:
            drawn.append(position)
            left -= size
    return sizes.index[drawn] if drawn else [sizes.idxmin()]


def _about_blocks(index: pd.DataFrame) -> list[str]:
    if not needs_blocks(index):
        return []
    return [f"The source has neither bursts nor times: blocks of {BLOCK_LENGTH} consecutive files are used as bursts."]


_READ_COLUMNS = ("image_id", "path", "location", "sequence_id", "taken_at", "given_split")
"""The columns that a split reads: the others need not be sorted with these."""

_POLICIES = {
    SplitPolicy.LOCATION: _by_location,
    SplitPolicy.SEQUENCE: _by_sequence,
    SplitPolicy.RANDOM: _at_random,
    SplitPolicy.GIVEN: _as_given,
}
