"""Bursts by id, by time, and by blocks of file names."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.sequences import BLOCK_LENGTH, needs_blocks, one_a_burst, sequence_of


def groups(index: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(paths) for _, paths in index["path"].groupby(sequence_of(index))}


def test_the_sources_ids_come_first(make_index: Callable[..., pd.DataFrame]) -> None:
    index = make_index(2, 3)
    assert sequence_of(index).nunique() == 6
    assert groups(index) == {frozenset(rows["path"]) for _, rows in index.groupby("sequence_id", observed=True)}


def test_near_images_of_one_location_are_a_burst() -> None:
    seconds = [0, 60, 121, 0, 5]
    index = build_index(
        {
            "image_id": list("abcde"),
            "path": list("abcde"),
            "location": ["1", "1", "1", "2", None],
            "taken_at": pd.Timestamp("2014-03-01") + pd.to_timedelta(seconds, "s"),
        }
    )
    assert groups(index) == {frozenset("ab"), frozenset("c"), frozenset("d"), frozenset("e")}


def test_without_ids_and_times_blocks_of_names_are_the_bursts() -> None:
    names = [f"{n:04}.jpg" for n in range(2 * BLOCK_LENGTH + 1)]
    shuffled = np.random.default_rng(0).permutation(names)
    index = build_index({"image_id": shuffled, "path": shuffled, "location": ["1"] * len(names)})
    assert needs_blocks(index)
    blocks = sorted(map(sorted, groups(index)))
    assert [len(block) for block in blocks] == [BLOCK_LENGTH, BLOCK_LENGTH, 1]
    assert blocks[0] == names[:BLOCK_LENGTH]


def test_ids_times_and_blocks_do_not_mix() -> None:
    index = build_index(
        {
            "image_id": list("abcdef"),
            "path": list("abcdef"),
            "sequence_id": ["s", "s", None, None, None, None],
            "taken_at": pd.Timestamp("2014-03-01") + pd.to_timedelta([0, None, 0, 30, None, None], "s"),
        }
    )
    assert groups(index) == {frozenset("ab"), frozenset("cd"), frozenset("ef")}
    assert not needs_blocks(index)


def test_an_empty_table_has_no_bursts(make_index: Callable[..., pd.DataFrame]) -> None:
    assert sequence_of(make_index(1, 1).iloc[:0]).empty


def test_one_a_burst_keeps_the_first_of_each_and_all_that_no_burst_is_known_of(
    make_index: Callable[..., pd.DataFrame],
) -> None:
    index = make_index(2, 3)
    backwards = index.iloc[::-1]
    kept = one_a_burst(backwards)
    assert sequence_of(index)[kept.index].is_unique
    assert kept.index[0] == backwards.index[0]
    untold = index.assign(sequence_id=None, taken_at=pd.NaT)
    assert len(one_a_burst(untold)) == len(index)
