"""Which rows are shown, and in which order."""

import pandas as pd
import pytest

from wildcam.predictions.choice import Chosen, Order

TABLE = pd.DataFrame(
    {
        "label": ["fox", "failed", "deer", "fox"], "truth": ["fox", "fox", "fox", "deer"], "confidence": [0.9, 0.0, 0.4, 0.6],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("order", "rows"),
    [(Order.LEAST_SURE, [2, 3, 0, 1]), (Order.SUREST, [0, 3, 2, 1]), (Order.AS_THEY_CAME, [0, 1, 2, 3])],
)
def test_what_failed_is_not_unsure(order: Order, rows: list[int]) -> None:
    assert Chosen().of(TABLE, order).index.tolist() == rows


@pytest.mark.parametrize(
    ("chosen", "rows"),
    [
        (Chosen(labels=("fox",)), [0, 3]), (Chosen(truth="fox"), [0, 1, 2]), (Chosen(labels=("fox",), truth="deer"), [3]),
        (Chosen(least=0.4, most=0.6), [2, 3]),
    ],
)  # fmt: skip
def test_rows_are_chosen_by_verdict_truth_and_confidence(chosen: Chosen, rows: list[int]) -> None:
    assert chosen.of(TABLE, Order.AS_THEY_CAME).index.tolist() == rows
