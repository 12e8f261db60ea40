"""Final answers against the truth: by hand, and against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score

from wildcam.evaluation.bootstrap import ByLocation
from wildcam.evaluation.end_to_end import (
    by_band,
    by_camera,
    by_class,
    calibration_error,
    compare,
    confusions,
    end_to_end,
)  # fmt: skip
from wildcam.evaluation.truth import JUDGED_COLUMNS, outcome

ROWS = [  # camera, truth, verdict, confidence, likeliest species
    ("n", "fox", "fox", 0.9, ["fox", "deer"]),
    ("n", "fox", "deer", 0.6, ["deer", "fox"]),
    ("n", "fox", "empty", 0.7, []),
    ("s", "deer", "deer", 0.8, ["deer"]),
    ("s", "deer", "unknown", 0.3, ["fox", "hare"]),
    ("s", "empty", "empty", 0.9, []),
    ("s", "empty", "fox", 0.5, ["fox"]),
    ("w", "empty", "empty", 0.8, []),
    ("w", "hare", "failed", 0.0, []),
]


@pytest.fixture
def judged() -> pd.DataFrame:
    rows = [
        {
            "image_id": str(number), "path": f"{number}.jpg", "location": camera, "sequence_id": "", "taken_at": pd.NaT,
            "truth": truth, "label": label, "confidence": confidence, "agreement": 3, "views": 4, "p_empty": 0.5,
            "top_labels": np.array(top, object), "top_probabilities": np.linspace(0.6, 0.2, len(top)), "outcome": outcome(truth, label),
        }
        for number, (camera, truth, label, confidence, top) in enumerate(ROWS)
    ]  # fmt: skip
    return pd.DataFrame(rows)[list(JUDGED_COLUMNS)]


def test_every_photograph_is_accounted_for(judged: pd.DataFrame) -> None:
    found = end_to_end(judged)
    assert found.outcomes == {
        "right": 4, "animal lost": 1, "empty kept": 1, "wrong species": 1, "not named": 1, "failed": 1,
    }  # fmt: skip
    assert sum(found.outcomes.values()) == found.photographs == 9
    assert found.accuracy.value == pytest.approx(4 / 9)
    assert found.animals_lost == pytest.approx(1 / 6)
    assert found.empties_found == pytest.approx(2 / 3)
    assert found.top_5 == pytest.approx(3 / 6)  # two foxes and a deer; lost, open and failed ones are misses
    assert found.floors == {"always empty": pytest.approx(1 / 3), "always fox": pytest.approx(1 / 3)}
    assert found.cameras == 3


def test_the_scores_are_scikit_learns_with_wilds_rule(judged: pd.DataFrame) -> None:
    found = end_to_end(judged)
    truth, label = judged["truth"], judged["label"]
    assert found.accuracy.value == pytest.approx(accuracy_score(truth, label))
    wilds = f1_score(truth, label, average="macro", labels=sorted(truth.unique()), zero_division=0)
    assert found.macro_f1.value == pytest.approx(wilds)


def test_classes_bands_and_confusions_by_hand(judged: pd.DataFrame) -> None:
    classes = by_class(judged, pd.Series({"fox": 500, "deer": 50, "hare": 3, "empty": 900})).set_index("label")
    assert classes.loc["fox", ["photographs", "precision", "recall"]].tolist() == [3, 0.5, pytest.approx(1 / 3)]
    assert classes["band"].astype(str).to_dict() == {"fox": "head", "empty": "head", "deer": "middle", "hare": "tail"}
    bands = by_band(classes.reset_index()).set_index("band")
    assert bands["classes"].to_dict() == {"head": 2, "middle": 1, "tail": 1}
    assert bands.loc["tail", "f1"] == 0
    wrong = confusions(judged)
    assert len(wrong) == 5
    assert set(wrong["photographs"]) == {1}
    assert wrong.set_index(["truth", "label"]).loc[("hare", "failed"), "share"] == 1
    cameras = by_camera(judged).set_index("location")
    assert cameras["accuracy"].to_dict() == {"n": pytest.approx(1 / 3), "s": 0.5, "w": 0.5}


def test_confidence_is_held_against_what_came_true(judged: pd.DataFrame) -> None:
    error, bins = calibration_error(judged, bins=2)
    # below a half: the deer left open (0.3, taken for a fox, wrong); above: 7 answers, 5 of them right… by hand:
    above = judged[(judged["confidence"] >= 0.5)]
    right = (above["truth"] == above["label"]).mean()
    assert bins["photographs"].tolist() == [1, 7]
    assert bins["accuracy"].tolist() == [0, pytest.approx(right)]
    expected = (1 * 0.3 + 7 * abs(above["confidence"].mean() - right)) / 8
    assert error == pytest.approx(expected)


def test_two_ways_are_compared_photograph_by_photograph(judged: pd.DataFrame) -> None:
    label = ["fox", "fox", *judged["label"][2:-1], "hare"]
    other = judged.assign(label=label, outcome=["right", "right", *judged["outcome"][2:-1], "right"])
    found = compare(judged, other)
    assert (found.only_first, found.only_second) == ((), ("1", "8"))
    assert found.accuracy.value == pytest.approx(-2 / 9)
    assert found.accuracy.low <= found.accuracy.value <= found.accuracy.high
    f1s = [f1_score(judged["truth"], said, average="macro", labels=sorted(set(judged["truth"])), zero_division=0)
           for said in (judged["label"], label)]  # fmt: skip
    assert found.macro_f1.value == pytest.approx(f1s[0] - f1s[1])


def test_cameras_that_agree_leave_no_doubt_and_one_camera_gives_no_range() -> None:
    cameras = ByLocation(np.array(["a", "a", "b", "b"], object))
    same = cameras.mean(np.array([1.0, 0.0, 1.0, 0.0])).interval
    assert (same.value, same.low, same.high) == (0.5, 0.5, 0.5)
    differ = cameras.mean(np.array([1.0, 1.0, 0.0, 0.0])).interval
    assert (differ.low, differ.high) == (0, 1)
    assert ByLocation(np.array(["a"] * 4, object)).mean(np.array([1.0, 0, 0, 0])).interval.low == 0.25


def test_drawing_cameras_gives_wider_ranges_than_drawing_photographs() -> None:
    """Twenty cameras of fifty photographs each, all right or all wrong at a camera: the known case of clusters."""
    random = np.random.default_rng(0)
    right = np.repeat(random.random(20) < 0.7, 50).astype(float)
    by_camera_range = ByLocation(np.repeat(np.arange(20), 50).astype(object)).mean(right).interval
    alone = ByLocation(np.arange(1000).astype(object)).mean(right).interval
    width, narrow = by_camera_range.high - by_camera_range.low, alone.high - alone.low
    standard_error = np.sqrt(right.mean() * (1 - right.mean()) / 20)
    assert width == pytest.approx(2 * 1.96 * standard_error, rel=0.2)
    assert narrow == pytest.approx(width / np.sqrt(50), rel=0.2)


def test_a_photograph_without_a_camera_stands_alone() -> None:
    assert ByLocation(np.array(["", "", "a"], object)).cameras == 3
