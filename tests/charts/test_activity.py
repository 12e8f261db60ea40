"""Species through the hours of the day."""

import pandas as pd

from wildcam.charts.activity import activity_by_hour


def test_a_row_is_darkest_at_the_busiest_hour_of_its_species() -> None:
    counts = pd.DataFrame([[0] * 23 + [4], [10] + [5] * 23], index=["<b>owl</b>", "fox"], columns=range(24))
    heat = activity_by_hour(counts).data[0]
    assert heat.z[0].tolist() == [0] * 23 + [1]
    assert heat.z[1].tolist() == [1] + [0.5] * 23
    assert heat.customdata[0][23].tolist() == ["&lt;b&gt;owl&lt;/b&gt;", 4]


def test_a_species_without_images_is_a_blank_row() -> None:
    heat = activity_by_hour(pd.DataFrame([[0] * 24], index=["fox"], columns=range(24))).data[0]
    assert not heat.z.any()
