"""Proposals for corrections: where a clock goes back while the numbers of the files go on."""

import re

import numpy as np
import pandas as pd
from pydantic import ValidationError

from wildcam.counting import counted
from wildcam.data.clock import LONGEST_YEARS, ClockCorrection

BACK_SECONDS = 2 * 3600
"""A clock that goes back further than for the end of summer time was set wrong, before or after."""

CLOSE_DAYS = 100
"""A wrong year is likely where the right one puts an image this soon after the one before it."""

FEWEST_DIGITS = 3
"""Of the numbers that cameras give to files."""

MOST_PROPOSALS = 20


def propose(index: pd.DataFrame) -> list[ClockCorrection]:
    """Corrections that put the times of each location in the order of its files, the location with most images first.

    A run of images whose times lie before those of earlier files is moved: by whole years where that puts it between
    its neighbours, else by as much as it lacks. The period is by what the camera showed, where the times of the index
    are corrected already. `note` says how many images, and from which file on. Numbers of files that begin anew at 0001
    are no sign.
    """
    timed = index[index["taken_at"].notna()]
    folders = timed["path"].str.replace(r"[^/]*$", "", regex=True)
    groups = timed.groupby([timed["location"].astype("string").fillna(""), folders], sort=False)
    found: list[tuple[int, ClockCorrection]] = []
    for (location, _), own in groups:
        if len(own) > 2 and not own["taken_at"].is_monotonic_increasing:
            found += _of_files(str(location), own.sort_values("path", key=_in_order, kind="stable"))
    found.sort(key=lambda each: -each[0])
    return [correction for _, correction in found[:MOST_PROPOSALS]]


def _of_files(location: str, own: pd.DataFrame) -> list[tuple[int, ClockCorrection]]:
    times = own["taken_at"].to_numpy().astype("datetime64[s]")
    shown = own["camera_time"].fillna(own["taken_at"]) if "camera_time" in own else own["taken_at"]
    latest = np.maximum.accumulate(times)
    behind = (latest - times) > np.timedelta64(BACK_SECONDS, "s")
    starts = np.flatnonzero(behind & ~np.append(False, behind[:-1]))
    began_anew = len(starts) == 1 and behind[-1] and times[-1] <= times[0] and _ends_a_round(own["path"].iloc[-1])
    if not len(starts) or began_anew:
        return []
    found = []
    for start in starts:
        length = int(len(behind) - start if behind[start:].all() else np.argmin(behind[start:]))
        run = times[start : start + length]
        after = times[start + length] if start + length < len(times) else None
        change = _change(run, latest[start], after)
        first, of_camera = own["path"].iloc[start], shown.iloc[start : start + length]
        note = f"{counted(int(length), 'photo')} from {first} on: the files go on, and the clock goes back"
        try:
            correction = ClockCorrection(
                location=location, note=note, since=of_camera.min(), until=of_camera.max(), **change
            )
        except ValidationError:  # more than a hundred years
            continue
        found.append((int(length), correction))
    return found


def _change(run: np.ndarray, before: np.datetime64, after: np.datetime64 | None) -> dict[str, int]:
    """Years that put the run between its neighbours, else the seconds that it lacks."""
    years = int(pd.Timestamp(before).year - pd.Timestamp(run[0]).year)
    for number in (years, years + 1):
        moved = [pd.Timestamp(end) + pd.DateOffset(years=number) for end in (run.min(), run.max())]
        fits = pd.Timestamp(before) <= moved[0] <= pd.Timestamp(before) + pd.Timedelta(days=CLOSE_DAYS)
        fits &= after is None or moved[1] <= pd.Timestamp(after)
        if 0 < number <= LONGEST_YEARS and fits:
            return {"years": int(number)}
    return {"shift_seconds": int((before - run.min()).astype("int64")) + 1}


def _ends_a_round(path: str) -> bool:
    """Whether a file's number is among the last of its digits, as `IMG_9998.JPG`: the next one begins at 0001."""
    numbers = re.findall(r"\d+", path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return bool(numbers) and numbers[-1].startswith("9") and len(numbers[-1]) >= FEWEST_DIGITS


def _in_order(paths: pd.Series) -> pd.Series:
    """Names whose numbers count: `2.jpg` before `10.jpg`."""
    return paths.map(lambda path: re.sub(r"\d+", lambda number: number[0].zfill(12), path))
