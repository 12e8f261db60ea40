"""The charts of an evaluation and of a study hold the numbers that they are given."""

import pandas as pd
import pytest

from wildcam.charts.confusion import GROUND_TRUTH, LABEL, confusion_matrix
from wildcam.charts.empty_filter import filter_costs, precision_recall, roc
from wildcam.charts.studies import conditions, curves

COUNTS = pd.DataFrame({"fox": [8, 1], "<b>deer</b>": [2, 0]}, index=["fox", "<b>deer</b>"])


def test_a_cell_has_its_count_or_its_share_of_the_row() -> None:
    by_count, by_share = (confusion_matrix(COUNTS, by_share=share) for share in (False, True))
    assert by_count.data[0].z[0][0] == pytest.approx(0.90309)  # the decimal logarithm
    assert by_share.data[0].z[0].tolist() == pytest.approx([0.8, 0.2])
    assert (by_share.data[0].zmin, by_share.data[0].zmax) == (0, 1)


def test_only_cells_with_images_can_be_clicked_and_carry_their_labels() -> None:
    cells = confusion_matrix(COUNTS).data[1]
    assert [(cell[GROUND_TRUTH], cell[LABEL]) for cell in cells.customdata] == [
        ("fox", "fox"),
        ("fox", "<b>deer</b>"),
        ("<b>deer</b>", "fox"),
    ]
    assert cells.customdata[1][1] == "&lt;b&gt;deer&lt;/b&gt;"


def test_the_filters_curves_have_their_thresholds() -> None:
    costs = pd.DataFrame({"threshold": [0.1, 0.9], "missed_animals": [0.5, 0.0], "saved": [0.7, 0.1]})
    line = filter_costs(costs).data[0]
    assert (line.x.tolist(), line.y.tolist()) == ([0.7, 0.1], [0.5, 0.0])
    assert line.customdata.ravel().tolist() == [0.1, 0.9]
    points = pd.DataFrame({"threshold": [1.0], "retained_blanks": [0.2], "animal_recall": [0.9]})
    assert len(roc(points).data) == 2  # with chance
    assert precision_recall(points.set_axis(["threshold", "precision", "recall"], axis=1)).data[0].x.tolist() == [0.9]


def test_a_condition_has_its_interval() -> None:
    figures = pd.DataFrame(
        [("one", 0.5, 0.4, 0.7), ("two", 0.6, None, None)], columns=["condition", "value", "low", "high"]
    )
    marks = conditions(figures, "Accuracy").data[0]
    assert list(marks.customdata) == [" (0.400 to 0.700)", ""]
    assert list(marks.x) == [0.5, 0.6]
    assert list(marks.error_x.array) == pytest.approx([0.2, 0.0])
    assert list(marks.error_x.arrayminus) == pytest.approx([0.1, 0.0])


def test_a_line_is_drawn_for_each_curve_of_each_condition() -> None:
    rows = [
        (condition, name, epoch, epoch / 10)
        for condition in ("with", "without")
        for name in ("train", "validation")
        for epoch in (1, 2)
    ]
    lines = curves(pd.DataFrame(rows, columns=["condition", "curve", "epoch", "value"])).data
    assert [line.name for line in lines] == ["train, with", "validation, with", "train, without", "validation, without"]
    assert len({line.line.dash for line in lines}) == 2
    assert list(lines[0].y) == [0.1, 0.2]
