"""What each camera took over time: where nothing is, it stood still, was away, or its clock was wrong."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class Period(StrEnum):
    """A stretch of the time line."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def frequency(self) -> str:
        """As pandas calls it; weeks begin on Monday."""
        return {Period.DAY: "D", Period.WEEK: "W-SUN", Period.MONTH: "M"}[self]


LONGEST_DAYS = {Period.DAY: 60, Period.WEEK: 420}
"""Days that a data set may span to be counted by this period; longer ones by months."""


@dataclass(frozen=True)
class Timeline:
    """Images of every camera (rows, the most images first) in every period (columns, their first days)."""

    period: Period
    images: pd.DataFrame


def timeline(index: pd.DataFrame) -> Timeline:
    """The time line of a catalog's table; images without time or camera are left out."""
    known = index.loc[index["taken_at"].notna() & index["location"].notna(), ["location", "taken_at"]]
    period = _period(known["taken_at"])
    start = known["taken_at"].dt.to_period(period.frequency)
    counts = known.groupby(["location", start], observed=True).size().unstack(fill_value=0)
    if len(start):
        counts = counts.reindex(columns=pd.period_range(start.min(), start.max(), name="start"), fill_value=0)
        counts.columns = counts.columns.to_timestamp()
    order = counts.sum(axis="columns").sort_values(ascending=False, kind="stable").index
    return Timeline(period, counts.loc[order])


def _period(taken_at: pd.Series) -> Period:
    days = (taken_at.max() - taken_at.min()).days if len(taken_at) else 0
    return next((period for period, longest in LONGEST_DAYS.items() if days <= longest), Period.MONTH)
