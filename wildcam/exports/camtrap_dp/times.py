"""Times with the zone of the cameras, as Camtrap DP asks for them."""

from datetime import timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from wildcam.errors import UsageError


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name, UTC for none. Raises `UsageError` for one that does not exist."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"Unknown time zone {name!r}: expected a name such as Africa/Nairobi or Etc/GMT+6.") from error


def with_instants(timed: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """The table with `instant` (UTC) and `timestamp` (ISO 8601 with the offset, to the second) of its `taken_at`.

    By the offset that the source names, else in the zone: the first of a time that the end of summer time repeats, the
    next of one that its start skips.
    """
    local = timed["taken_at"].astype("datetime64[ms]")
    in_zone = local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    known = timed["utc_offset"].notna()
    ahead = pd.to_timedelta(timed["utc_offset"].fillna(0).astype("int64"), unit="min")
    instants = in_zone.dt.tz_convert("UTC").mask(known, (local - ahead).dt.tz_localize("UTC"))
    texts = _stamps(in_zone)
    for offset in timed.loc[known, "utc_offset"].unique():
        own = known & (timed["utc_offset"] == offset)
        fixed = timezone(timedelta(minutes=int(offset)))
        texts[own] = _stamps(local[own].dt.tz_localize(fixed))
    return timed.assign(instant=instants, timestamp=texts)


def _stamps(instants: pd.Series) -> pd.Series:
    codes, each = pd.factorize(instants)  # images of a burst share theirs
    texts = pd.Series([time.isoformat(timespec="seconds") for time in each], dtype="str")
    return texts.take(codes).set_axis(instants.index)
