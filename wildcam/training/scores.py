"""The validation metrics of an epoch, the same for both frameworks."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wildcam.evaluation.metrics import macro_f1


class Scores(BaseModel):
    """Named as the metrics of a run are."""

    model_config = ConfigDict(frozen=True)

    val_loss: float
    val_accuracy: float
    val_macro_f1: float


def score(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> Scores:
    """Cross-entropy, accuracy and macro-F1 of (N, C) probabilities against (N,) positions of classes.

    A probability of zero counts as the least that float32 holds.
    """
    verdicts = probabilities.argmax(axis=1)
    of_target = np.maximum(probabilities[np.arange(len(targets)), targets], np.finfo(np.float32).tiny)
    return Scores(
        val_loss=float(-np.log(of_target, dtype=np.float64).mean()),
        val_accuracy=float((verdicts == targets).mean()),
        val_macro_f1=macro_f1(targets, verdicts),
    )
