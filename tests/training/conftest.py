"""Photographs that a network of either framework learns to tell apart in a few epochs."""

import numpy as np
import pytest
from PIL import Image

from wildcam.training.photographs import Photographs
from wildcam.training.trainer import Examples

SIDE = 32


@pytest.fixture(scope="session")
def photographs(tmp_path_factory):
    """40 to train on and 20 to validate on: brownish or greenish noise."""
    folder = tmp_path_factory.mktemp("photographs")
    random = np.random.default_rng(0)
    sides = []
    for side, count in (("train", 40), ("val", 20)):
        targets = np.arange(count) % 2
        paths = []
        for number, target in enumerate(targets):
            colour = np.array([(150, 90, 40), (40, 120, 90)][target])
            pixels = np.clip(colour + random.normal(0, 25, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
            paths.append(folder / f"{side}{number}.png")
            Image.fromarray(pixels).save(paths[-1])
        sides.append(Examples(Photographs(paths, SIDE, folder / f"{side}.npy"), targets.astype(np.int64)))
    return tuple(sides)
