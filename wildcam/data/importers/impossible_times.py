"""Times that cannot be: clocks that were never set, and days that have not come yet.

They are set aside as what the clock showed: neither time line nor burst counts them, and a correction of the clock
brings them back.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from wildcam.data.catalog import Mend
from wildcam.data.importers.contract import Remarks

FIRST_YEAR = 1990
"""Digital clocks that start in 1970 or 1980 are older than any camera that wrote such a file."""

ALONE_DAYS = 30
"""A clock's first hour that no other image of its location is near is the start of a clock, and no new year."""

RUNS_ON_HOURS = 48
"""How long an unset clock may have gone on until somebody set it."""


def set_aside(index: pd.DataFrame, remarks: Remarks, *, now: datetime | None = None) -> pd.DataFrame:
    """The index with `taken_at` missing and `clock_at` known where the time cannot be.

    A clock that loses its power starts at midnight of a 1 January: such a time counts as one where no other of its
    location is near (`ALONE_DAYS`), and so do those that follow it within `RUNS_ON_HOURS`.
    """
    taken_at = index["taken_at"]
    known = taken_at.notna().to_numpy()
    if not known.any():
        return index
    unset = known & (taken_at.dt.year < FIRST_YEAR).fillna(False).to_numpy(dtype=bool)
    starts = known & (taken_at.dt.day_of_year == 1).to_numpy() & (taken_at.dt.hour == 0).to_numpy()
    if (starts & ~unset).any() and _has_clock(taken_at):
        unset |= _restarted(index, starts)
    tomorrow = (now or datetime.now(UTC)).replace(tzinfo=None) + timedelta(days=1)
    later = known & (taken_at > pd.Timestamp(tomorrow)).to_numpy()
    if not (unset | later).any():
        return index
    remarks.note(
        "clock that was not set (the time is a camera's first, such as midnight of 1 January): no time; "
        "where you know the true one, correct the clock",
        pd.Series(unset),
        taken_at.astype("string") + " " + index["path"],
        Mend.TIME,
    )
    remarks.note(
        "time in the future, so that the clock was wrong: no time; correct the clock",
        pd.Series(later),
        taken_at.astype("string") + " " + index["path"],
        Mend.TIME,
    )
    aside = unset | later
    return index.assign(taken_at=taken_at.mask(aside), clock_at=taken_at.where(aside))


def _has_clock(taken_at: pd.Series) -> bool:
    """Whether the times are more than dates: every one of a column of dates is at midnight."""
    return bool((taken_at.dropna() != taken_at.dropna().dt.normalize()).any())


def _restarted(index: pd.DataFrame, starts: np.ndarray) -> np.ndarray:
    """Rows of a run of times that begins with a clock's first hour and stands alone. bool, (N,)"""
    found = np.zeros(len(index), dtype=bool)
    camera = index["camera"].astype("string").fillna("") if "camera" in index else ""
    place = pd.factorize(index["location"].astype("string").fillna("") + "\n" + camera)[0]
    concerned = np.flatnonzero(np.isin(place, np.unique(place[starts])) & index["taken_at"].notna().to_numpy())
    times = index["taken_at"].to_numpy().astype("datetime64[ms]")
    order = concerned[np.lexsort((times[concerned], place[concerned]))]
    new_place = np.diff(place[order], prepend=-1) != 0
    alone = np.diff(times[order], prepend=times[order][:1]) > np.timedelta64(ALONE_DAYS, "D")
    run = np.cumsum(new_place | alone)
    first, last = (pd.Series(times[order]).groupby(run).transform(side) for side in ("min", "max"))
    begins = pd.Series(starts[order]).groupby(run).transform("first")
    short = (last - first) <= pd.Timedelta(hours=RUNS_ON_HOURS)
    found[order] = (begins & short).to_numpy(dtype=bool)
    return found
