"""Time zones written after a time: minutes east of UTC, and the time without them."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

NAMED = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 60,
    "CET": 60,
    "CEST": 120,
    "MEZ": 60,
    "MESZ": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "CAT": 120,
    "EAT": 180,
    "WAT": 60,
    "SAST": 120,
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
    "AEST": 600,
    "AEDT": 660,
    "ACST": 570,
    "AWST": 480,
    "NZST": 720,
    "NZDT": 780,
    "JST": 540,
}
"""Zones of one meaning, in minutes."""

AMBIGUOUS = ("BST", "CST", "IST")
"""Zones of several meanings: cut off, and their distance from UTC is not known."""

_NAMES = "|".join(sorted((*NAMED, *AMBIGUOUS), key=len, reverse=True))
ZONE = (
    r"(?P<clock>[T_\s:]\d[\d:]*(?:[.,]\d+)?(?:\s*[AaPp][Mm])?)\s*"
    rf"(?P<zone>(?:(?:UTC|GMT)?[+-]\d\d?:?(?:\d\d)?)|{_NAMES})(?:\s*\[[A-Za-z_/+-]+\])?$"
)
"""A zone after a time, with the name of its region behind it or not."""

CTIME_ZONE = rf"(\d:\d\d(?::\d\d)?)\s+(?:{_NAMES})\s+(\d{{4}})$"
"""`Tue Oct 29 13:35:00 CET 2013`: the zone before the year."""

FURTHEST = 14 * 60


def without_zone(given: pd.Series) -> pd.Series:
    """The wall time of the camera: what counts is what its clock showed."""
    # Arrow's own function: pandas would run Python's expressions, ten times slower.
    wall = pa.array(given, type=pa.string())
    for pattern, kept in ((ZONE, r"\1"), (CTIME_ZONE, r"\1 \2")):
        wall = pc.replace_substring_regex(wall, pattern, kept)  # type: ignore[attr-defined]
    return pd.Series(wall, dtype="string")


def offsets(given: pd.Series) -> pd.Series:
    """Minutes east of UTC, Int16, (N,); missing where no zone is written, or one of several meanings."""
    groups = pc.extract_regex(pa.array(given, type=pa.string()), ZONE)  # type: ignore[attr-defined]
    names = [field.name for field in groups.type]
    zones = pd.Series(groups.flatten()[names.index("zone")], dtype="string")
    codes, known = pd.factorize(zones)
    minutes = pd.array([_minutes(str(zone)) for zone in known], dtype="Int16")
    return pd.Series(minutes.take(codes, allow_fill=True), index=given.index)


def _minutes(zone: str) -> int | None:
    if zone in NAMED:
        return NAMED[zone]
    digits = zone.removeprefix("UTC").removeprefix("GMT")
    if digits[:1] not in ("+", "-"):
        return None
    hours, _, rest = digits[1:].partition(":")
    if not rest and len(hours) > 2:
        hours, rest = hours[:-2], hours[-2:]
    minutes = (60 * int(hours) + int(rest or 0)) * (-1 if digits[0] == "-" else 1)
    return minutes if abs(minutes) <= FURTHEST else None
