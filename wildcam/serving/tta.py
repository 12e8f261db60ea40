"""Test-time augmentation: the image as it is, and seeded draws from the training transforms."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wildcam.augmentation import Augmentation
from wildcam.changed import changed
from wildcam.counting import counted
from wildcam.errors import UsageError

DEFAULT_VIEWS, MAX_VIEWS = 4, 9
"""As in the experiment: the image and 3 transformed views."""

_MILD = Augmentation(rotation_degrees=5.0, zoom=0.05, brightness=0.05, contrast=0.05)
"""Ranges of the views where a model was trained without augmentation: identical views would repeat one vote."""


@dataclass(frozen=True)
class View:
    """One view of an image; the default values leave it unchanged."""

    flipped: bool = False  # left to right
    rotation_degrees: float = 0.0  # clockwise
    zoom: float = 1.0  # above 1 comes closer
    warp_x: float = 0.0  # perspective: one side grows by this share, the other shrinks
    warp_y: float = 0.0
    brightness: float = 0.0  # added, as a share of full scale
    contrast: float = 1.0  # factor around the mean

    def describe(self) -> str:
        """The caption of the view."""
        parts = [
            "mirrored" if self.flipped else "",
            f"rotated {self.rotation_degrees:+.0f}°" if abs(self.rotation_degrees) >= 0.5 else "",
            f"zoom {self.zoom:.2f}" if abs(self.zoom - 1) >= 0.005 else "",
            "tilted" if max(abs(self.warp_x), abs(self.warp_y)) >= 0.005 else "",
            f"brightness {self.brightness:+.0%}" if abs(self.brightness) >= 0.005 else "",
            f"contrast {self.contrast:.2f}" if abs(self.contrast - 1) >= 0.005 else "",
        ]
        return ", ".join(part for part in parts if part) or "original"


def make_views(count: int, augmentation: Augmentation, seed: int = 0) -> tuple[View, ...]:
    """A fixed set of views: the first is the image as it is, the others are drawn from the training ranges.

    View k is the same whatever `count` is. Half of the drawn views are mirrored where training mirrors half.
    Raises `UsageError` unless `count` is 1 to `MAX_VIEWS`.
    """
    if not 1 <= count <= MAX_VIEWS:
        raise UsageError(f"{counted(count, 'view')} received: expected 1 to {MAX_VIEWS}.")
    only_flips = augmentation == Augmentation(flip=augmentation.flip)
    ranges = changed(_MILD, flip=augmentation.flip) if only_flips else augmentation
    rng = np.random.default_rng(seed)
    drawn = []
    for number in range(1, count):
        turn, zoom, warp_x, warp_y, brightness, contrast = map(float, rng.uniform(-1, 1, size=6))
        drawn.append(
            View(
                flipped=ranges.flip and number % 2 == 1,
                rotation_degrees=ranges.rotation_degrees * turn,
                zoom=1 + ranges.zoom * zoom,
                warp_x=ranges.warp * warp_x,
                warp_y=ranges.warp * warp_y,
                brightness=ranges.brightness * brightness,
                contrast=1 + ranges.contrast * contrast,
            )
        )
    return (View(), *drawn)


def apply_view(image: NDArray[np.uint8], view: View) -> NDArray[np.uint8]:
    """One view of a square image. uint8, (S, S, 3) → uint8, (S, S, 3); beyond the edge the image is mirrored."""
    pixels = image[:, ::-1] if view.flipped else image
    if (view.rotation_degrees, view.zoom, view.warp_x, view.warp_y) != (0, 1, 0, 0):
        pixels = _move(pixels, _source_of_target(view))
    if (view.brightness, view.contrast) != (0, 1):
        mean = pixels.mean()
        table = (np.arange(256) - mean) * view.contrast + mean + 255 * view.brightness
        pixels = np.clip(np.round(table), 0, 255).astype(np.uint8)[pixels]
    return np.ascontiguousarray(pixels)


def _source_of_target(view: View) -> NDArray[np.float64]:
    """The homography from a point in the view to its point in the image, both spanning -1…1. (3, 3)

    The perspective is fastai's `Warp`: opposite corners move apart by the warp's share on one side,
    together on the other.
    """
    angle = math.radians(view.rotation_degrees)
    cos, sin = math.cos(angle) / view.zoom, math.sin(angle) / view.zoom
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    x, y = view.warp_x, view.warp_y
    warp_x = np.array([[1, 0, x], [0, 1 - x * x, 0], [x, 0, 1]])
    warp_y = np.array([[1 - y * y, 0, 0], [0, 1, y], [0, y, 1]])
    return turn @ warp_x @ warp_y


def _move(pixels: NDArray[np.uint8], source_of_target: NDArray[np.float64]) -> NDArray[np.uint8]:
    side = len(pixels)
    to_span = np.array([[2 / side, 0, -1], [0, 2 / side, -1], [0, 0, 1]])
    matrix = np.linalg.inv(to_span) @ source_of_target @ to_span  # in px
    corners = matrix @ np.array([[0, side, 0, side], [0, 0, side, side], [1, 1, 1, 1]])
    reached = corners[:2] / corners[2]
    margin = math.ceil(max(0, -reached.min(), reached.max() - side)) + 1
    padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
    matrix[:2] += margin * matrix[2]
    coefficients = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    moved = Image.fromarray(padded).transform(
        (side, side), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR
    )
    return np.asarray(moved)
