"""One process at a time checks a data set."""

import pytest

from wildcam.data.catalog import Dataset
from wildcam.errors import RunError
from wildcam.quality.check import check_dataset
from wildcam.quality.scan_lock import scan_lock_path
from wildcam.runs.lock import Lock, is_held


def test_a_check_scans_and_holds_its_data_set_meanwhile(dataset: Dataset) -> None:
    held = []
    result = check_dataset(dataset, progress=lambda done, total: held.append(is_held(scan_lock_path(dataset))))
    assert (result.finished, result.measured) == (True, 7)
    assert held == [True] * 8
    assert not is_held(scan_lock_path(dataset))


def test_a_second_one_is_refused_with_a_sentence(dataset: Dataset) -> None:
    with Lock.acquire(scan_lock_path(dataset)), pytest.raises(RunError, match="'cards' is being checked already"):
        check_dataset(dataset)
    assert check_dataset(dataset).finished
