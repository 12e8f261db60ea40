"""`data clock`: corrections of cameras' clocks."""

import re
from typing import Annotated

import pandas as pd
import typer
from pydantic import ValidationError

from wildcam.cli.output import AsJson, print_json, print_line
from wildcam.counting import counted
from wildcam.data import catalog
from wildcam.data.clock import ClockCorrection, as_shown
from wildcam.data.clock_proposals import propose
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.errors import UsageError, one_of
from wildcam.settings import load_settings

SHIFT = r"(?P<sign>[+-]?)(?:(?P<days>\d+)\s*d\s*)?(?:(?P<hours>\d+):(?P<minutes>[0-5]?\d)(?::(?P<seconds>[0-5]?\d))?)?"

MOST_LISTED = 20  # locations that an error names


def clock(
    name: Annotated[str, typer.Argument(help="The data set's name.")],
    location: Annotated[str, typer.Option(help="Location whose clock was wrong; without it, every location.")] = "",
    since: Annotated[str, typer.Option(help="First wrong time, as the camera shows it.")] = "",
    until: Annotated[str, typer.Option(help="Last wrong time, as the camera shows it.")] = "",
    shift: Annotated[str, typer.Option(help="What to add, such as +01:00, -2d 03:00:00.")] = "",
    years: Annotated[int, typer.Option(help="Calendar years to add: the clock had a wrong year.")] = 0,
    from_zone: Annotated[str, typer.Option(help="Time zone that the clock was set to, such as UTC or Etc/GMT-1.")] = "",
    to_zone: Annotated[str, typer.Option(help="Time zone of the location: with its summer time.")] = "",
    note: Annotated[str, typer.Option(help="How it is known.")] = "",
    take: Annotated[int | None, typer.Option(min=1, help="Store the proposal with this number.")] = None,
    remove: Annotated[int | None, typer.Option(min=1, help="Remove the correction with this number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Correct clocks: by location and period, as a layer that never rewrites the source; without options, list them."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    corrections = list(dataset.info.clock)
    if shift or years or from_zone or to_zone or location or since or until or note:
        corrections.append(_correction(dataset, location, since, until, shift, years, from_zone, to_zone, note))
    if take is not None:
        corrections.append(_numbered(propose(dataset.index), take, "proposal"))
    if remove is not None:
        corrections.remove(_numbered(corrections, remove, "correction"))
    if tuple(corrections) != dataset.info.clock:
        dataset = catalog.update_clock(dataset, corrections)
    _show(dataset, as_json)


def seconds_of(shift: str) -> int:
    """`+01:30`, `-2d`, `1d 00:00:05` in seconds. Raises `UsageError` for anything else."""
    found = re.fullmatch(SHIFT, shift.strip())
    if not found or not re.search(r"\d", shift):
        raise UsageError(f"--shift {shift!r} is no duration: expected one such as +01:00, -2d or 1d 03:00:00.")
    days, hours, minutes, seconds = (int(found[name] or 0) for name in ("days", "hours", "minutes", "seconds"))
    total = 86_400 * days + 3600 * hours + 60 * minutes + seconds
    return -total if found["sign"] == "-" else total


def _correction(
    dataset: catalog.Dataset,
    location: str,
    since: str,
    until: str,
    shift: str,
    years: int,
    from_zone: str,
    to_zone: str,
    note: str,
) -> ClockCorrection:
    known = dataset.index["location"].cat.categories.tolist()
    if location and location not in known:
        raise one_of("location", location, known[:MOST_LISTED])
    try:
        correction = ClockCorrection(
            location=location,
            since=_time(since),
            until=_time(until),
            shift_seconds=seconds_of(shift) if shift else 0,
            years=years,
            from_zone=from_zone,
            to_zone=to_zone,
            note=note,
        )
    except ValidationError as error:
        raise UsageError.of(error) from error
    if not correction.concerns(as_shown(dataset.index)).any():
        raise UsageError("No photo has a time in this period at this location: check location, --since and --until.")
    return correction


def _time(written: str) -> pd.Timestamp | None:
    if not written:
        return None
    time = taken_at([written], Remarks()).iloc[0]
    if pd.isna(time):
        raise UsageError(f"{written!r} is no time: expected one such as 2021-05-01 10:00.")
    return time


def _numbered(corrections: list[ClockCorrection], number: int, what: str) -> ClockCorrection:
    if number > len(corrections):
        raise UsageError(f"There is no {what} {number}: the data set has {len(corrections)}.")
    return corrections[number - 1]


def _show(dataset: catalog.Dataset, as_json: bool) -> None:
    index = dataset.index
    shown = as_shown(index)
    photos = [int(each.concerns(shown).sum()) for each in dataset.info.clock]
    rows = [
        {"correction": each.sentence, "photos": count} | each.model_dump(mode="json")
        for each, count in zip(dataset.info.clock, photos, strict=True)
    ]
    proposals = propose(index)
    changed = int(index["camera_time"].notna().sum())
    if as_json:
        print_json(
            {
                "corrected_photos": changed,
                "corrections": rows,
                "proposals": [{"proposal": each.sentence} | each.model_dump(mode="json") for each in proposals],
            }
        )
        return
    print_line(f"{dataset.name}: {counted(changed, 'photo has', 'photos have')} a corrected time.")
    for number, (each, count) in enumerate(zip(dataset.info.clock, photos, strict=True), 1):
        print_line(f"  {number}. {each.sentence} ({counted(count, 'photo')}) {each.note}".rstrip())
    for number, each in enumerate(proposals, 1):
        print_line(f"  proposal {number}: {each.sentence}; {each.note}")
