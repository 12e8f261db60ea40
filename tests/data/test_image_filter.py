"""Filters of the gallery."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from wildcam.data.catalog import Status
from wildcam.data.image_filter import ImageFilter
from wildcam.data.splits import Subset


@pytest.fixture
def index(make_index: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    table = make_index(locations=3, days=3)
    table.loc[:2, "label"] = None
    table["status"] = table["status"].cat.add_categories([Status.MISSING.value])
    table.loc[3, "status"] = Status.MISSING.value
    return table


def test_no_filter_keeps_every_row_in_its_order(index: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(ImageFilter().apply(index), index)


@pytest.mark.parametrize(
    ("image_filter", "count"),
    [
        (ImageFilter(label="fox"), 18),
        (ImageFilter(labelled=False), 3),
        (ImageFilter(location="camera 1"), 9),
        (ImageFilter(status=Status.MISSING), 1),
        (ImageFilter(label="empty", location="camera 1"), 3),
        (ImageFilter(label="owl"), 0),
        (ImageFilter(first_day=date(2014, 3, 2)), 18),
        (ImageFilter(first_day=date(2014, 3, 2), last_day=date(2014, 3, 2)), 9),
        (ImageFilter(by_day=True), 27),
        (ImageFilter(by_day=False), 0),
    ],
)
def test_only_rows_that_match_every_condition_are_kept(
    index: pd.DataFrame, image_filter: ImageFilter, count: int
) -> None:
    assert len(image_filter.apply(index)) == count


def test_an_image_whose_time_subset_or_colour_is_not_known_fits_no_question_about_it(index: pd.DataFrame) -> None:
    index = index.assign(taken_at=index["taken_at"].mask(index.index < 9))
    assert len(ImageFilter(by_day=True).apply(index)) == 18
    assert len(ImageFilter(last_day=date(2020, 1, 1)).apply(index)) == 18
    subsets = pd.Series([Subset.VAL, Subset.TRAIN, *[None] * 25], index=index.index, dtype="category")
    assert ImageFilter(subset=Subset.VAL).apply(index, subsets=subsets).index.tolist() == [0]
    infrared = pd.Series([True, False, *[pd.NA] * 25], index=index.index, dtype="boolean")
    assert ImageFilter(infrared=False).apply(index, infrared=infrared).index.tolist() == [1]
    assert ImageFilter(infrared=True).apply(index).empty
