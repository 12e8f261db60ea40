"""One process at a time checks a data set."""

import pytest

from wildcam.data.catalog import Dataset
from wildcam.errors import RunError
from wildcam.quality.check import check_dataset
from wildcam.quality.table import scan_lock_path
from wildcam.runs.lock import Lock, is_held


def test_a_check_scans_and_holds_its_data_set_meanwhile(cards: Dataset) -> None:
    held = []
    result = check_dataset(cards, progress=lambda done, total: held.append(is_held(scan_lock_path(cards))))
    assert (result.finished, result.measured) == (True, 7)
    assert held == [True] * 8
    assert not is_held(scan_lock_path(cards))


def test_a_second_one_is_refused_with_a_sentence(cards: Dataset) -> None:
    with Lock.acquire(scan_lock_path(cards)), pytest.raises(RunError, match="'cards' is already being checked"):
        check_dataset(cards)
    assert check_dataset(cards).finished
