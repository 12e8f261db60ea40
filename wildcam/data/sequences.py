"""Bursts (sequences): images of one event at one location, by one camera."""

import numpy as np
import pandas as pd

GAP_SECONDS = 60
"""Images of one location this close in time are one burst where the source names none."""

LONGEST_GAP_HOURS = 24
"""An id that comes again after a longer gap is another burst: cameras and programs count anew."""

BLOCK_LENGTH = 50
"""Images in a row that count as one event where the source has neither bursts nor times."""

SEQUENCE_COLUMNS = ("path", "location", "camera", "sequence_id", "taken_at", "utc_offset")
"""What a burst is told by; a table without `camera` or `utc_offset` is of unknown ones."""


def sequence_of(index: pd.DataFrame, *, gap_seconds: float = GAP_SECONDS) -> pd.Series:
    """The number of the burst of every row, int64: by the source's ids, else by time, else by blocks of files.

    An id counts within its location, and times within a location and a camera; where every one of them names its
    zone, as instants. An image without a time belongs to its neighbours by name that have none either: a block of
    `BLOCK_LENGTH` names at most, which ends where an image with a time lies between.
    """
    location = pd.factorize(index["location"], use_na_sentinel=False)[0]
    camera = _camera(index, location)
    times = instants(index)
    named = index["sequence_id"].notna().to_numpy()
    timed = index["taken_at"].notna().to_numpy() & ~named
    rest = ~named & ~timed
    events = np.full(len(index), -1, dtype=np.int64)
    events[named] = _by_id(location[named], index["sequence_id"][named], times[named])
    events[timed] = _by_time(camera[timed], times[timed], gap_seconds) + _next(events)
    if rest.any():
        events[rest] = _by_block(camera, index["path"].to_numpy(), rest) + _next(events)
    return pd.Series(events, index=index.index)


def known_bursts(index: pd.DataFrame, *, gap_seconds: float = GAP_SECONDS) -> pd.Series:
    """As `sequence_of`, but photos without id and time are each alone: that their files lie side by side does not make
    them one event. "" is an unknown id or camera.
    """
    known = index.reset_index(drop=True)
    for name in {"sequence_id", "camera"} & set(known):
        known[name] = known[name].mask(known[name] == "")
    bursts = sequence_of(known, gap_seconds=gap_seconds).to_numpy()
    alone = (known["sequence_id"].isna() & known["taken_at"].isna()).to_numpy()
    return pd.Series(np.where(alone, _next(bursts) + np.arange(len(known)), bursts), index=index.index)


def one_a_burst(index: pd.DataFrame) -> pd.DataFrame:
    """The rows without those of a burst that a row above them has; one without id and time stands for itself."""
    has_sequence = index["sequence_id"].notna() | index["taken_at"].notna()
    return index[~(has_sequence & sequence_of(index).duplicated())]


def needs_blocks(index: pd.DataFrame) -> bool:
    """Whether the source has neither bursts nor times, so that `sequence_of` falls back to blocks."""
    return bool(index["sequence_id"].isna().all() and index["taken_at"].isna().all())


def instants(index: pd.DataFrame) -> np.ndarray:
    """Times that can be compared within a location, datetime64[ms], (N,): in UTC where all of the location's times
    name their zone, else as the clocks showed them.
    """
    shown = index["taken_at"].astype("datetime64[ms]")
    if "utc_offset" not in index or index["utc_offset"].isna().all():
        return shown.to_numpy()
    unknown = index["utc_offset"].isna() & shown.notna()
    whole = ~unknown.groupby(pd.factorize(index["location"], use_na_sentinel=False)[0]).transform("any")
    ahead = pd.to_timedelta(index["utc_offset"].fillna(0).astype("int64"), unit="min")
    return shown.where(~whole, shown - ahead).astype("datetime64[ms]").to_numpy()


def _camera(index: pd.DataFrame, location: np.ndarray) -> np.ndarray:
    """A number for each location and camera at it."""
    if "camera" not in index or index["camera"].isna().all():
        return location
    codes = pd.factorize(index["camera"], use_na_sentinel=False)[0]
    return pd.factorize(location.astype(np.int64) * (codes.max() + 1) + codes)[0]


def _next(events: np.ndarray) -> int:
    return int(events.max(initial=-1)) + 1


def _by_id(location: np.ndarray, ids: pd.Series, times: np.ndarray) -> np.ndarray:
    """Ids of one location are one burst, as long as no long gap lies between."""
    names = pd.factorize(ids)[0].astype(np.int64)
    keys = pd.factorize(location.astype(np.int64) * (names.max(initial=0) + 1) + names)[0]
    known = ~np.isnat(times)
    order = np.lexsort((times[known], keys[known]))
    gaps = np.diff(times[known][order], prepend=times[known][order][:1]) > np.timedelta64(LONGEST_GAP_HOURS, "h")
    again = gaps & (np.diff(keys[known][order], prepend=-1) == 0)
    if not again.any():
        return keys
    rounds = np.zeros(len(keys), dtype=np.int64)
    rounds[np.flatnonzero(known)[order]] = np.cumsum(again)
    return pd.factorize(keys * (rounds.max() + 1) + rounds)[0]


def _by_time(place: np.ndarray, taken_at: np.ndarray, gap_seconds: float) -> np.ndarray:
    order = np.lexsort((taken_at, place))
    gap = np.timedelta64(round(gap_seconds * 1000), "ms")
    starts = (np.diff(place[order], prepend=-1) != 0) | (np.diff(taken_at[order], prepend=taken_at[:1]) > gap)
    return _unsort(np.cumsum(starts), order)


def _by_block(place: np.ndarray, paths: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The block of each image of `rest`, (N,) bool; the others end a block that they lie in."""
    order = np.lexsort((paths.astype(str), place))
    ordered, wanted = place[order], rest[order]
    starts = np.diff(ordered, prepend=-1) != 0
    starts[1:] |= ~wanted[:-1]
    run = np.cumsum(starts)[wanted]
    first = np.flatnonzero(np.diff(run, prepend=-1) != 0)
    position = np.arange(len(run)) - np.repeat(first, np.diff(np.append(first, len(run))))
    blocks = np.full(len(place), -1, dtype=np.int64)
    blocks[order[wanted]] = np.cumsum(position % BLOCK_LENGTH == 0)
    return blocks[rest]


def _unsort(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    result = np.empty_like(values)
    result[order] = values
    return result
