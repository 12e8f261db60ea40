"""Empty shares with their intervals."""

import pandas as pd
import pytest

from wildcam.charts.empty import empty_share_by_hour, empty_share_by_location, empty_share_by_month


def shares(**first: list) -> pd.DataFrame:
    counts = {"images": [10, 4], "labelled": [10, 4], "empty": [5, 1], "empty_share": [0.5, 0.25]}
    return pd.DataFrame(first | counts | {"low": [0.24, 0.05], "high": [0.76, 0.70]})


def test_a_dot_is_the_share_and_its_bar_the_interval() -> None:
    dots = empty_share_by_hour(shares(hour=[0, 13]), 0.34).data[0]
    assert list(dots.x) == [0, 13]
    assert list(dots.y) == [0.5, 0.25]
    assert list(dots.error_y.array) == pytest.approx([0.26, 0.45])
    assert list(dots.error_y.arrayminus) == pytest.approx([0.26, 0.20])


@pytest.mark.parametrize(
    "figure",
    [
        empty_share_by_hour(shares(hour=[0, 13]), 0.34),
        empty_share_by_month(shares(month=[1, 12]), 0.34),
        empty_share_by_location(shares(location=["a", "b"]), 0.34),
    ],
)
def test_a_line_marks_the_share_of_the_whole_data_set(figure) -> None:
    line = figure.layout.shapes[0]
    assert 0.34 in (line.x0, line.y0)


def test_months_and_cameras_are_named() -> None:
    assert empty_share_by_month(shares(month=[1, 12]), 0.34).data[0].customdata[1][0] == "December"
    locations = empty_share_by_location(shares(location=["<i>a</i>", "b"]), 0.34)
    assert locations.layout.yaxis.ticktext == ("&lt;i&gt;a&lt;/i&gt;", "b")
    assert list(locations.data[0].x) == [0.5, 0.25]
