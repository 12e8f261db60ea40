"""Scores of a classifier on labelled images, by scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, recall_score


def macro_f1(targets: NDArray[np.int64], predictions: NDArray[np.int64]) -> float:
    """Mean F1 over the classes present in the ground truth, 0–1: WILDS's rule for iWildCam (Koh et al. 2021)."""
    return float(f1_score(targets, predictions, average="macro", labels=np.unique(targets), zero_division=0))


def balanced_accuracy(targets: NDArray[np.int64], predictions: NDArray[np.int64]) -> float:
    """Mean recall over the classes present in the ground truth, 0–1."""
    return float(recall_score(targets, predictions, average="macro", labels=np.unique(targets), zero_division=0))


def majority_class_accuracy(targets: NDArray[np.int64]) -> float:
    """Accuracy of predicting the majority class every time, 0–1: the baseline of a result."""
    return float(np.bincount(targets).max() / len(targets))


def evaluate(
    targets: NDArray[np.int64], probabilities: NDArray[np.float32], classes: Sequence[str]
) -> dict[str, float]:
    """The scores of a card, 0–1. `targets`: int64, (N,), N > 0, positions in `classes`. `probabilities`: (N, C).

    Two classes also get the recall of each: a missed animal costs more than a retained blank, and the
    accuracy hides which of them is more frequent. A class without images has no recall.
    """
    predictions = probabilities.argmax(axis=1)  # (N,)
    scores = {
        "accuracy": float(accuracy_score(targets, predictions)),
        "balanced_accuracy": balanced_accuracy(targets, predictions),
        "macro_f1": macro_f1(targets, predictions),
        "majority_class_accuracy": majority_class_accuracy(targets),
    }
    if len(classes) == 2:
        for position in np.unique(targets):
            found = predictions[targets == position] == position
            scores[f"recall_{classes[position]}"] = float(found.mean())
    return scores
