import numpy as np
import pytest
from sklearn.metrics import log_loss

from wildcam.training.scores import score, score_clean


def test_an_epoch_is_scored_by_loss_accuracy_and_macro_f1():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.8, 0.1], [0.3, 0.6, 0.1]], np.float32)
    targets = np.array([0, 0, 1, 1])
    scores = score(probabilities, targets)
    assert scores.val_loss == pytest.approx(log_loss(targets, probabilities, labels=[0, 1, 2]), abs=1e-6)
    assert scores.val_accuracy == 0.75
    assert scores.val_macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)  # the third class does not occur


def test_a_class_that_was_thought_impossible_costs_much_but_not_infinitely():
    assert 80 < score(np.array([[1.0, 0.0]], np.float32), np.array([1])).val_loss < 100


def test_train_images_are_scored_as_those_of_validation():
    probabilities, targets = np.array([[0.7, 0.3], [0.6, 0.4]], np.float32), np.array([0, 1])
    clean, scores = score_clean(probabilities, targets), score(probabilities, targets)
    assert (clean.train_clean_loss, clean.train_clean_accuracy) == (scores.val_loss, scores.val_accuracy)
