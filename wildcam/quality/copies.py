"""Images that repeat another: the same bytes, or nearly the same scene a moment later."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.catalog import Status
from wildcam.quality.table import HASH_COLUMNS

Positions = NDArray[np.intp]
"""Row numbers, from 0."""


@dataclass(frozen=True)
class Copies:
    """Images that repeat another, in the index's order; all arrays (N,)."""

    rows: Positions
    like: Positions  # the image that each was compared with
    first: Positions  # the first of its group
    bits: NDArray[np.int64]  # in which the two perceptual hashes differ


def duplicates(quality: pd.DataFrame) -> Copies:
    """Readable files with the bytes of an earlier row's file."""
    readable = np.flatnonzero(quality["status"].isin([Status.OK, Status.DAMAGED]) & quality["digest"].notna())
    code, digests = pd.factorize(quality["digest"].iloc[readable])
    first = np.zeros(len(digests), dtype=np.intp)
    first[code[::-1]] = readable[::-1]  # the last to write is the first row
    original = first[code]
    is_copy = original != readable
    return Copies(readable[is_copy], original[is_copy], original[is_copy], np.zeros(is_copy.sum(), dtype=np.int64))


def near_identical(index: pd.DataFrame, quality: pd.DataFrame, most_bits: int) -> Copies:
    """Images whose hash differs in at most `most_bits` bits from that of the one before at the same location, by time.

    Of a still scene, each image is compared with its neighbour: the first and the last of a long group may
    differ more. Duplicates are left out.
    """
    is_single = quality["status"].isin([Status.OK, Status.DAMAGED]).to_numpy(copy=True)
    is_single[duplicates(quality).rows] = False
    rows, location = _in_time_order(index, np.flatnonzero(is_single))
    hashes = quality[list(HASH_COLUMNS)].iloc[rows].to_numpy(np.uint64)  # (N, 4)
    bits = np.bitwise_count(hashes[1:] ^ hashes[:-1]).sum(axis=1, dtype=np.int64)
    is_near = (bits <= most_bits) & (location[1:] == location[:-1])
    is_first = np.append(True, ~is_near)[: len(rows)]
    first = rows[is_first][np.cumsum(is_first) - 1]
    order = np.argsort(rows[1:][is_near])
    return Copies(*(values[is_near][order] for values in (rows[1:], rows[:-1], first[1:], bits)))


def _in_time_order(index: pd.DataFrame, rows: Positions) -> tuple[Positions, NDArray[np.intp]]:
    """The rows location by location, each by time, and the numbers of their locations. Where times are equal or
    unknown: by burst and frame, then by file name.
    """
    table = index.iloc[rows]
    location = pd.factorize(table["location"], use_na_sentinel=False)[0]
    name = np.empty(len(rows), dtype=np.intp)
    name[table["path"].argsort().to_numpy()] = np.arange(len(rows))
    sequence = pd.factorize(table["sequence_id"], use_na_sentinel=False)[0]
    frame = table["frame"].fillna(-1).to_numpy(np.int64)
    order = np.lexsort((name, frame, sequence, table["taken_at"].to_numpy(), location))
    return rows[order], location[order]
