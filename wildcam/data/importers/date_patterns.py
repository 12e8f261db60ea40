"""Dates in digits: which of them are year, month, day and time of the day."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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


def year_first(wall: pd.Series) -> pd.Series:
    """Times that begin with the year, datetime64[ms]; missing for any other."""
    found = from_parts(_parts(wall, YEAR_FIRST), month="a", day="b")
    for pattern in COMPACT:
        left = wall.where(found.isna())
        if left.notna().any():
            found = found.fillna(from_parts(_parts(left, pattern), month="a", day="b"))
    return found


def parts_of_year_last(wall: pd.Series) -> pd.DataFrame:
    """Columns of text `a`, `b` (day and month in one order or the other), `year` and those of the clock."""
    parts = _parts(wall, YEAR_LAST)
    short = parts.pop("short_year")
    century = pd.Series("20", index=short.index).where((short <= LAST_SHORT_YEAR).fillna(True), "19")
    parts["year"] = parts["year"].fillna(century + short)
    return parts


def from_parts(parts: pd.DataFrame, *, month: str, day: str) -> pd.Series:
    """Times from the groups of a pattern; missing where it does not fit or no such day exists."""
    hour = pd.to_numeric(parts["hour"]).astype("Int64").fillna(0)
    if "half" in parts:
        half = parts["half"].str.lower()
        after_noon = 12 * (half == "pm").fillna(False).astype(int)
        hour = hour.where(half.isna() | (hour > 12), hour % 12 + after_noon)
    date = parts["year"] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2)
    clock = hour.astype("string").str.zfill(2) + ":" + parts["minute"].fillna("00") + ":" + parts["second"].fillna("00")
    iso = date + "T" + clock + "." + parts["fraction"].str.slice(0, 3).fillna("0")
    return pd.to_datetime(iso, format="ISO8601", errors="coerce").astype(DATE_TYPE)


def _parts(wall: pd.Series, pattern: str) -> pd.DataFrame:
    """A column of text for each named group; missing where the pattern, or the group, does not fit."""
    groups = pc.extract_regex(pa.array(wall, type=pa.string()), pattern)  # type: ignore[attr-defined]
    columns = dict(zip((field.name for field in groups.type), groups.flatten(), strict=True))
    table = pd.DataFrame({name: pd.Series(column, dtype="string") for name, column in columns.items()})
    return table.mask(table == "")
