"""Whether `05/07/2021` is in May or in July: what else the column, the camera and the order of the files say."""

import pandas as pd

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.date_patterns import DATE_TYPE, from_parts

CLEAR_MAJORITY = 20
"""Times as many clear dates of one order as of the other settle a camera: the few are mistakes in typing."""


def decide(
    parts: pd.DataFrame, wall: pd.Series, remarks: Remarks, *, cameras: pd.Series | None, month_first: bool | None
) -> pd.Series:
    """Times, datetime64[ms], of the parts of `date_patterns.parts_of_year_last`; missing where there are none, and
    where nothing tells day and month apart.
    """
    readings = pd.DataFrame(
        {
            "day_first": from_parts(parts, day="a", month="b"),
            "month_first": from_parts(parts, month="a", day="b"),
        }
    )
    day, month = readings["day_first"], readings["month_first"]
    found = day.fillna(month).where(day.isna() | month.isna() | (day == month))
    doubtful = day.notna() & month.notna() & (day != month)
    only_day, only_month = day.notna() & month.isna(), month.notna() & day.isna()
    place = pd.Series("", index=day.index) if cameras is None else cameras.astype("string").fillna("")
    place = place.reset_index(drop=True)
    if only_day.any() and only_month.any():
        remarks.note(
            "day first and month first are both in use: each camera's clear dates tell how its others are meant",
            only_day | only_month | doubtful,
            wall,
        )
        found = found.fillna(_by_camera(readings, found, doubtful, only_day, only_month, place))
        remarks.note(
            "date that may be day or month first at a camera without a clear one: left out",
            doubtful & found.isna(),
            place + " " + wall,
        )
    elif doubtful.any():
        order = _of_column(readings, doubtful, only_day, only_month, place, month_first)
        if order is None:
            remarks.note("ambiguous date (day or month first): read as day/month/year", day.notna(), wall)
        found = found.fillna(day if order is None or order == "day_first" else month)
    return found.astype(DATE_TYPE)


def _of_column(
    readings: pd.DataFrame,
    doubtful: pd.Series,
    only_day: pd.Series,
    only_month: pd.Series,
    place: pd.Series,
    month_first: bool | None,
) -> str | None:
    """The order of a column whose clear dates agree; without any, as the source says, or as its rows are in order."""
    if only_day.any() or only_month.any():
        return "day_first" if only_day.any() else "month_first"
    if month_first is not None:
        return "month_first" if month_first else "day_first"
    rows = readings[doubtful].groupby(place[doubtful], sort=False)
    in_order = pd.DataFrame({name: rows[name].is_monotonic_increasing for name in readings})[rows.size() > 2]
    votes = in_order[in_order["day_first"] != in_order["month_first"]]
    for name in readings:
        if len(votes) and votes[name].all():
            return str(name)
    return None


def _by_camera(
    readings: pd.DataFrame,
    found: pd.Series,
    doubtful: pd.Series,
    only_day: pd.Series,
    only_month: pd.Series,
    place: pd.Series,
) -> pd.Series:
    """The doubtful dates, by the clear ones of their camera, else by the rows before and after."""
    n_day = only_day.groupby(place).transform("sum")
    n_month = only_month.groupby(place).transform("sum")
    takes_day = doubtful & (n_day > CLEAR_MAJORITY * n_month)
    takes_month = doubtful & (n_month > CLEAR_MAJORITY * n_day)
    before = found.groupby(place).ffill()
    after = found.groupby(place).bfill()
    has_neighbour = before.notna() | after.notna()
    fits = {name: ~((times < before) | (times > after)) & has_neighbour & doubtful for name, times in readings.items()}
    rest = doubtful & ~takes_day & ~takes_month
    takes_day |= rest & fits["day_first"] & ~fits["month_first"]
    takes_month |= rest & fits["month_first"] & ~fits["day_first"]
    return readings["day_first"].where(takes_day, readings["month_first"].where(takes_month))
