"""The metrics of an epoch, the same for both frameworks."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wildcam.evaluation.metrics import macro_f1


class Scores(BaseModel):
    """On validation; fields have the names of a run's metrics."""

    model_config = ConfigDict(frozen=True)

    val_loss: float
    val_accuracy: float
    val_macro_f1: float


class CleanScores(BaseModel):
    """On training images, measured as on validation; fields have the names of a run's metrics."""

    model_config = ConfigDict(frozen=True)

    train_clean_loss: float
    train_clean_accuracy: float


def score(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> Scores:
    """Cross-entropy, accuracy and macro-F1 of (N, C) probabilities against (N,) positions of classes."""
    return Scores(
        val_loss=_cross_entropy(probabilities, targets),
        val_accuracy=_accuracy(probabilities, targets),
        val_macro_f1=macro_f1(targets, probabilities.argmax(axis=1)),
    )


def score_clean(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> CleanScores:
    """Cross-entropy and accuracy of (N, C) probabilities against (N,) positions of classes."""
    return CleanScores(
        train_clean_loss=_cross_entropy(probabilities, targets),
        train_clean_accuracy=_accuracy(probabilities, targets),
    )


def _cross_entropy(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    """A probability of zero counts as the least that float32 holds."""
    of_target = np.maximum(probabilities[np.arange(len(targets)), targets], np.finfo(np.float32).tiny)
    return float(-np.log(of_target, dtype=np.float64).mean())


def _accuracy(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    return float((probabilities.argmax(axis=1) == targets).mean())
