"""The validation metrics of an epoch, the same for both frameworks."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from sklearn.metrics import f1_score


class Scores(BaseModel):
    """Named as the metrics of a run are."""

    model_config = ConfigDict(frozen=True)

    val_loss: float
    val_accuracy: float
    val_macro_f1: float


def score(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> Scores:
    """Cross-entropy, accuracy and macro-F1 of (N, C) probabilities against (N,) positions of classes.

    Macro-F1 by the rule of WILDS: the mean over the classes that occur in `targets`.
    """
    verdicts = probabilities.argmax(axis=1)
    of_target = np.maximum(probabilities[np.arange(len(targets)), targets], np.finfo(np.float32).tiny)
    present = np.unique(targets)
    return Scores(
        val_loss=float(-np.log(of_target, dtype=np.float64).mean()),
        val_accuracy=float((verdicts == targets).mean()),
        val_macro_f1=float(f1_score(targets, verdicts, labels=present, average="macro", zero_division=0)),
    )
