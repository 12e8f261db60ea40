"""The time per epoch and the disk space of a run, before it starts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from wildcam.architectures.parameters import count_parameters
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.run import Run
from wildcam.training.recipe import Recipe

BYTES_A_WEIGHT = 4
COPIES = 9
"""Two checkpoints, each with weights, two running means of gradients, the best weights; and the exported graph."""


@dataclass(frozen=True)
class Estimate:
    """Seconds of an epoch, and the run that measured it."""

    seconds: float
    source: str  # the name of that run


def estimate_epoch(recipe: Recipe, images: int, runs: Iterable[Run]) -> Estimate | None:
    """From the newest run on this machine with the same network, images and batches; None where there is none.

    `images`: of the training subset; `runs`: newest first.
    """
    for run in runs:
        alike = all(
            run.params.get(name) == str(getattr(recipe, name)) for name in ("preset", "image_size", "batch_size")
        )
        if not alike:
            continue
        if isinstance(run.facts, LRFinderFacts) and run.facts.seconds_per_step:
            return Estimate(run.facts.seconds_per_step * math.ceil(images / recipe.batch_size), run.name)
        if speed := run.metrics.get("images_per_second"):
            return Estimate(images / speed, run.name)
    return None


def disk_bytes(recipe: Recipe, images: int, classes: int) -> int:
    """The most that a run writes: decoded images, checkpoints, the exported model."""
    pixels = images * recipe.image_size**2 * 3
    return pixels + COPIES * BYTES_A_WEIGHT * count_parameters(recipe.preset, classes, recipe.image_size).total
