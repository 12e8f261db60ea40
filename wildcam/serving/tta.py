"""Test-time augmentation: the image as it is, and changed copies of it, from designed sets or drawn at random."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wildcam.augmentation import Augmentation
from wildcam.changed import changed
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.errors import UsageError

DEFAULT_VIEWS, MAX_VIEWS = 4, 9
"""The default of a model whose card has no measurement: as in the experiment, the image and 3 copies."""

_MILD = Augmentation(rotation_degrees=5.0, zoom=0.05, brightness=0.05, contrast=0.05)
"""Ranges of the views where a model was trained without augmentation: identical views would repeat one vote."""

STRENGTH = 0.5
"""Of a designed change, as a share of the training range: the mean strength of a training draw."""


class ViewSet(Choice):
    """Which changed copies vote. The changes of a designed set cancel out; random draws lean to one side."""

    LIGHT = "light", "mirror, then brighter and darker"
    TURNS = "turns", "mirror, then turned left and right"
    RANDOM = "random", "random draws, as in the experiment"


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


def make_views(
    count: int, augmentation: Augmentation, view_set: ViewSet = ViewSet.LIGHT, seed: int = 0
) -> tuple[View, ...]:
    """The views of an image, the same for every image; the first is the image as it is.

    `augmentation`: the training transforms, which bound every change. A designed set is symmetric about no change: an
    odd number has pairs of opposite changes, an even one the mirror image, too (where training mirrors none, the image
    itself counts twice). `seed`: of the random draws, of which half are mirrored where training mirrors half.
    Raises `UsageError` unless `count` is 1 to `MAX_VIEWS`.
    """
    if not 1 <= count <= MAX_VIEWS:
        raise UsageError(f"{counted(count, 'view')} received: expected 1 to {MAX_VIEWS}.")
    ranges = augmentation if _changes_more_than_the_side(augmentation) else changed(_MILD, flip=augmentation.flip)
    if view_set is ViewSet.RANDOM:
        return (View(), *_draw(count - 1, ranges, seed))
    pairs = _pairs(ranges, view_set)
    even = count % 2 == 0
    chosen = [view for pair in pairs[: (count - 1) // 2] for view in pair]
    return (View(), *([View(flipped=ranges.flip)] if even else []), *chosen)


def _changes_more_than_the_side(augmentation: Augmentation) -> bool:
    return augmentation != Augmentation(flip=augmentation.flip)


def _pairs(ranges: Augmentation, view_set: ViewSet) -> list[tuple[View, View]]:
    """Four pairs of opposite changes, those of the set first. A change that training does not have is a mild one."""
    turn, zoom = (STRENGTH * (own or mild) for own, mild in _with_mild(ranges, "rotation_degrees", "zoom"))
    brightness, contrast = (STRENGTH * (own or mild) for own, mild in _with_mild(ranges, "brightness", "contrast"))
    light = [
        (View(brightness=brightness), View(brightness=-brightness)),
        (View(contrast=1 + contrast), View(contrast=1 - contrast)),
    ]
    turns = [
        (View(rotation_degrees=turn), View(rotation_degrees=-turn)),
        (View(zoom=1 + zoom), View(zoom=1 - zoom)),
    ]
    return turns + light if view_set is ViewSet.TURNS else light + turns


def _with_mild(ranges: Augmentation, *fields: str) -> list[tuple[float, float]]:
    return [(getattr(ranges, field), getattr(_MILD, field)) for field in fields]


def _draw(count: int, ranges: Augmentation, seed: int) -> list[View]:
    rng = np.random.default_rng(seed)
    drawn = []
    for number in range(1, count + 1):
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
    return drawn


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
