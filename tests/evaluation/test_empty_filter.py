"""Stage 1 as a filter, by hand and against scikit-learn's definitions."""

import pandas as pd
import pytest

from wildcam.evaluation.empty_filter import empty_filter, operating_points

P_EMPTY = {"animal": (0.1, 0.3, 0.8), "empty": (0.2, 0.6, 0.9)}


@pytest.fixture
def judged(judge_rows) -> pd.DataFrame:
    return judge_rows(
        [{"truth": truth, "label": "animal", "p_empty": p} for truth, shares in P_EMPTY.items() for p in shares]
    )


def test_of_nine_pairs_six_are_ordered_rightly(judged: pd.DataFrame) -> None:
    assert empty_filter(judged).auroc == pytest.approx(6 / 9)  # pairs (animal, empty) in which the animal is less empty


def test_average_precision_by_hand(judged: pd.DataFrame) -> None:
    # by rising p_empty: animal, empty, animal, empty, animal, empty
    assert empty_filter(judged).average_precision == pytest.approx((1 / 1 + 2 / 3 + 3 / 5) / 3)


def test_a_threshold_costs_animals_and_saves_work(judged: pd.DataFrame) -> None:
    costs = empty_filter(judged).costs.set_index("threshold")
    assert costs.loc[0.5].tolist() == pytest.approx([1 / 3, 3 / 6])
    assert costs.loc[0.85].tolist() == pytest.approx([0, 1 / 6])
    points = operating_points(costs.reset_index())
    assert points["threshold"].tolist() == pytest.approx([0.81] * len(points))  # whoever loses less than a third
    assert points["saved"].tolist() == pytest.approx([1 / 6] * len(points))


def test_the_curves_reach_both_ends(judged: pd.DataFrame) -> None:
    found = empty_filter(judged)
    assert found.roc[["empties_kept", "animals_found"]].iloc[[0, -1]].values.tolist() == [[0, 0], [1, 1]]
    assert found.precision_recall["recall"].iloc[[0, -1]].tolist() == [1, 0]


def test_without_empty_ones_or_probabilities_there_is_no_filter(judged: pd.DataFrame) -> None:
    assert empty_filter(judged[judged["truth"] == "animal"]) is None
    assert empty_filter(judged.assign(p_empty=None)) is None
