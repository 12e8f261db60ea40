"""Sizes of the sides."""

import pandas as pd

from wildcam.charts.splits import side_sizes


def test_sides_without_photographs_have_no_bar() -> None:
    sides = pd.DataFrame(
        {"side": ["train", "id_val", "val", "test"], "photographs": [70, 30, 0, 0], "share": [0.7, 0.3, 0, 0]}
    )
    figure = side_sizes(sides)
    assert list(figure.data[0].x) == [70, 30]
    assert list(figure.data[0].text) == ["70.0%", "30.0%"]
    assert figure.layout.yaxis.ticktext == ("Training", "Validation: same cameras")
