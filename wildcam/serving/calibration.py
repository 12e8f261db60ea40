"""Confidence that means what it says: temperature scaling (Guo et al. 2017, arXiv:1706.04599)."""

import numpy as np
from numpy.typing import NDArray


def scale_temperature(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Divide the logits by a temperature: above 1 confidence falls, below it rises; the order of the classes stays.

    Logarithms of probabilities are logits up to a constant. float32, (N, C) → float32, (N, C).
    """
    if temperature == 1:
        return probabilities
    logits = np.log(np.maximum(probabilities, 1e-12)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
