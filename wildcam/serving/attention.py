"""What a model looked at: cover a part of the picture, and see how far the probability of its answer falls.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv:1311.2901). It asks the served graph itself and needs no framework.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import get_colorscale, sample_colorscale

from wildcam.errors import UsageError

STEPS = 8
"""Places of the cover along each side."""

COVER = 0.25
"""Side of the cover, as a share of the picture's: neighbouring places overlap by half."""

COLOURS = "Viridis"  # told apart by colour-blind readers, and in grey
OPACITY = 0.55

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Pictures, uint8 (N, S, S, 3), to probabilities, float32 (N, C)."""


def attention(predict: Predict, picture: NDArray[np.uint8], answer: int) -> NDArray[np.float32]:
    """How much of the answer's probability rests on each place. uint8, (S, S, 3) → float32, (S, S), 0–1, 1 for the most.

    `answer`: position of the class. Zero everywhere where no cover lowers it. Raises `UsageError` for another shape.
    """
    if picture.ndim != 3 or picture.shape[0] != picture.shape[1] or picture.shape[2] != 3:
        raise UsageError(f"Received a picture of shape {picture.shape}: expected a square one, (S, S, 3).")
    side = len(picture)
    cover = max(1, round(side * COVER))
    starts = np.linspace(0, side - cover, STEPS).round().astype(int)
    grey = picture.mean(axis=(0, 1)).round().astype(np.uint8)
    covered = np.repeat(picture[None], STEPS**2, axis=0)
    for number, (top, left) in enumerate((top, left) for top in starts for left in starts):
        covered[number, top : top + cover, left : left + cover] = grey
    before = float(predict(picture[None])[0, answer])
    falls = np.maximum(before - predict(covered)[:, answer], 0).reshape(STEPS, STEPS)
    if not falls.max() > 0:
        return np.zeros((side, side), np.float32)
    heat = Image.fromarray((falls / falls.max()).astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(heat), 0, 1)


def overlay(picture: NDArray[np.uint8], heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture under its heat, in colour. uint8, (S, S, 3), and float32, (S, S), 0–1 → uint8, (S, S, 3)."""
    table = np.array(
        sample_colorscale(get_colorscale(COLOURS), np.linspace(0, 1, 256), colortype="tuple"), dtype=np.float32
    )  # (256, 3), 0–1
    colours = 255 * table[(heat * 255).round().astype(np.uint8)]
    return np.round(picture * (1 - OPACITY) + colours * OPACITY).astype(np.uint8)
