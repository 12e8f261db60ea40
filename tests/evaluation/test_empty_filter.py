"""Stage 1 as a filter, by hand and against scikit-learn's definitions."""

import pandas as pd
import pytest

from wildcam.evaluation.empty_filter import empty_filter, operating_points

P_EMPTY = {"animal": (0.1, 0.3, 0.8), "empty": (0.2, 0.6, 0.9)}


@pytest.fixture
def scored(score_rows) -> pd.DataFrame:
    return score_rows(
        [
            {"ground_truth": ground_truth, "label": "animal", "p_empty": p}
            for ground_truth, shares in P_EMPTY.items()
            for p in shares
        ]
    )


def test_of_nine_pairs_six_are_ordered_rightly(scored: pd.DataFrame) -> None:
    assert empty_filter(scored).auroc == pytest.approx(6 / 9)  # pairs (animal, empty) in which the animal is less empty


def test_average_precision_by_hand(scored: pd.DataFrame) -> None:
    # by rising p_empty: animal, empty, animal, empty, animal, empty
    assert empty_filter(scored).average_precision == pytest.approx((1 / 1 + 2 / 3 + 3 / 5) / 3)


def test_a_threshold_costs_animals_and_saves_work(scored: pd.DataFrame) -> None:
    costs = empty_filter(scored).costs.set_index("threshold")
    assert costs.loc[0.5].tolist() == pytest.approx([1 / 3, 3 / 6])
    assert costs.loc[0.85].tolist() == pytest.approx([0, 1 / 6])
    points = operating_points(costs.reset_index())
    assert points["threshold"].tolist() == pytest.approx([0.81] * len(points))  # whoever loses less than a third
    assert points["saved"].tolist() == pytest.approx([1 / 6] * len(points))


def test_the_curves_reach_both_ends(scored: pd.DataFrame) -> None:
    found = empty_filter(scored)
    assert found.roc[["retained_blanks", "animal_recall"]].iloc[[0, -1]].values.tolist() == [[0, 0], [1, 1]]
    assert found.precision_recall["recall"].iloc[[0, -1]].tolist() == [1, 0]


def test_without_empty_ones_or_probabilities_there_is_no_filter(scored: pd.DataFrame) -> None:
    assert empty_filter(scored[scored["ground_truth"] == "animal"]) is None
    assert empty_filter(scored.assign(p_empty=None)) is None
