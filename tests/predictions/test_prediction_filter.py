"""Which rows are shown, and in which order."""

import pandas as pd
import pytest

from wildcam.predictions.prediction_filter import PredictionFilter, SortOrder

TABLE = pd.DataFrame(
    {
        "label": ["fox", "failed", "deer", "fox"],
        "ground_truth": ["fox", "fox", "fox", "deer"],
        "confidence": [0.9, 0.0, 0.4, 0.6],
    }
)


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        (SortOrder.LEAST_CONFIDENT, [2, 3, 0, 1]),
        (SortOrder.MOST_CONFIDENT, [0, 3, 2, 1]),
        (SortOrder.ORIGINAL, [0, 1, 2, 3]),
    ],
)
def test_failed_rows_come_last(order: SortOrder, rows: list[int]) -> None:
    assert PredictionFilter().apply(TABLE, order).index.tolist() == rows


@pytest.mark.parametrize(
    ("chosen", "rows"),
    [
        (PredictionFilter(labels=("fox",)), [0, 3]),
        (PredictionFilter(ground_truth="fox"), [0, 1, 2]),
        (PredictionFilter(labels=("fox",), ground_truth="deer"), [3]),
        (PredictionFilter(min_confidence=0.4, max_confidence=0.6), [2, 3]),
    ],
)
def test_rows_are_chosen_by_verdict_ground_truth_and_confidence(chosen: PredictionFilter, rows: list[int]) -> None:
    assert chosen.apply(TABLE, SortOrder.ORIGINAL).index.tolist() == rows
