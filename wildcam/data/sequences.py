"""Bursts (sequences): images of one event at one location."""

import numpy as np
import pandas as pd

GAP_SECONDS = 60
"""Images of one location this close in time are one burst where the source names none."""

BLOCK_LENGTH = 50
"""Images in a row that count as one event where the source has neither bursts nor times."""


def sequence_of(index: pd.DataFrame, *, gap_seconds: float = GAP_SECONDS) -> pd.Series:
    """The number of the burst of every row, int64: by the source's ids, else by time, else by blocks of files.

    Where times are unknown, frames of one event are close in file name too, so a block of `BLOCK_LENGTH`
    consecutive names of a location counts as one event.
    """
    location = pd.factorize(index["location"], use_na_sentinel=False)[0]
    named = index["sequence_id"].notna().to_numpy()
    timed = index["taken_at"].notna().to_numpy() & ~named
    rest = ~named & ~timed
    events = np.full(len(index), -1, dtype=np.int64)
    events[named] = pd.factorize(index["sequence_id"][named])[0]
    events[timed] = _by_time(location[timed], index["taken_at"][timed].to_numpy(), gap_seconds) + _next(events)
    events[rest] = _by_block(location[rest], index["path"][rest].to_numpy()) + _next(events)
    return pd.Series(events, index=index.index)


def needs_blocks(index: pd.DataFrame) -> bool:
    """Whether the source has neither bursts nor times, so that `sequence_of` falls back to blocks."""
    return bool(index["sequence_id"].isna().all() and index["taken_at"].isna().all())


def _next(events: np.ndarray) -> int:
    return int(events.max(initial=-1)) + 1


def _by_time(location: np.ndarray, taken_at: np.ndarray, gap_seconds: float) -> np.ndarray:
    order = np.lexsort((taken_at, location))
    gap = np.timedelta64(round(gap_seconds * 1000), "ms")
    starts = (np.diff(location[order], prepend=-1) != 0) | (np.diff(taken_at[order], prepend=taken_at[:1]) > gap)
    return _unsort(np.cumsum(starts), order)


def _by_block(location: np.ndarray, paths: np.ndarray) -> np.ndarray:
    order = np.lexsort((paths.astype(str), location))
    ordered = location[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1) != 0)
    position = np.arange(len(ordered)) - np.repeat(first, np.diff(np.append(first, len(ordered))))
    return _unsort(np.cumsum(position % BLOCK_LENGTH == 0), order)


def _unsort(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    result = np.empty_like(values)
    result[order] = values
    return result
