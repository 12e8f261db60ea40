"""Which temperature makes a model's confidence honest."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from wildcam.serving.calibration import soften

LEAST, MOST = 0.05, 20.0
"""A temperature outside means that the photographs say nothing of it: all answers right, or none."""


def fit_temperature(probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    """The temperature under which the truth is likeliest (Guo et al. 2017), from LEAST to MOST.

    `probabilities`: (N, C), N > 0, at temperature 1; `targets`: (N,), positions of the true classes.
    """

    def loss(logarithm: float) -> float:
        of_truth = soften(probabilities, float(np.exp(logarithm)))[np.arange(len(targets)), targets]
        return float(-np.log(np.maximum(of_truth, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(LEAST), np.log(MOST)), method="bounded")
    return float(np.exp(found.x))
