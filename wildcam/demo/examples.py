"""A few drawn photos to try a model on, without a data set."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from wildcam.demo.camera import Camera
from wildcam.demo.generate import MIN_IMAGES
from wildcam.demo.light import is_day
from wildcam.demo.plan import TEST, Planner, Shot

SEED = 7
"""Not that of the demo data set: no model has been trained on these."""


@dataclass(frozen=True)
class Example:
    """A photo as the bytes of a JPEG, with what it shows."""

    name: str
    jpeg: bytes
    label: str


def draw_examples(count: int = 3, seed: int = SEED) -> list[Example]:
    """Photos by day of the most frequent labels, animals first, at locations of the test subset.

    The same for the same seed.
    """
    plan = Planner(np.random.default_rng(seed)).plan(MIN_IMAGES)
    often = Counter(shot.event.label for shot in plan)
    shots = [shot for shot in plan if shot.event.location.subset == TEST]
    first_of: dict[str, Shot] = {}
    for shot in sorted(shots, key=lambda shot: (not is_day(shot.taken_at), -often[shot.event.label], shot.image_id)):
        first_of.setdefault(shot.event.label, shot)
    animals = [shot for label, shot in first_of.items() if label != "empty"][: count - 1]
    chosen = [*animals, *(shot for label, shot in first_of.items() if label == "empty")][:count]
    return [
        Example(f"{shot.image_id}.jpg", Camera(shot.event.location, seed).take(shot).jpeg, shot.event.label)
        for shot in chosen
    ]
