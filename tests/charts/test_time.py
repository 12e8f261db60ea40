"""Images through the day and the year."""

import pandas as pd

from wildcam.charts.style import ROLE_COLOURS
from wildcam.charts.time import images_by_hour, images_by_month


def test_hours_are_stacked_by_what_the_images_show() -> None:
    hours = pd.DataFrame(
        {"hour": range(3), "animal": [1, 2, 3], "empty": [4, 0, 0], "other": [0, 0, 0], "unlabelled": 0}
    )
    figure = images_by_hour(hours)
    assert figure.layout.barmode == "stack"
    assert {bar.name: list(bar.y) for bar in figure.data} == {"Animal": [1, 2, 3], "Empty": [4, 0, 0]}
    assert figure.data[0].marker.color == ROLE_COLOURS["animal"]


def test_months_stand_in_the_order_of_the_year() -> None:
    months = pd.DataFrame({"month": range(1, 13), "animal": range(12), "empty": 0, "other": 0, "unlabelled": 0})
    figure = images_by_month(months)
    assert "".join(figure.layout.xaxis.ticktext) == "JFMAMJJASOND"
    assert list(figure.data[0].x) == list(range(1, 13))


def test_images_without_a_label_are_counted_too() -> None:
    hours = pd.DataFrame({"hour": range(3), "animal": [1, 0, 0], "empty": 0, "other": 0, "unlabelled": [0, 7, 0]})
    assert {bar.name: sum(bar.y) for bar in images_by_hour(hours).data}["no label"] == 7
