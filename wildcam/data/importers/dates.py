"""Dates and times in the ways that cameras, spreadsheets and data sets write them."""

import pandas as pd
import pyarrow as pa

from wildcam.data.importers.cleaning import Values, text
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.date_numbers import from_day_numbers, from_seconds
from wildcam.data.importers.date_patterns import DATE_TYPE, parts_of_year_last, year_first
from wildcam.data.importers.date_words import in_digits
from wildcam.data.importers.day_or_month import decide
from wildcam.data.importers.time_zones import offsets, without_zone

LATE_HOUR = r"([T\s_-])24(?=:?[0-5]\d)"
LEAP_SECOND = r"(:[0-5]\d:|[T\s_-]\d\d[0-5]\d|^\d{10}[0-5]\d)60\b"


def taken_at(
    values: Values, remarks: Remarks, *, cameras: pd.Series | None = None, month_first: bool | None = None
) -> pd.Series:
    """Local times of the camera, datetime64[ms]; what cannot be read is missing and counted.

    ISO 8601 with or without fractions, EXIF's `2013:08:08 11:45:00`, compact `20130808_114500`, names of months and
    halves of the day in several languages, a spreadsheet's day numbers, and day or month first: as the dates say that
    can only be one of them, for each of the `cameras` apart where they differ. `month_first`: what the source itself
    says of its dates, None where it does not.
    """
    given = text(values)
    found = _from_iso(given)
    if found is None:
        wall = without_zone(given)
        found = _from_iso(wall)
        found = _from_patterns(wall, remarks, cameras, month_first) if found is None else found
        remarks.note("date that cannot be read: left out", found.isna() & given.notna(), given)
    return found


def utc_offsets(values: Values) -> pd.Series:
    """Minutes east of UTC that each time names, Int16; missing where it names none."""
    given = text(values)
    if _from_iso(given) is not None:  # without zones throughout
        return pd.Series(pd.NA, index=given.index, dtype="Int16")
    return offsets(given)


def on_one_clock(*columns: Values) -> list[pd.Series]:
    """Times that can be compared with one another, datetime64[s]: instants where every one names its zone, else as
    the clocks showed them. Missing where they cannot be read.
    """
    given = [text(column) for column in columns]
    shown = [taken_at(column, Remarks()) for column in given]
    zones = [offsets(column) for column in given]
    if all((zone.notna() | wall.isna()).all() for zone, wall in zip(zones, shown, strict=True)):
        minutes = [pd.to_timedelta(zone.fillna(0).astype("int64"), unit="min") for zone in zones]
        shown = [wall - ahead for wall, ahead in zip(shown, minutes, strict=True)]
    return [time.astype("datetime64[s]") for time in shown]


def _from_iso(given: pd.Series) -> pd.Series | None:
    """The fast way, for a column that is ISO 8601 without zones throughout; None for any other."""
    column = pa.chunked_array(pa.array(given, type=pa.string()))
    try:
        return column.cast(pa.timestamp("ms")).to_pandas().astype(DATE_TYPE)
    except pa.ArrowInvalid:
        return None


def _from_patterns(wall: pd.Series, remarks: Remarks, cameras: pd.Series | None, month_first: bool | None) -> pd.Series:
    found = year_first(wall)
    left = wall.where(found.isna())
    if left.notna().any():
        left = _possible(left, remarks)
        plain = in_digits(left)
        found = found.fillna(year_first(plain))
        parts = parts_of_year_last(plain.where(found.isna()))
        found = found.fillna(decide(parts, plain, remarks, cameras=cameras, month_first=month_first))
    for read in (from_day_numbers, from_seconds):
        left = wall.where(found.isna())
        found = found.fillna(read(left, wall, remarks)) if left.notna().any() else found
    return found


def _possible(wall: pd.Series, remarks: Remarks) -> pd.Series:
    """Hours and seconds that no clock shows, as what the camera meant by them."""
    for pattern, meant, what in (
        (LATE_HOUR, r"\g<1>00", "hour 24: read as hour 0 of the date beside it"),
        (LEAP_SECOND, r"\g<1>59", "second 60: read as second 59"),
    ):
        mended = wall.str.replace(pattern, meant, n=1, regex=True)
        remarks.note(what, (mended != wall).fillna(False), wall)
        wall = mended
    return wall
