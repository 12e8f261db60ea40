"""Filters of the gallery."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from wildcam.data.catalog import Status
from wildcam.data.photograph_filter import PhotographFilter
from wildcam.data.splits import Side


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
        (PhotographFilter(first_day=date(2014, 3, 2)), 18),
        (PhotographFilter(first_day=date(2014, 3, 2), last_day=date(2014, 3, 2)), 9),
        (PhotographFilter(by_day=True), 27),
        (PhotographFilter(by_day=False), 0),
    ],
)
def test_only_rows_that_fit_everything_asked_are_kept(index: pd.DataFrame, asked: PhotographFilter, count: int) -> None:
    assert len(asked.rows(index)) == count


def test_a_photograph_whose_time_side_or_colour_is_not_known_fits_no_question_about_it(index: pd.DataFrame) -> None:
    index = index.assign(taken_at=index["taken_at"].mask(index.index < 9))
    assert len(PhotographFilter(by_day=True).rows(index)) == 18
    assert len(PhotographFilter(last_day=date(2020, 1, 1)).rows(index)) == 18
    sides = pd.Series([Side.VAL, Side.TRAIN, *[None] * 25], index=index.index, dtype="category")
    assert PhotographFilter(side=Side.VAL).rows(index, sides=sides).index.tolist() == [0]
    infrared = pd.Series([True, False, *[pd.NA] * 25], index=index.index, dtype="boolean")
    assert PhotographFilter(infrared=False).rows(index, infrared=infrared).index.tolist() == [1]
    assert PhotographFilter(infrared=True).rows(index).empty
