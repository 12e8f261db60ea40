"""The cameras of a data set: what each took, and which species it met."""

import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.profile.empty import empty_by

LOCATION_COLUMNS = (
    "location",
    "photographs",
    "labelled",
    "species",
    "empty",
    "empty_share",  # of the labelled photographs, 0–1; NaN where none is labelled
    "low",  # its 95 % interval, see `wilson_interval`
    "high",
    "first",
    "last",
)
"""Columns of a table of locations, the most photographs first."""

NEARLY_ALWAYS, NEARLY_NEVER = 0.9, 0.1
"""Empty shares that a camera's whole interval has to lie beyond: three photographs that are all empty prove nothing."""


def location_table(index: pd.DataFrame) -> pd.DataFrame:
    """Every camera location of a catalog's table, `LOCATION_COLUMNS`; photographs without one are left out."""
    species = index["label"].where(index["role"] == LabelRole.ANIMAL)
    cameras = (
        index.assign(species=species)
        .groupby("location", observed=True)
        .agg(
            photographs=("image_id", "size"),
            species=("species", "nunique"),
            first=("taken_at", "min"),
            last=("taken_at", "max"),
        )
    )
    empty = empty_by(index, index["location"]).reindex(cameras.index)
    cameras["labelled"] = empty["photographs"].fillna(0).astype("int64")
    cameras["empty"] = empty["empty"].fillna(0).astype("int64")
    cameras = cameras.join(empty[["empty_share", "low", "high"]]).reset_index()
    cameras = cameras.sort_values(["photographs", "location"], ascending=[False, True], ignore_index=True)
    return cameras[list(LOCATION_COLUMNS)]


def nearly_always_empty(locations: pd.DataFrame) -> pd.DataFrame:
    """Cameras of a table of locations that are surely empty nearly always: the interval lies above `NEARLY_ALWAYS`."""
    return locations[locations["low"] >= NEARLY_ALWAYS].sort_values("low", ascending=False)


def nearly_never_empty(locations: pd.DataFrame) -> pd.DataFrame:
    """Cameras of a table of locations that are surely empty nearly never: the interval lies below `NEARLY_NEVER`."""
    return locations[locations["high"] <= NEARLY_NEVER].sort_values("high")


def species_by_location(index: pd.DataFrame) -> pd.DataFrame:
    """Photographs of every species (columns) at every location (rows), the most photographed of both first."""
    animals = index[index["role"] == LabelRole.ANIMAL]
    counts = animals.groupby(["location", "label"], observed=True).size().unstack(fill_value=0)
    rows = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    columns = counts.sum(axis=0).sort_values(ascending=False, kind="stable").index
    return counts.loc[rows, columns]
