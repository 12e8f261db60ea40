"""Dates and times in the ways that cameras, spreadsheets and data sets write them."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wildcam.data.importers.cleaning import Values, text
from wildcam.data.importers.contract import Remarks

ZONE = r"([T_\s:]\d[\d:]*(?:[.,]\d+)?)\s*(?:Z|UTC|[+-]\d\d:?(?:\d\d)?)$"
"""A zone after a time; the wall time of the camera is what counts, so it is cut off."""

CLOCK = (
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[AaPp][Mm])?)?"
)
YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/:.](?P<a>\d{{1,2}})[-/:.](?P<b>\d{{1,2}}){CLOCK}$"
YEAR_LAST = rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})(?:[-/.](?P<year>\d{{4}})|[/.](?P<short_year>\d{{2}})){CLOCK}$"
"""A year of two digits only after `/` or `.`: `20-12-31` may as well begin with it."""

COMPACT_DATE = r"^(?P<year>(?:19|20)\d\d)(?P<a>\d\d)(?P<b>\d\d)"
COMPACT_CLOCK = r"[T_\s-]*(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
COMPACT = (rf"{COMPACT_DATE}{CLOCK}$", rf"{COMPACT_DATE}{COMPACT_CLOCK}$")
"""`20200101`, `20200101 12:34`, `20200101_123456`, `20200101T123456`; of another century it is a number, no date."""

LAST_SHORT_YEAR = "68"
"""As POSIX reads them: 00–68 are 2000–2068, 69–99 are 1969–1999."""

DATE_TYPE = "datetime64[ms]"


def taken_at(values: Values, remarks: Remarks) -> pd.Series:
    """Local times of the camera, datetime64[ms]; what cannot be read is missing and counted.

    ISO 8601 with or without fractions, EXIF's `2013:08:08 11:45:00`, compact `20130808_114500`, and day or
    month first, whichever fits more of the column, where the year may have two digits (`LAST_SHORT_YEAR`).
    """
    given = text(values)
    found = _from_iso(given)
    if found is None:
        wall = _without_zone(given)
        found = _from_iso(wall)
        found = _from_patterns(wall, remarks) if found is None else found
        remarks.note("date that cannot be read: left out", found.isna() & given.notna(), given)
    return found


def on_one_clock(*columns: Values) -> list[pd.Series]:
    """Times that can be compared with one another, datetime64[s]: instants where every one names its zone, else as
    the clocks showed them. Missing where they cannot be read.
    """
    given = [text(column) for column in columns]
    shown = [taken_at(column, Remarks()) for column in given]
    in_zones = [(column != _without_zone(column)).fillna(False) for column in given]
    if all((in_zone | wall.isna()).all() for in_zone, wall in zip(in_zones, shown, strict=True)):
        moments = (pd.to_datetime(column, format="ISO8601", utc=True, errors="coerce") for column in given)
        shown = [moment.dt.tz_localize(None) for moment in moments]
    return [time.astype("datetime64[s]") for time in shown]


def _without_zone(given: pd.Series) -> pd.Series:
    # Arrow's own function: pandas would run Python's expressions, ten times slower.
    return pd.Series(pc.replace_substring_regex(pa.array(given, type=pa.string()), ZONE, r"\1"), dtype="string")  # type: ignore[attr-defined]


def _from_iso(given: pd.Series) -> pd.Series | None:
    """The fast way, for a column that is ISO 8601 without zones throughout; None for any other."""
    column = pa.chunked_array(pa.array(given, type=pa.string()))
    try:
        return column.cast(pa.timestamp("ms")).to_pandas().astype(DATE_TYPE)
    except pa.ArrowInvalid:
        return None


def _from_patterns(wall: pd.Series, remarks: Remarks) -> pd.Series:
    found = _from_parts(_parts(wall, YEAR_FIRST), month="a", day="b")
    for pattern in COMPACT:
        left = wall.where(found.isna())
        if left.notna().any():
            found = found.fillna(_from_parts(_parts(left, pattern), month="a", day="b"))
    left = wall.where(found.isna())
    return found.fillna(_year_last(left, remarks)) if left.notna().any() else found


def _year_last(wall: pd.Series, remarks: Remarks) -> pd.Series:
    parts = _parts(wall, YEAR_LAST)
    short = parts["short_year"]
    parts["year"] = parts["year"].fillna(("20" + short).where((short <= LAST_SHORT_YEAR).fillna(True), "19" + short))
    day_first = _from_parts(parts, day="a", month="b")
    month_first = _from_parts(parts, month="a", day="b")
    n_day_first, n_month_first = day_first.notna().sum(), month_first.notna().sum()
    if n_day_first == n_month_first:
        remarks.note("ambiguous date (day or month first): read as day/month/year", day_first.notna(), wall)
    return month_first if n_month_first > n_day_first else day_first


def _parts(wall: pd.Series, pattern: str) -> pd.DataFrame:
    """A column of text for each named group; missing where the pattern, or the group, does not fit."""
    groups = pc.extract_regex(pa.array(wall, type=pa.string()), pattern)  # type: ignore[attr-defined]
    columns = dict(zip((field.name for field in groups.type), groups.flatten(), strict=True))
    table = pd.DataFrame({name: pd.Series(column, dtype="string") for name, column in columns.items()})
    return table.mask(table == "")


def _from_parts(parts: pd.DataFrame, *, month: str, day: str) -> pd.Series:
    """Times from the groups of a pattern; missing where it does not fit or no such day exists."""
    hour = pd.to_numeric(parts["hour"]).astype("Int64").fillna(0)
    if "half" in parts:
        half = parts["half"].str.lower()
        hour = hour.where(half.isna(), hour % 12 + 12 * (half == "pm").fillna(False).astype(int))
    date = parts["year"] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2)
    clock = hour.astype("string").str.zfill(2) + ":" + parts["minute"].fillna("00") + ":" + parts["second"].fillna("00")
    iso = date + "T" + clock + "." + parts["fraction"].str.slice(0, 3).fillna("0")
    return pd.to_datetime(iso, format="ISO8601", errors="coerce").astype(DATE_TYPE)
