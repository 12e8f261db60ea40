"""Times that are a single number: a spreadsheet's days, or a computer's seconds."""

import pandas as pd

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.date_patterns import DATE_TYPE

DAY_NUMBER = r"^[2-7]\d{4}(?:[.,]\d+)?$"
"""Days from 1954 to 2119, with the time as a fraction."""

DAY_0 = pd.Timestamp("1899-12-30")
"""Day 0 of every spreadsheet from 1 March 1900 on."""

SECONDS = r"^1\d{9}(?:\d{3})?(?:\.0+)?$"
"""Seconds or milliseconds since 1970, in the years 2001 to 2033."""


def from_day_numbers(left: pd.Series, whole: pd.Series, remarks: Remarks) -> pd.Series:
    """What a spreadsheet makes of dates, datetime64[ms]; missing for any other text.

    Where other dates of the column stayed text, it converted those alone that fit its own order of day and month.
    """
    fits = left.str.contains(DAY_NUMBER, regex=True).fillna(False).astype(bool)
    numbers = pd.to_numeric(left.where(fits).str.replace(",", "."), errors="coerce").astype("float64")
    others = whole.notna() & ~fits
    remarks.note("day number of a spreadsheet: read as a date (44317.5 is noon of 2021-05-01)", fits, left)
    if fits.any() and others.any():
        remarks.note(
            "day number beside dates as text: the spreadsheet may have taken its day for its month, check it",
            fits,
            left,
        )
    # A day has 86,400 seconds, and a double holds the fraction to less than one.
    seconds = (numbers * 86_400).round()
    return (DAY_0 + pd.to_timedelta(seconds, unit="s")).astype(DATE_TYPE)


def from_seconds(left: pd.Series, whole: pd.Series, remarks: Remarks) -> pd.Series:
    """Seconds since 1970 (UTC), datetime64[ms]; missing for any other text."""
    fits = left.str.contains(SECONDS, regex=True).fillna(False).astype(bool)
    numbers = pd.to_numeric(left.where(fits), errors="coerce").astype("float64")
    remarks.note("seconds since 1970: read as a time in UTC", fits, left)
    seconds = numbers.where(numbers < 1e11, numbers / 1000)
    return (pd.Timestamp(0) + pd.to_timedelta(seconds, unit="s")).astype(DATE_TYPE)
