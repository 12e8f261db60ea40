"""Images of each location over time: a gap means no camera, no trigger, or a wrong clock."""

from dataclasses import dataclass

import pandas as pd

from wildcam.choice import Choice


class Period(Choice):
    """The bin of a timeline."""

    DAY = "day", "day"
    WEEK = "week", "week"
    MONTH = "month", "month"

    @property
    def frequency(self) -> str:
        """As pandas calls it; weeks begin on Monday."""
        return {Period.DAY: "D", Period.WEEK: "W-SUN", Period.MONTH: "M"}[self]


LONGEST_DAYS = {Period.DAY: 60, Period.WEEK: 420}
"""Days that a data set may span to be counted by this period; longer ones by months."""


@dataclass(frozen=True)
class Timeline:
    """Images of every location (rows, the most images first) in every period (columns, their first days)."""

    period: Period
    images: pd.DataFrame


def timeline(index: pd.DataFrame) -> Timeline:
    """The timeline of a catalog's table; images without time or location are left out."""
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
