"""Scores of groups that were left out: counted by hand on a few answers."""

import numpy as np
import pytest

from wildcam.evaluation.left_out import species_scores, stage_1_scores


def of(estimates):
    return {found.metric: found for found in estimates}


def test_stage_1_counts_auc_by_group_and_recalls_over_all():
    p_empty = np.array([0.9, 0.2, 0.1, 0.6, 0.7, 0.3], np.float32)
    is_empty = np.array([True, False, False, True, False, False])
    groups = np.array(["a", "a", "a", "b", "b", "c"])
    estimates, of_groups = stage_1_scores(p_empty, is_empty, groups, threshold=0.5)
    assert {score.group: score.value for score in of_groups} == {"a": 1.0, "b": 0.0}  # c has no empty photo
    found = of(estimates)
    assert (found["auc"].value, found["auc"].images) == (0.5, 5)
    assert (found["auc"].low, found["auc"].high) == (0.0, 1.0)
    assert (found["recall_empty"].value, found["recall_empty"].images) == (1.0, 2)
    assert (found["recall_animal"].value, found["recall_animal"].images) == (0.75, 4)


def test_species_are_counted_among_known_and_among_unseen():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.2, 0.8]], np.float32)
    targets, groups = np.array([0, 1, 1, 0]), np.array(["a", "a", "b", "b"])
    unseen, unseen_groups = np.array([0.95, 0.5, 0.2, 0.1], np.float32), np.array(["a", "a", "b", "b"])
    estimates, of_groups = species_scores(probabilities, targets, groups, unseen, unseen_groups, threshold=0.65)
    found = of(estimates)
    assert found["accuracy"].value == 0.5
    assert found["macro_f1"].value == pytest.approx(0.5)
    assert (found["named"].value, found["named"].images) == (0.75, 4)
    assert (found["named_correct"].value, found["named_correct"].images) == (pytest.approx(2 / 3, abs=1e-4), 3)
    assert (found["unseen_named"].value, found["unseen_named"].images) == (0.25, 4)
    assert {score.group: score.value for score in of_groups} == {"a": 0.5, "b": 0.5}


def test_what_was_not_measured_has_no_score():
    nothing = np.zeros(0, np.float32)
    assert species_scores(np.zeros((0, 2), np.float32), np.zeros(0, int), np.array([]), nothing, np.array([]), 0.5) == (
        [],
        [],
    )
    estimates, _ = species_scores(
        np.array([[0.9, 0.1]], np.float32), np.array([0]), np.array(["a"]), nothing, np.array([]), 0.5
    )
    assert "unseen_named" not in of(estimates)
