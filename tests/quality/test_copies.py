"""Which images repeat another: the same bytes, or the same view a moment later."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from wildcam.data.catalog import build_index
from wildcam.quality.copies import duplicates, near_identical
from wildcam.quality.table import HASH_COLUMNS

Table = Callable[..., pd.DataFrame]


def index_of(**columns: object) -> pd.DataFrame:
    names = [f"{number}.jpg" for number in range(len(next(iter(columns.values()))))]
    return build_index({"image_id": names, "path": names} | columns)


def hashes(*bits: int) -> dict[str, object]:
    """Hashes whose lowest so many bits are 1, in the last of the four columns."""
    return dict.fromkeys(HASH_COLUMNS[:3], 7) | {HASH_COLUMNS[3]: [(1 << count) - 1 for count in bits]}


def test_a_duplicate_goes_with_the_first_file_of_its_bytes(quality_of: Table) -> None:
    quality = quality_of(index_of(location=["a"] * 6), digest=["x", "y", "x", "z", "y", "x"])
    copies = duplicates(quality)
    assert copies.rows.tolist() == [2, 4, 5]
    assert copies.first.tolist() == copies.like.tolist() == [0, 1, 0]


def test_files_that_cannot_be_read_are_no_duplicates(quality_of: Table) -> None:
    quality = quality_of(
        index_of(location=["a"] * 4), digest=["x", "x", None, None], status=["ok", "unreadable", "missing", "ok"]
    )
    assert duplicates(quality).rows.tolist() == []


def test_neighbours_are_compared_up_to_the_bits_that_may_differ(quality_of: Table) -> None:
    index = index_of(location=["a"] * 5)
    quality = quality_of(index, **hashes(0, 6, 13, 13, 20))
    copies = near_identical(index, quality, most_bits=6)
    assert copies.rows.tolist() == [1, 3]
    assert copies.like.tolist() == [0, 2]
    assert copies.bits.tolist() == [6, 0]
    assert near_identical(index, quality, most_bits=7).rows.tolist() == [1, 2, 3, 4]
    assert near_identical(index, quality, most_bits=0).rows.tolist() == [3]


def test_bits_differ_in_all_four_columns(quality_of: Table) -> None:
    index = index_of(location=["a"] * 2)
    quality = quality_of(index, **{name: [0, 2**64 - 1] for name in HASH_COLUMNS})
    assert near_identical(index, quality, most_bits=255).rows.tolist() == []
    assert near_identical(index, quality, most_bits=256).bits.tolist() == [256]


def test_a_series_goes_with_its_first_and_each_is_compared_with_the_one_before(quality_of: Table) -> None:
    index = index_of(location=["a"] * 6)
    copies = near_identical(index, quality_of(index, **hashes(0, 5, 10, 40, 41, 60)), most_bits=6)
    assert copies.rows.tolist() == [1, 2, 4]
    assert copies.like.tolist() == [0, 1, 3]
    assert copies.first.tolist() == [0, 0, 3]


def test_neighbours_are_of_one_location_in_the_order_of_time(quality_of: Table) -> None:
    minutes = [3, 1, 2, 2, 1, 3]
    index = index_of(
        location=["a", "b", "a", "b", "a", "b"], taken_at=[pd.Timestamp(2020, 1, 1, 8, minute) for minute in minutes]
    )
    # camera a: rows 4, 2, 0; camera b: rows 1, 3, 5
    copies = near_identical(index, quality_of(index, **hashes(1, 60, 0, 61, 30, 62)), most_bits=6)
    assert dict(zip(copies.rows.tolist(), copies.like.tolist(), strict=True)) == {0: 2, 3: 1, 5: 3}
    assert copies.first.tolist() == [2, 1, 1]


def test_in_the_same_second_the_burst_and_its_frames_tell_the_order(quality_of: Table) -> None:
    index = index_of(
        location=["a"] * 4,
        taken_at=[pd.Timestamp(2020, 1, 1)] * 4,
        sequence_id=["x", "y", "x", "y"],
        frame=[1, 1, 0, 0],
    )
    copies = near_identical(index, quality_of(index, **hashes(0, 30, 1, 60)), most_bits=6)
    assert (copies.rows.tolist(), copies.like.tolist()) == ([0], [2])


@pytest.mark.parametrize("location", ["a", None])
def test_without_times_file_names_tell_the_order(quality_of: Table, location: str | None) -> None:
    index = index_of(location=[location] * 3, path=["2.jpg", "3.jpg", "1.jpg"])
    copies = near_identical(index, quality_of(index, **hashes(0, 30, 1)), most_bits=6)
    assert (copies.rows.tolist(), copies.like.tolist()) == ([0], [2])


def test_duplicates_and_files_that_cannot_be_read_are_no_neighbours(quality_of: Table) -> None:
    index = index_of(location=["a"] * 5)
    quality = quality_of(
        index,
        **hashes(0, 0, 0, 3, 0),
        digest=["x", "x", None, "y", None],
        status=["ok", "ok", "unreadable", "ok", "missing"],
    )
    copies = near_identical(index, quality, most_bits=6)
    assert (copies.rows.tolist(), copies.like.tolist()) == ([3], [0])


def test_nothing_and_one_image_have_no_copies(quality_of: Table) -> None:
    for count in (0, 1):
        index = index_of(location=["a"] * count)
        assert near_identical(index, quality_of(index), most_bits=6).rows.tolist() == []
        assert duplicates(quality_of(index)).rows.tolist() == []


def test_as_many_as_iwildcam_has_are_found_as_one_by_one(quality_of: Table) -> None:
    count, locations = 281_000, 300
    random = np.random.default_rng(0)
    minute = random.permutation(count)
    index = index_of(
        location=[f"camera {number % locations}" for number in range(count)],
        taken_at=pd.Timestamp(2013, 1, 1) + pd.to_timedelta(minute, "min"),
    )
    order = np.lexsort((minute, np.arange(count) % locations))
    is_planted = np.zeros(count, dtype=bool)
    is_planted[1:] = (random.random(count - 1) < 0.1) & (np.diff(np.arange(count)[order] % locations) == 0)
    flipped = random.integers(0, 13, count)
    hash_of = random.integers(0, 2**64, (count, 4), dtype=np.uint64)
    for position in np.flatnonzero(is_planted):
        mask = sum(1 << int(bit) for bit in random.choice(256, flipped[position], replace=False))
        parts = [mask >> shift & (2**64 - 1) for shift in (192, 128, 64, 0)]
        hash_of[order[position]] = hash_of[order[position - 1]] ^ np.array(parts, dtype=np.uint64)
    quality = quality_of(index, **dict(zip(HASH_COLUMNS, hash_of.T, strict=True)))
    copies = near_identical(index, quality, most_bits=6)
    is_near = is_planted & (flipped <= 6)
    expected = {int(order[p]): (int(order[p - 1]), int(flipped[p])) for p in np.flatnonzero(is_near)}
    found = dict(zip(copies.rows.tolist(), zip(copies.like.tolist(), copies.bits.tolist(), strict=True), strict=True))
    assert found == expected
    assert len(found) > 10_000
    assert copies.rows.tolist() == sorted(expected)
    before = {row: like for row, (like, _) in expected.items()}
    for row, first in zip(copies.rows.tolist()[:2000], copies.first.tolist()[:2000], strict=True):
        while row in before:
            row = before[row]
        assert row == first
