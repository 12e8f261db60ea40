"""What thresholds would have done, by hand."""

import numpy as np
import pytest

from wildcam.evaluation.operating import THRESHOLDS, changed_answers, empty_curve, open_set_auroc, species_curve


def test_stage_1_loses_the_animals_above_the_threshold_and_keeps_the_empties_below() -> None:
    p_empty = np.float32([0.1, 0.3, 0.8, 0.2, 0.6, 0.9])
    curve = empty_curve(p_empty, np.array([False, False, False, True, True, True]))
    assert curve.images == 6
    assert curve.at(curve.missed_animals, 0.5) == pytest.approx(1 / 3, abs=1e-3)  # the one at 0.8
    assert curve.at(curve.retained_blanks, 0.5) == pytest.approx(1 / 3, abs=1e-3)  # the one at 0.2
    assert (curve.at(curve.missed_animals, 0.0), curve.at(curve.retained_blanks, 0.0)) == (1, 0)
    assert (curve.at(curve.missed_animals, 1.0), curve.at(curve.retained_blanks, 1.0)) == (0, 1)


def test_a_validation_without_empty_images_has_a_curve_too() -> None:
    curve = empty_curve(np.float32([0.1, 0.3]), np.array([False, False]))
    assert set(curve.retained_blanks) == {0.0}


def test_stage_2_names_species_of_high_confidence_and_is_scored_on_those() -> None:
    confidence, right = np.float32([0.9, 0.8, 0.55, 0.3]), np.array([True, False, True, True])
    curve = species_curve(confidence, right, np.float32([0.6, 0.1]))
    assert curve.at(curve.named, 0.5) == 0.75
    assert curve.at(curve.correct, 0.5) == pytest.approx(2 / 3, abs=1e-3)
    assert (curve.unseen_images, curve.at(curve.unseen_named, 0.5)) == (2, 0.5)
    assert curve.at(curve.correct, 1.0) == 1  # nothing is named, nothing is wrong


def test_without_unseen_species_nothing_is_said_of_them() -> None:
    curve = species_curve(np.float32([0.9]), np.array([True]), np.zeros(0, np.float32))
    assert curve.unseen_named == ()


def test_every_threshold_has_its_value() -> None:
    curve = species_curve(np.float32([0.9]), np.array([True]), np.float32([0.2]))
    assert len(curve.named) == len(curve.correct) == len(curve.unseen_named) == len(THRESHOLDS)
    assert all(curve.at(curve.named, threshold) == (threshold <= 0.9) for threshold in THRESHOLDS[:90])


def test_known_and_unseen_are_separated_by_confidence() -> None:
    assert open_set_auroc(np.float32([0.9, 0.8]), np.float32([0.3, 0.2])) == 1
    assert open_set_auroc(np.float32([0.9, 0.2]), np.float32([0.9, 0.2])) == 0.5


def test_an_answer_changes_with_the_class_or_with_being_given_at_all() -> None:
    first = np.array([[0.6, 0.4], [0.7, 0.3], [0.41, 0.39], [0.2, 0.8]], np.float32)
    second = np.array([[0.4, 0.6], [0.6, 0.4], [0.38, 0.37], [0.3, 0.7]], np.float32)
    assert changed_answers(first, second) == 0.25
    assert changed_answers(first, second, unknown_threshold=0.4) == 0.5
    assert changed_answers(first, second, unknown_threshold=0.9) == 0
