"""The review queue, and suspected label errors."""

import pandas as pd
import pytest

from wildcam.evaluation.inspection import ReviewReason, class_probabilities, review_queue
from wildcam.evaluation.label_errors import suspected_labels


def row(
    ground_truth: str, label: str, p_empty: float | None, agreement: int = 4, **species: float
) -> dict[str, object]:
    ranked = sorted(species.items(), key=lambda item: -item[1])
    return {
        "ground_truth": ground_truth,
        "label": label,
        "p_empty": p_empty,
        "agreement": agreement,
        "confidence": max([p_empty or 0, *species.values()]),
        "top_labels": [name for name, _ in ranked],
        "top_probabilities": [p for _, p in ranked],
    }


@pytest.fixture
def scored(score_rows) -> pd.DataFrame:
    return score_rows(
        [
            row("fox", "fox", 0.1, fox=0.9, deer=0.1),
            row("fox", "fox", 0.1, agreement=2, fox=0.6, deer=0.4),
            row("deer", "deer", 0.1, fox=0.1, deer=0.9),
            row("deer", "fox", 0.0, agreement=3, fox=0.95, deer=0.05),  # a fox that somebody labelled as a deer
            row("empty", "empty", 0.8),
            row("fox", "failed", None) | {"confidence": 0.0, "views": 0, "agreement": 0},
        ]
    )


def test_species_hold_where_there_is_an_animal(scored: pd.DataFrame) -> None:
    two, one = (class_probabilities(scored, two_stages=stages) for stages in (True, False))
    assert two[0] == pytest.approx({"fox": 0.81, "deer": 0.09, "empty": 0.1, "animal": 0.9})
    assert one[0]["fox"] == pytest.approx(0.9)
    assert two[5] == {}


def test_a_label_that_the_model_contradicts_with_high_confidence_is_suspected(scored: pd.DataFrame) -> None:
    found = suspected_labels(scored, class_probabilities(scored, two_stages=True))
    assert found[["image_id", "ground_truth", "suggested_label"]].values.tolist() == [["3", "deer", "fox"]]
    assert found["p_suggested"].iloc[0] == pytest.approx(0.95)


def test_a_confidence_as_low_as_usual_is_no_reason_to_suspect_a_label(score_rows) -> None:
    """Both classes are told apart poorly: 0.45 for the right one is what is usual, and the other is never confident."""
    scored = score_rows([row(name, "fox", 0.0, fox=0.55, deer=0.45) for name in ("fox", "fox", "deer", "deer")])
    assert suspected_labels(scored, class_probabilities(scored, two_stages=True))["ground_truth"].tolist() == [
        "deer",
        "deer",
    ]
    confident = score_rows([row("fox", "fox", 0.0, fox=0.9, deer=0.1), row("deer", "fox", 0.0, fox=0.55, deer=0.45)])
    assert suspected_labels(confident, class_probabilities(confident, two_stages=True)).empty


@pytest.mark.parametrize(
    ("reason", "first", "why", "count"),
    [
        (ReviewReason.HIGH_CONFIDENCE_ERROR, "3", "confidence 95% for fox", 1),
        (ReviewReason.HARDEST, "3", "5% for deer", 5),
        (ReviewReason.DISAGREEMENT, "1", "2 of 4 votes for fox", 2),
        (ReviewReason.LABEL_ERROR, "3", "suggested label fox: 95% against 5%", 1),
    ],
)
def test_the_most_telling_comes_first(
    scored: pd.DataFrame, reason: ReviewReason, first: str, why: str, count: int
) -> None:
    found = review_queue(scored, reason, two_stages=True)
    assert len(found) == count
    assert found.loc[0, ["image_id", "why"]].tolist() == [first, why]
    assert "failed" not in set(found["label"])
