"""Sizes of the subsets of a split."""

import pandas as pd

from wildcam.charts.splits import subset_sizes


def test_subsets_without_images_have_no_bar() -> None:
    subsets = pd.DataFrame(
        {"subset": ["train", "id_val", "val", "test"], "images": [70, 30, 0, 0], "share": [0.7, 0.3, 0, 0]}
    )
    figure = subset_sizes(subsets)
    assert list(figure.data[0].x) == [70, 30]
    assert list(figure.data[0].text) == ["70.0%", "30.0%"]
    assert figure.layout.yaxis.ticktext == ("Training", "Validation (same locations)")
