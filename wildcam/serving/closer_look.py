"""A closer look: a part of the image at full resolution, weighed with the views of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildcam.images import Box

DEFAULT_WEIGHT = 0.5
"""Of a model whose card has no measurement."""


@dataclass(frozen=True)
class CloserLook:
    """What the model says of a part of the image at full resolution (rule 7)."""

    window: Box
    of_detector: bool  # whether a detector's box chose the part, and not the evidence
    species: str
    p_species: float
    weight: float  # 0–1, of this look; the views have the rest


@dataclass(frozen=True, eq=False)
class Closer:
    """A closer look before the verdict: where it looked, and its probabilities, float32, (C,)."""

    window: Box
    of_detector: bool
    probabilities: NDArray[np.float32]
    weight: float

    def look(self, classes: Sequence[str]) -> CloserLook:
        """As the verdict keeps it."""
        winner = int(self.probabilities.argmax())
        return CloserLook(
            self.window, self.of_detector, classes[winner], float(self.probabilities[winner]), self.weight
        )


def weigh(probabilities: NDArray[np.float32], closer: Closer | None) -> NDArray[np.float32]:
    """The mean of the views, (V, C), weighed with the closer look where there is one. (C,)"""
    mean = probabilities.mean(axis=0)  # (C,)
    return mean if closer is None else (1 - closer.weight) * mean + closer.weight * closer.probabilities
