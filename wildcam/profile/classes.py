"""The classes of a data set: how many images each has, where, when and at what time of day."""

import pandas as pd

from wildcam.choice import Choice
from wildcam.data.daylight import by_day
from wildcam.data.labels import LabelRole
from wildcam.profile.long_tail import band

CLASS_COLUMNS = (
    "label",
    "role",  # LabelRole
    "band",  # Band
    "images",
    "share",  # of the table's images, 0–1
    "cumulative_share",  # of this class and all larger ones, 0–1
    "locations",
    "day_share",  # taken by day among those with a time, 0–1; NaN where none has one
    "first",
    "last",
)
"""Columns of a table of classes, the largest class first."""


class Scope(Choice):
    """Which classes a figure includes."""

    ALL = "all", "All labels"
    NOT_EMPTY = "not_empty", "Without empty"
    ANIMALS = "animals", "Animals only"


def class_table(index: pd.DataFrame) -> pd.DataFrame:
    """Every label that occurs in a catalog's table, `CLASS_COLUMNS`."""
    classes = (
        index.assign(by_day=by_day(index).astype("float64"))
        .groupby("label", observed=True)
        .agg(
            role=("role", "first"),
            images=("image_id", "size"),
            locations=("location", "nunique"),
            day_share=("by_day", "mean"),
            first=("taken_at", "min"),
            last=("taken_at", "max"),
        )
        .reset_index()
        .sort_values(["images", "label"], ascending=[False, True], ignore_index=True)
    )
    classes["band"] = band(classes["images"])
    return _with_shares(classes)


def within(classes: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The classes of a table that are in the scope, with shares within it."""
    if scope is Scope.ANIMALS:
        classes = classes[classes["role"] == LabelRole.ANIMAL]
    elif scope is Scope.NOT_EMPTY:
        classes = classes[classes["role"] != LabelRole.EMPTY]
    return _with_shares(classes.reset_index(drop=True))


def _with_shares(classes: pd.DataFrame) -> pd.DataFrame:
    share = classes["images"] / classes["images"].sum()
    return classes.assign(share=share, cumulative_share=share.cumsum())[list(CLASS_COLUMNS)]
