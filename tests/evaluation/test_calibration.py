"""The temperature that synthetic logits were heated by is found again."""

import numpy as np
import pytest

from wildcam.evaluation.calibration import LEAST, fit_temperature
from wildcam.serving.calibration import scale_temperature


def drawn(count: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, (N, C), and targets that are as frequent as these say."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, classes))
    calibrated = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    targets = (calibrated.cumsum(axis=1) < random.random((count, 1))).sum(axis=1)
    return calibrated.astype(np.float32), targets


@pytest.mark.parametrize("heat", [0.4, 1.0, 3.0])
def test_over_and_under_confidence_is_undone(heat: float) -> None:
    calibrated, targets = drawn(20_000, 5)
    distorted = scale_temperature(calibrated, 1 / heat)
    assert fit_temperature(distorted, targets) == pytest.approx(heat, rel=0.05)


def test_the_order_of_the_classes_stays() -> None:
    calibrated, _ = drawn(50, 5)
    assert (scale_temperature(calibrated, 7.0).argsort(axis=1) == calibrated.argsort(axis=1)).all()


def test_a_model_that_is_always_right_gets_the_least_temperature_not_zero() -> None:
    probabilities = np.tile(np.float32([0.6, 0.4]), (10, 1))
    assert fit_temperature(probabilities, np.zeros(10, np.int64)) == pytest.approx(LEAST, rel=0.01)
