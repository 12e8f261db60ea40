"""A few drawn photos to try a model on, without a data set."""

from dataclasses import dataclass

import numpy as np

from wildcam.demo.camera import Camera
from wildcam.demo.generate import MIN_IMAGES
from wildcam.demo.plan import TEST, Planner

SEED = 7
"""Not that of the demo data set: no model has been trained on these."""


@dataclass(frozen=True)
class Example:
    """A photo as the bytes of a JPEG, with what it shows."""

    name: str
    jpeg: bytes
    label: str


def draw_examples(count: int = 3, seed: int = SEED) -> list[Example]:
    """Photos of different labels at locations of the test subset; the first is an animal. The same for the same seed."""
    shots = [
        shot for shot in Planner(np.random.default_rng(seed)).plan(MIN_IMAGES) if shot.event.location.subset == TEST
    ]
    first_of = {}
    for shot in sorted(shots, key=lambda shot: (shot.event.label == "empty", shot.image_id)):
        first_of.setdefault(shot.event.label, shot)
    animals = [shot for label, shot in first_of.items() if label != "empty"][: count - 1]
    chosen = [*animals, *(shot for label, shot in first_of.items() if label == "empty")][:count]
    return [
        Example(f"{shot.image_id}.jpg", Camera(shot.event.location, seed).take(shot).jpeg, shot.event.label)
        for shot in chosen
    ]
