"""Dates and times in the ways that cameras, spreadsheets and data sets write them."""

import pandas as pd
import pyarrow as pa

from wildcam.data.importers.cleaning import Values, text
from wildcam.data.importers.contract import Remarks

ZONE = r"(?P<time>\d:?\d\d(?:[.,]\d+)?)\s*(?:Z|UTC|[+-]\d\d:?(?:\d\d)?)$"
"""A zone after a time; the wall time of the camera is what counts, so it is cut off."""

CLOCK = r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?\s*(?P<half>[AaPp][Mm])?)?"
YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/:.](?P<a>\d{{1,2}})[-/:.](?P<b>\d{{1,2}}){CLOCK}$"
YEAR_LAST = rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<year>\d{{4}}){CLOCK}$"

DATE_TYPE = "datetime64[ms]"


def taken_at(values: Values, remarks: Remarks) -> pd.Series:
    """Local times of the camera, datetime64[ms]; what cannot be read is missing and counted.

    ISO 8601 with or without fractions, EXIF's `2013:08:08 11:45:00`, and day or month first, whichever
    fits more of the column.
    """
    given = text(values)
    try:
        return _from_iso(given)
    except pa.ArrowInvalid:
        pass
    wall = given.str.replace(ZONE, r"\g<time>", regex=True)
    found = _from_parts(wall.str.extract(YEAR_FIRST), month="a", day="b")
    left = found.isna() & wall.notna()
    if left.any():
        found = found.where(~left, _year_last(wall.where(left), remarks))
    remarks.note("date that cannot be read: left out", found.isna() & given.notna(), given)
    return found


def _from_iso(given: pd.Series) -> pd.Series:
    """The fast way, for a column that is ISO 8601 without zones throughout; raises ArrowInvalid otherwise."""
    column = pa.chunked_array(pa.array(given, type=pa.string()))
    return column.cast(pa.timestamp("ms")).to_pandas().astype(DATE_TYPE)


def _year_last(wall: pd.Series, remarks: Remarks) -> pd.Series:
    parts = wall.str.extract(YEAR_LAST)
    day_first = _from_parts(parts, day="a", month="b")
    month_first = _from_parts(parts, month="a", day="b")
    n_day_first, n_month_first = day_first.notna().sum(), month_first.notna().sum()
    if n_day_first == n_month_first:
        remarks.note("date that may be day or month first: read as day/month/year", day_first.notna(), wall)
    return month_first if n_month_first > n_day_first else day_first


def _from_parts(parts: pd.DataFrame, *, month: str, day: str) -> pd.Series:
    """Times from the groups of a pattern; missing where it does not fit or no such day exists."""
    half = parts["half"].str.lower()
    hour = pd.to_numeric(parts["hour"]).astype("Int64").fillna(0)
    hour = hour.where(half.isna(), hour % 12 + 12 * (half == "pm").fillna(False).astype(int))
    date = parts["year"] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2)
    clock = hour.astype("string").str.zfill(2) + ":" + parts["minute"].fillna("00") + ":" + parts["second"].fillna("00")
    iso = date + "T" + clock + "." + parts["fraction"].str.slice(0, 3).fillna("0")
    return pd.to_datetime(iso, format="ISO8601", errors="coerce").astype(DATE_TYPE)
