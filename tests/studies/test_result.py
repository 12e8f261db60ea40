"""Verdicts, and scores over seeds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from wildcam.evaluation.bootstrap import BootstrapEstimate, mean_of
from wildcam.evaluation.ground_truth import outcome
from wildcam.studies.loss_gap import Answer, Gaps
from wildcam.studies.result import compare, figure, points
from wildcam.studies.scoring import ACCURACY, MACRO_F1, Scorer, evaluated_on


@pytest.mark.parametrize(
    ("draws", "decided", "end"),
    [
        ([0.01, 0.02, 0.03], True, "in accuracy, one is better"),
        ([-0.03, -0.02, -0.01], True, "in accuracy, two is better"),
        ([-0.01, 0.02, 0.03], False, "in accuracy, not decided at this size"),
        ([0.0, 0.0, 0.0], False, "in accuracy, not decided at this size"),
        ([0.2, 0.2, 0.2], False, "in accuracy, not decided at this size"),  # a single location
    ],
)
def test_an_interval_that_includes_zero_decides_nothing(draws: list[float], decided: bool, end: str) -> None:
    found = compare(BootstrapEstimate(float(np.mean(draws)), np.array(draws)), "one", "two", "accuracy")
    assert found.decided is decided
    assert found.sentence.endswith(end)


def test_points_are_hundredths() -> None:
    assert points(BootstrapEstimate(0.05, np.array([0.05, 0.05]))) == "+5.0 points (95 % CI +5.0 to +5.0)"


def test_a_figure_without_draws_has_no_interval() -> None:
    assert figure("cost", "1 view", 2.5).low is None
    assert figure("accuracy", "1 view", BootstrapEstimate(0.5, np.array([0.4, 0.6]))).high == pytest.approx(0.595)


def table(ground_truth: Sequence[str], said: Sequence[str], locations: Sequence[str]) -> pd.DataFrame:
    outcomes = list(map(outcome, ground_truth, said))
    return pd.DataFrame({"ground_truth": ground_truth, "label": said, "location": locations, "outcome": outcomes})


def test_seeds_are_averaged_and_parts_of_the_tail_counted_alone() -> None:
    ground_truth, locations = ["fox", "fox", "deer", "hare"], ["n", "s", "n", "s"]
    first, second = (table(ground_truth, said, locations) for said in (ground_truth, ["fox", "deer", "deer", "fox"]))
    scorer = Scorer.of(first, pd.Series({"fox": 500, "deer": 50, "hare": 2}))
    scores = scorer.scores([first, second])
    assert scores[ACCURACY].value == pytest.approx((1 + 0.5) / 2)
    of_second = f1_score(ground_truth, second["label"], average=None, labels=["deer", "fox", "hare"], zero_division=0)
    assert scores[MACRO_F1].value == pytest.approx((1 + of_second.mean()) / 2)
    assert scores[f"{MACRO_F1}, head"].value == pytest.approx((1 + of_second[1]) / 2)
    assert scores[f"{MACRO_F1}, tail"].value == pytest.approx((1 + of_second[2]) / 2)


def test_the_same_draws_make_a_pair() -> None:
    same = BootstrapEstimate(0.5, np.array([0.2, 0.8]))
    assert (same - same).interval.excludes_zero is False
    assert mean_of([same, BootstrapEstimate(0.7, np.array([0.4, 1.0]))]).draws == pytest.approx([0.3, 0.9])


@pytest.mark.parametrize(
    ("total", "clean", "answer", "decided"),
    [
        ([0.2, 0.3], [-0.1, 0.0], Answer.YES, True),
        ([0.2, 0.3], [0.15, 0.3], Answer.NO, True),
        ([0.2, 0.3], [0.15, 0.1], Answer.UNCLEAR, False),
        ([0.2, -0.1], [-0.1, -0.2], Answer.NO_GAP, False),
    ],
)
def test_the_loss_gap_is_decided_by_its_values_and_not_by_its_sentence(
    total: list[float], clean: list[float], answer: Answer, decided: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps = Gaps(np.array(total), np.array(clean), np.array([0.1, 0.1]), np.array([0.0, 0.0]))
    assert (gaps.answer(), gaps.answer().decided) == (answer, decided)
    assert gaps.verdict().startswith(("Yes: ", "No: ") if decided else "Not decided at this size: ")
    for member in Answer:
        monkeypatch.setattr(member, "display", "in other words")
    assert gaps.answer().decided is decided


def test_photos_without_a_location_are_said_beside_the_locations() -> None:
    scored = pd.DataFrame({"location": [*"0123456789", *([""] * 57)]})
    assert evaluated_on(scored, "test", "sequence").startswith(
        "67 photos of 10 locations, plus 57 photos without one, treated as one location in the intervals (few locations"
    )
