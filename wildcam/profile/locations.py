"""The locations of a data set: images and species of each."""

import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.profile.empty import empty_by

LOCATION_COLUMNS = (
    "location",
    "images",
    "labelled",
    "species",
    "empty",
    "empty_share",  # of the labelled images, 0–1; NaN where none is labelled
    "low",  # its 95 % interval, see `wilson_interval`
    "high",
    "first",
    "last",
)
"""Columns of a table of locations, the most images first."""

NEARLY_ALWAYS, NEARLY_NEVER = 0.9, 0.1
"""Empty shares that the whole interval of a location has to exceed: three images that are all empty prove nothing."""


def location_table(index: pd.DataFrame) -> pd.DataFrame:
    """Every location of a catalog's table, `LOCATION_COLUMNS`; images without one are left out."""
    species = index["label"].where(index["role"] == LabelRole.ANIMAL)
    locations = (
        index.assign(species=species)
        .groupby("location", observed=True)
        .agg(
            images=("image_id", "size"),
            species=("species", "nunique"),
            first=("taken_at", "min"),
            last=("taken_at", "max"),
        )
    )
    empty = empty_by(index, index["location"]).reindex(locations.index)
    locations["labelled"] = empty["images"].fillna(0).astype("int64")
    locations["empty"] = empty["empty"].fillna(0).astype("int64")
    locations = locations.join(empty[["empty_share", "low", "high"]]).reset_index()
    locations = locations.sort_values(["images", "location"], ascending=[False, True], ignore_index=True)
    return locations[list(LOCATION_COLUMNS)]


def nearly_always_empty(locations: pd.DataFrame) -> pd.DataFrame:
    """Locations of a table of locations that are nearly always empty: the whole interval is above `NEARLY_ALWAYS`."""
    return locations[locations["low"] >= NEARLY_ALWAYS].sort_values("low", ascending=False)


def nearly_never_empty(locations: pd.DataFrame) -> pd.DataFrame:
    """Locations of a table of locations that are nearly never empty: the whole interval is below `NEARLY_NEVER`."""
    return locations[locations["high"] <= NEARLY_NEVER].sort_values("high")


def species_by_location(index: pd.DataFrame) -> pd.DataFrame:
    """Images of every species (columns) at every location (rows), the most frequent of both first."""
    animals = index[index["role"] == LabelRole.ANIMAL]
    counts = animals.groupby(["location", "label"], observed=True).size().unstack(fill_value=0)
    rows = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    columns = counts.sum(axis=0).sort_values(ascending=False, kind="stable").index
    return counts.loc[rows, columns]
