"""The share of empty images by location, hour and month, with its confidence interval."""

import numpy as np
import pandas as pd

from wildcam.data.labels import LabelRole

EMPTY_COLUMNS = ("images", "animal", "empty", "other", "empty_share", "low", "high")
"""Columns of a table of empty shares: labelled images by role; the share with its 95 % CI, 0–1, NaN for none."""

UNLABELLED = "unlabelled"
"""A further column of tables over time: images without a label, which are in none of `EMPTY_COLUMNS`."""

Z_95 = 1.959964
"""Standard deviations of a 95 % interval."""


def empty_by(index: pd.DataFrame, key: pd.Series) -> pd.DataFrame:
    """Empty shares of the labelled images for each value of `key`, `EMPTY_COLUMNS`."""
    roles = pd.DataFrame({str(role): index["role"] == role for role in LabelRole})
    return _with_interval(roles[index["label"].notna()].groupby(key, observed=True).sum())


def empty_by_hour(index: pd.DataFrame) -> pd.DataFrame:
    """Empty shares for each hour of the camera's clock, 0–23, `EMPTY_COLUMNS` and `UNLABELLED`."""
    return _through(index, index["taken_at"].dt.hour.rename("hour"), range(24))


def empty_by_month(index: pd.DataFrame) -> pd.DataFrame:
    """Empty shares for each month of the year, 1–12, all years together, `EMPTY_COLUMNS` and `UNLABELLED`."""
    return _through(index, index["taken_at"].dt.month.rename("month"), range(1, 13))


def wilson_interval(successes: pd.Series, trials: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Bounds of the 95 % Wilson score interval of a share; NaN for no trials.

    It treats images as independent. Those of a burst are not, so the real uncertainty is larger.
    """
    trials = trials.where(trials > 0).astype("float64")
    share = successes / trials
    spread = Z_95 * np.sqrt(share * (1 - share) / trials + Z_95**2 / (4 * trials**2))
    centre, scale = share + Z_95**2 / (2 * trials), 1 + Z_95**2 / trials
    return ((centre - spread) / scale).clip(lower=0), ((centre + spread) / scale).clip(upper=1)


def _through(index: pd.DataFrame, key: pd.Series, values: range) -> pd.DataFrame:
    """The shares for each of the values, with the images that have a time and no label in a column of their own."""
    shares = empty_by(index, key).reindex(values, fill_value=0).rename_axis(key.name)
    unlabelled = key[index["label"].isna()].value_counts().reindex(values, fill_value=0)
    return _with_interval(shares).assign(**{UNLABELLED: unlabelled.astype("int64")})


def _with_interval(counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts[list(map(str, LabelRole))].astype("int64")
    images = counts.sum(axis=1)
    low, high = wilson_interval(counts["empty"], images)
    share = counts["empty"] / images.where(images > 0)
    return counts.assign(images=images, empty_share=share, low=low, high=high)[list(EMPTY_COLUMNS)]
