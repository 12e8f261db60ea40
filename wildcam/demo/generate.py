"""The demo as a whole: planned, drawn, and written complete or not at all."""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import numpy as np

from wildcam import atomic
from wildcam.counting import counted
from wildcam.demo.camera import Camera
from wildcam.demo.plan import TEST, TRAIN, Planner, Shot
from wildcam.demo.records import DemoSource, Developed, write_records
from wildcam.errors import DataError, UsageError

MIN_IMAGES = 120
"""Fewer cannot have every location and species."""

_PLAN, _DAMAGE, _RECORDS = 10, 11, 12  # Streams of random numbers.


def generate_demo(
    target_dir: Path,
    *,
    images: int = 3000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DemoSource:
    """Write a data set in the form of iWildCam 2020 into the new folder `target_dir`.

    The same number and seed give the same bytes. `progress` is called with images done and in all.
    Raises `DataError` if the folder exists, `UsageError` for fewer than `MIN_IMAGES`
    images or a negative seed.
    """
    if images < MIN_IMAGES:
        raise UsageError(
            f"{counted(images, 'photo is', 'photos are')} too few for the demo: choose {MIN_IMAGES} or more."
        )
    if seed < 0:
        raise UsageError(f"{seed} cannot be a seed: it must be 0 or more.")
    if target_dir.exists():
        raise DataError(f"{target_dir} exists; the demo is written into a new folder. Choose another, or delete it.")
    with atomic.new_folder(target_dir) as folder:
        _write(DemoSource.under(folder), images, seed, progress)
    return DemoSource.under(target_dir)


def _write(source: DemoSource, images: int, seed: int, progress: Callable[[int, int], None] | None) -> None:
    shots = Planner(np.random.default_rng([seed, _PLAN])).plan(images)
    damaged = _choose_damaged(shots, np.random.default_rng([seed, _DAMAGE]))
    for subset in (TRAIN, TEST):
        (source.images_dir / subset).mkdir()
    developed = []
    for location, its_shots in groupby(shots, key=lambda shot: shot.event.location):
        camera = Camera(location, seed)
        for shot in its_shots:
            image = camera.take(shot)
            kept = damaged.get(shot.image_id, 1.0)
            jpeg = image.jpeg[: int(len(image.jpeg) * kept)]
            (source.images_dir / location.subset / f"{shot.image_id}.jpg").write_bytes(jpeg)
            developed.append(Developed(shot, image.boxes, readable=shot.image_id not in damaged))
            if progress:
                progress(len(developed), images)
    write_records(source, developed, np.random.default_rng([seed, _RECORDS]))


def _choose_damaged(shots: list[Shot], rng: np.random.Generator) -> dict[str, float]:
    """Two train images and the part of their bytes that reaches the disk: nothing, and less than half.

    Rare species are spared; the tail is short enough.
    """
    common = [shot.image_id for shot in shots if shot.event.location.subset == TRAIN and shot.event.label == "empty"]
    nothing, part = rng.choice(len(common), 2, replace=False)
    return {common[nothing]: 0.0, common[part]: 0.4}
