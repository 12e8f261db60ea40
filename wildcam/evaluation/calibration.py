"""The temperature that calibrates a model, and how well a model is calibrated."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from wildcam.serving.calibration import scale_temperature

LEAST, MOST = 0.05, 20.0
"""The bounds of the search: they are reached where all answers are right, or none."""


def fit_temperature(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    """The temperature with the least cross-entropy (Guo et al. 2017), from LEAST to MOST.

    `probabilities`: (N, C), N > 0, at temperature 1; `targets`: (N,), positions of the ground-truth classes.
    """

    def loss(logarithm: float) -> float:
        of_target = scale_temperature(probabilities, float(np.exp(logarithm)))[np.arange(len(targets)), targets]
        return float(-np.log(np.maximum(of_target, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(LEAST), np.log(MOST)), method="bounded")
    return float(np.exp(found.x))


def reliability_bins(
    confidence: NDArray[np.float64], correct: NDArray[np.float64], bins: int
) -> tuple[float, pd.DataFrame]:
    """Expected calibration error (Naeini et al. 2015; Guo et al. 2017), 0–1, and the bins of a reliability diagram.

    `confidence`: of each answer, (N,), 0–1; `correct`: 1 where it is the right one, (N,). `confidence, accuracy,
    images` a bin, of equal width; empty ones are left out.
    """
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    table = (
        pd.DataFrame({"bin": bin_of, "confidence": confidence, "accuracy": correct})
        .groupby("bin")
        .agg(confidence=("confidence", "mean"), accuracy=("accuracy", "mean"), images=("accuracy", "size"))
    )
    gaps = (table["confidence"] - table["accuracy"]).abs() * table["images"]
    return float(gaps.sum() / max(len(confidence), 1)), table.reset_index(drop=True)
