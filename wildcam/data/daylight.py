"""Day or night, by the camera's clock."""

import pandas as pd

DAY_HOURS = range(6, 18)
"""Hours of the camera's clock that count as day; sunrise and sunset are not computed."""


def by_day(index: pd.DataFrame) -> pd.Series:
    """Whether each image of a catalog's table was taken by day; missing where its time is. boolean"""
    hours = index["taken_at"].dt.hour
    return hours.between(DAY_HOURS.start, DAY_HOURS.stop - 1).astype("boolean").where(hours.notna())
