"""Heat map by occlusion: cover a part of the image, and measure how far the probability of a class falls.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv:1311.2901). It needs the served graph only, no framework.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from wildcam.errors import UsageError

STEPS = 8
"""Positions of the cover along each side."""

COVER = 0.25
"""Side of the cover, as a share of the image's: neighbouring positions overlap by half."""

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Images, uint8 (N, S, S, 3), to probabilities, float32 (N, C)."""


def occlusion_map(predict: Predict, image: NDArray[np.uint8], class_index: int) -> NDArray[np.float32]:
    """How much a class's probability depends on each pixel. uint8, (S, S, 3) → float32, (S, S), 0–1, 1: the most.

    Zero everywhere if no cover lowers it. Raises `UsageError` for another shape.
    """
    if image.ndim != 3 or image.shape[0] != image.shape[1] or image.shape[2] != 3:
        raise UsageError(f"Received a photo of shape {image.shape}: expected a square one, (S, S, 3).")
    side = len(image)
    cover = max(1, round(side * COVER))
    starts = np.linspace(0, side - cover, STEPS).round().astype(int)
    grey = image.mean(axis=(0, 1)).round().astype(np.uint8)
    windows = [np.s_[top : top + cover, left : left + cover] for top in starts for left in starts]
    covered = np.repeat(image[None], len(windows), axis=0)
    for number, window in enumerate(windows):
        covered[number][window] = grey
    before = float(predict(image[None])[0, class_index])
    falls = np.maximum(before - predict(covered)[:, class_index], 0)
    return _spread(falls, windows, side)


def _spread(falls: NDArray[np.float32], windows: list[tuple[slice, slice]], side: int) -> NDArray[np.float32]:
    """To each pixel the mean fall of the covers that lay on it, smoothed by half a step. (P,) → (S, S), 0–1"""
    heat, covers = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
    for fall, window in zip(falls, windows, strict=True):
        heat[window] += fall
        covers[window] += 1
    mean = heat / covers
    if not mean.max() > 0:
        return mean
    grey = Image.fromarray((255 * mean / mean.max()).round().astype(np.uint8))
    blurred = grey.filter(ImageFilter.GaussianBlur(side * (1 - COVER) / (2 * (STEPS - 1))))
    smooth = np.asarray(blurred, np.float32)
    return np.asarray(smooth / smooth.max(), np.float32)
