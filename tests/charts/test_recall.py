"""How much of each class is found."""

import pandas as pd

from wildcam.charts.recall import MOST_CLASSES, recall_bars


def test_each_class_has_its_bar_with_its_size_and_name_as_text() -> None:
    figure = recall_bars(pd.DataFrame({"label": ["fox", "<b>"], "images": [9, 1], "recall": [0.5, 0.0]}))
    assert list(figure.data[0].x) == [0.5, 0.0]
    assert list(figure.data[0].customdata[1]) == ["&lt;b&gt;", 1]


def test_only_the_largest_classes_are_drawn() -> None:
    many = pd.DataFrame({"label": [str(n) for n in range(60)], "images": 1, "recall": 1.0})
    assert len(recall_bars(many).data[0].x) == MOST_CLASSES
