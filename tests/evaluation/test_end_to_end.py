"""Final answers against the ground truth: by hand, and against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score

from wildcam.errors import DataError
from wildcam.evaluation.bootstrap import LocationBootstrap, LocationCounts
from wildcam.evaluation.end_to_end import (
    Baseline,
    by_band,
    by_class,
    by_location,
    calibration_error,
    compare,
    confusions,
    end_to_end,
)
from wildcam.evaluation.ground_truth import SCORED_COLUMNS, outcome

ROWS = [  # location, ground truth, verdict, confidence, most likely species
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
def scored() -> pd.DataFrame:
    rows = [
        {
            "image_id": str(number),
            "path": f"{number}.jpg",
            "location": location,
            "sequence_id": "",
            "taken_at": pd.NaT,
            "camera": "",
            "utc_offset": None,
            "second_species": "",
            "ground_truth": ground_truth,
            "label": label,
            "confidence": confidence,
            "agreement": 3,
            "views": 4,
            "p_empty": 0.5,
            "top_labels": np.array(top, object),
            "top_probabilities": np.linspace(0.6, 0.2, len(top)),
            "outcome": outcome(ground_truth, label),
        }
        for number, (location, ground_truth, label, confidence, top) in enumerate(ROWS)
    ]
    return pd.DataFrame(rows)[list(SCORED_COLUMNS)]


def test_every_image_is_accounted_for(scored: pd.DataFrame) -> None:
    found = end_to_end(scored)
    assert found.outcomes == {
        "correct": 4,
        "second_species": 0,
        "missed_animal": 1,
        "retained_blank": 1,
        "wrong_species": 1,
        "not_identified": 1,
        "failed": 1,
    }
    assert sum(found.outcomes.values()) == found.images == 9
    assert found.accuracy.value == pytest.approx(4 / 9)
    assert found.missed_animals == pytest.approx(1 / 6)
    assert found.blank_recall == pytest.approx(2 / 3)
    assert found.top_5 == pytest.approx(3 / 6)  # two foxes and a deer; missed, abstained and failed ones are misses
    assert found.baselines == (Baseline("empty", pytest.approx(1 / 3)), Baseline("fox", pytest.approx(1 / 3)))
    assert (found.locations, found.images_without_location) == (3, 0)


def test_the_scores_are_scikit_learns_with_wilds_rule(scored: pd.DataFrame) -> None:
    found = end_to_end(scored)
    ground_truth, label = scored["ground_truth"], scored["label"]
    assert found.accuracy.value == pytest.approx(accuracy_score(ground_truth, label))
    wilds = f1_score(ground_truth, label, average="macro", labels=sorted(ground_truth.unique()), zero_division=0)
    assert found.macro_f1.value == pytest.approx(wilds)


def test_classes_bands_and_confusions_by_hand(scored: pd.DataFrame) -> None:
    classes = by_class(scored, pd.Series({"fox": 500, "deer": 50, "hare": 3, "empty": 900})).set_index("label")
    assert classes.loc["fox", ["images", "precision", "recall"]].tolist() == [3, 0.5, pytest.approx(1 / 3)]
    assert classes["band"].astype(str).to_dict() == {"fox": "head", "empty": "head", "deer": "middle", "hare": "tail"}
    bands = by_band(classes.reset_index()).set_index("band")
    assert bands["classes"].to_dict() == {"head": 2, "middle": 1, "tail": 1}
    assert bands.loc["tail", "f1"] == 0
    wrong = confusions(scored)
    assert len(wrong) == 5
    assert set(wrong["images"]) == {1}
    assert wrong.set_index(["ground_truth", "label"]).loc[("hare", "failed"), "share"] == 1
    locations = by_location(scored).set_index("location")
    assert locations["accuracy"].to_dict() == {"n": pytest.approx(1 / 3), "s": 0.5, "w": 0.5}


def test_confidence_is_compared_with_accuracy(scored: pd.DataFrame) -> None:
    error, bins = calibration_error(scored, bins=2)
    # below a half: the deer not identified (0.3, most likely a fox, wrong); above: 7 answers, 5 of them right… by hand:
    above = scored[(scored["confidence"] >= 0.5)]
    right = (above["ground_truth"] == above["label"]).mean()
    assert bins["images"].tolist() == [1, 7]
    assert bins["accuracy"].tolist() == [0, pytest.approx(right)]
    expected = (1 * 0.3 + 7 * abs(above["confidence"].mean() - right)) / 8
    assert error == pytest.approx(expected)


def test_two_batches_are_compared_image_by_image(scored: pd.DataFrame) -> None:
    label = ["fox", "fox", *scored["label"][2:-1], "hare"]
    other = scored.assign(label=label, outcome=["correct", "correct", *scored["outcome"][2:-1], "correct"])
    found = compare(scored, other)
    assert (found.only_first, found.only_second) == ((), ("1", "8"))
    assert found.accuracy.value == pytest.approx(-2 / 9)
    assert found.accuracy.low <= found.accuracy.value <= found.accuracy.high
    f1s = [
        f1_score(
            scored["ground_truth"], said, average="macro", labels=sorted(set(scored["ground_truth"])), zero_division=0
        )
        for said in (scored["label"], label)
    ]
    assert found.macro_f1.value == pytest.approx(f1s[0] - f1s[1])


def test_locations_that_agree_and_a_single_location_give_an_interval_without_width() -> None:
    locations = LocationBootstrap(pd.Series(["a", "a", "b", "b"]))
    same = locations.mean(np.array([1.0, 0.0, 1.0, 0.0])).interval
    assert (same.value, same.low, same.high) == (0.5, 0.5, 0.5)
    differ = locations.mean(np.array([1.0, 1.0, 0.0, 0.0])).interval
    assert (differ.low, differ.high) == (0, 1)
    assert LocationBootstrap(pd.Series(["a"] * 4)).mean(np.array([1.0, 0, 0, 0])).interval.low == 0.25


def test_drawing_locations_gives_wider_intervals_than_drawing_images() -> None:
    """Twenty locations of fifty images each, all right or all wrong at a location: the known case of clusters."""
    random = np.random.default_rng(0)
    right = np.repeat(random.random(20) < 0.7, 50).astype(float)
    clustered = LocationBootstrap(pd.Series(np.repeat(np.arange(20), 50).astype(str))).mean(right).interval
    alone = LocationBootstrap(pd.Series(np.arange(1000).astype(str))).mean(right).interval
    width, narrow = clustered.high - clustered.low, alone.high - alone.low
    standard_error = np.sqrt(right.mean() * (1 - right.mean()) / 20)
    assert width == pytest.approx(2 * 1.96 * standard_error, rel=0.2)
    assert narrow == pytest.approx(width / np.sqrt(50), rel=0.2)


@pytest.mark.parametrize("missing", ["", None, float("nan")])
def test_images_without_a_location_are_one_cluster(missing: object) -> None:
    """All wrong where the location is missing, all right elsewhere: one cluster of three, not fifty of fifty-two."""
    locations = pd.Series([*(["n"] * 50), *(["s"] * 50), *([missing] * 50)], dtype=object)
    correct = np.repeat([1.0, 1.0, 0.0], 50)
    bootstrap = LocationBootstrap(locations)
    assert bootstrap.counts == LocationCounts(locations=2, images_without_location=50)
    interval = bootstrap.mean(correct).interval
    as_named = LocationBootstrap(locations.fillna("").replace("", "w")).mean(correct).interval
    assert (interval.low, interval.high) == (as_named.low, as_named.high) == (0, 1)


@pytest.mark.parametrize(
    ("locations", "text"),
    [
        (["n", "s", "n"], "2 locations"),
        (["n"], "1 location"),
        (["n", "", "n"], "1 location, plus 1 photo without one, treated as one location in the intervals"),
        (
            [*"0123456789", *([""] * 57)],
            "10 locations, plus 57 photos without one, treated as one location in the intervals",
        ),
    ],
)
def test_locations_and_images_without_one_are_counted_apart(locations: list[str], text: str) -> None:
    assert LocationCounts.of(pd.Series(locations)).describe() == text


def test_an_evaluation_counts_locations_and_the_images_without_one(scored: pd.DataFrame) -> None:
    found = end_to_end(scored.assign(location=scored["location"].replace("w", "")))
    assert (found.locations, found.images_without_location) == (2, 2)
    assert found.accuracy == end_to_end(scored).accuracy  # two images of one location more, named or not
    assert by_location(scored.assign(location=["n", *[""] * 8]))["images"].tolist() == [8, 1]


def test_batches_without_a_common_image_are_not_compared(scored: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="no photo in common"):
        compare(scored[:4], scored[4:])
