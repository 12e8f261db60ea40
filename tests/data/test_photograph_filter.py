"""Filters of the gallery."""

from collections.abc import Callable

import pandas as pd
import pytest

from wildcam.data.catalog import Status
from wildcam.data.photograph_filter import PhotographFilter


@pytest.fixture
def index(cameras: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    table = cameras(cameras=3, days=3)
    table.loc[:2, "label"] = None
    table["status"] = table["status"].cat.add_categories([Status.MISSING.value])
    table.loc[3, "status"] = Status.MISSING.value
    return table


def test_no_filter_keeps_every_row_in_its_order(index: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(PhotographFilter().rows(index), index)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (PhotographFilter(label="fox"), 18),
        (PhotographFilter(labelled=False), 3),
        (PhotographFilter(location="camera 1"), 9),
        (PhotographFilter(status=Status.MISSING), 1),
        (PhotographFilter(label="empty", location="camera 1"), 3),
        (PhotographFilter(label="owl"), 0),
    ],
)
def test_only_rows_that_fit_everything_asked_are_kept(index: pd.DataFrame, asked: PhotographFilter, count: int) -> None:
    assert len(asked.rows(index)) == count
