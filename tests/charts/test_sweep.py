"""Parallel coordinates of a sweep."""

import pandas as pd

from wildcam.charts.sweep import parallel_coordinates


def test_numbers_have_an_axis_texts_have_ticks_and_the_score_is_the_colour() -> None:
    varied = pd.DataFrame({"learning_rate": ["0.001", "4e-5", "0.001"], "weights": ["random", "imagenet", None]})
    (drawn,) = parallel_coordinates(varied, pd.Series([0.5, 0.7, 0.6]), "Accuracy").data
    rate, weights, score = drawn.dimensions
    assert list(rate["values"]) == [0.001, 4e-5, 0.001]
    assert [weights.ticktext[code] for code in weights["values"]] == ["random", "imagenet", "–"]
    assert list(drawn.line.color) == list(score["values"]) == [0.5, 0.7, 0.6]
