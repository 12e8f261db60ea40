import numpy as np
import pytest

from wildcam.evaluation.metrics import balanced_accuracy, evaluate, macro_f1, majority_class_accuracy

# Class 0: 4 images, 3 found, 1 called class 1. Class 1: 2 images, 1 found, 1 called class 2 (never true).
TARGETS = np.array([0, 0, 0, 0, 1, 1])
PREDICTIONS = np.array([0, 0, 0, 1, 1, 2])


def test_macro_f1_is_the_mean_over_classes_that_occur_in_the_ground_truth():
    f1_of_0, f1_of_1 = 2 * 3 / (2 * 3 + 0 + 1), 2 * 1 / (2 * 1 + 1 + 1)
    assert macro_f1(TARGETS, PREDICTIONS) == pytest.approx((f1_of_0 + f1_of_1) / 2)


def test_balanced_accuracy_weighs_a_rare_class_like_a_common_one():
    assert balanced_accuracy(TARGETS, PREDICTIONS) == pytest.approx((3 / 4 + 1 / 2) / 2)


def test_the_baseline_is_the_share_of_the_most_frequent_class():
    assert majority_class_accuracy(TARGETS) == pytest.approx(4 / 6)


def test_a_card_gets_every_score_by_name():
    scores = evaluate(TARGETS, np.eye(3, dtype=np.float32)[PREDICTIONS], ["a", "b", "c"])
    assert scores == {
        "accuracy": pytest.approx(4 / 6),
        "balanced_accuracy": pytest.approx(0.625),
        "macro_f1": pytest.approx((6 / 7 + 0.5) / 2),
        "majority_class_accuracy": pytest.approx(4 / 6),
    }


def test_stage_1_is_also_scored_by_the_recall_of_both_subsets():
    found = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.6, 0.4]], np.float32)
    scores = evaluate(np.array([0, 0, 1, 1]), found, ["empty", "animal"])
    assert (scores["recall_empty"], scores["recall_animal"]) == (0.5, 0.5)


def test_a_subset_without_images_has_no_recall():
    scores = evaluate(np.array([1, 1]), np.array([[0.2, 0.8], [0.7, 0.3]], np.float32), ["empty", "animal"])
    assert scores["recall_animal"] == 0.5
    assert "recall_empty" not in scores
