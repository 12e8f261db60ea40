"""Corrections of cameras' clocks, by location and period: a layer on the catalog's times, which stay as they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

LONGEST_YEARS = 100


class ClockCorrection(BaseModel):
    """What is wrong with a clock, where and when. The period is by the camera's own clock, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    location: str = Field("", description="A location; empty for all of them.")
    since: datetime | None = Field(None, description="The first time that is wrong, as the camera shows it.")
    until: datetime | None = Field(None, description="The last time that is wrong, as the camera shows it.")
    years: int = Field(0, ge=-LONGEST_YEARS, le=LONGEST_YEARS, description="Calendar years to add.")
    shift_seconds: int = Field(0, description="Seconds to add; negative where the clock is ahead.")
    from_zone: str = Field("", description="The zone that the clock was set to, such as UTC or Etc/GMT-1.")
    to_zone: str = Field("", description="The zone of the location, such as Europe/Berlin.")
    note: str = ""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.years or self.shift_seconds or self.from_zone or self.to_zone):
            raise ValueError("received no change: give years, a shift, or two time zones")
        if bool(self.from_zone) != bool(self.to_zone):
            raise ValueError("received one time zone: give the clock's and the location's")
        for zone in filter(None, (self.from_zone, self.to_zone)):
            if zone not in available_timezones():
                raise ValueError(f"unknown time zone {zone!r}: expected a name such as Europe/Berlin or Etc/GMT-1")
        if self.since and self.until and self.since > self.until:
            raise ValueError("the period ends before it begins: exchange the two times")
        return self

    @property
    def sentence(self) -> str:
        """What it does, on one line."""
        where = f"at {self.location}" if self.location else "at every location"
        parts = [
            f"{self.years:+d} years" if self.years else "",
            f"{_duration(self.shift_seconds)}" if self.shift_seconds else "",
            f"from {self.from_zone} to {self.to_zone}" if self.to_zone else "",
        ]
        period = [f"since {self.since}" if self.since else "", f"until {self.until}" if self.until else ""]
        return " ".join(filter(None, [", ".join(filter(None, parts)), where, *period]))

    def concerns(self, index: pd.DataFrame) -> pd.Series:
        """Which rows of the times that cameras showed it changes, bool. A time that was set aside as impossible only
        where the period is given.
        """
        shown = index["taken_at"].fillna(index["clock_at"])
        fits = shown.notna()
        if self.location:
            fits &= (index["location"].astype("string") == self.location).fillna(False).astype(bool)
        if self.since:
            fits &= shown >= pd.Timestamp(self.since)
        if self.until:
            fits &= shown <= pd.Timestamp(self.until)
        return fits if self.since or self.until else fits & index["taken_at"].notna()

    def apply(self, times: pd.Series) -> pd.Series:
        """Corrected times, datetime64[ms]."""
        if self.years:
            times = times + pd.DateOffset(years=self.years)
        times = times + pd.Timedelta(seconds=self.shift_seconds)
        if self.to_zone:
            instants = times.dt.tz_localize(ZoneInfo(self.from_zone), ambiguous=True, nonexistent="shift_forward")
            times = instants.dt.tz_convert(ZoneInfo(self.to_zone)).dt.tz_localize(None)
        return times.astype("datetime64[ms]")


def corrected(index: pd.DataFrame, corrections: Sequence[ClockCorrection]) -> pd.DataFrame:
    """The catalog's table with corrected `taken_at`, and `camera_time`: what the camera showed where that is another.

    Each correction finds its rows by what the camera showed; where several concern a row, they add up in their order.
    """
    shown = index["taken_at"]
    found = index.assign(camera_time=pd.Series(pd.NaT, index=index.index, dtype="datetime64[ms]"))
    for correction in corrections:
        rows = correction.concerns(index)
        if not rows.any():
            continue
        base = found["taken_at"].fillna(index["clock_at"])[rows]
        times = correction.apply(base)
        found.loc[rows, "taken_at"] = times
        found.loc[rows, "camera_time"] = shown.fillna(index["clock_at"])[rows]
        if correction.to_zone:
            found.loc[rows, "utc_offset"] = _offsets(times, correction.to_zone)
    return found


def as_shown(index: pd.DataFrame) -> pd.DataFrame:
    """A table that `corrected` gave, with the times that the cameras showed: what a correction finds its rows by."""
    shown = index["camera_time"].fillna(index["taken_at"])
    return index.assign(taken_at=shown.mask(index["clock_at"].notna()))


def _offsets(local: pd.Series, zone: str) -> pd.Series:
    in_zone = local.dt.tz_localize(ZoneInfo(zone), ambiguous=True, nonexistent="shift_forward")
    ahead = in_zone.dt.tz_localize(None) - in_zone.dt.tz_convert("UTC").dt.tz_localize(None)
    return (ahead.dt.total_seconds() // 60).astype("Int16")


def _duration(seconds: int) -> str:
    sign, rest = "-" if seconds < 0 else "+", abs(seconds)
    days, rest = divmod(rest, 86_400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    return f"{sign}{f'{days} d ' if days else ''}{clock}"
