"""A pen that draws smooth shapes in an animal's own units, and the cut-out figure that comes of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

SUPERSAMPLING = 3
"""Figures are drawn this many times too large and averaged down: smooth edges from a pen that has none."""


@dataclass(frozen=True)
class Figure:
    """A cut-out. `colour`: float32, (h, w, 3), 0–255, premultiplied; `alpha`: float32, (h, w), 0–1."""

    colour: NDArray[np.float32]
    alpha: NDArray[np.float32]
    eyes: tuple[tuple[float, float], ...]  # (x, y) in pixels of the cut-out

    def mirrored(self) -> "Figure":
        """The same figure facing the other way."""
        width = self.alpha.shape[1]
        eyes = tuple((width - 1 - x, y) for x, y in self.eyes)
        return Figure(self.colour[:, ::-1], self.alpha[:, ::-1], eyes)


@dataclass
class Pen:
    """Draws in units, x forward and y up from the ground; `bounds` is left, right and top of the paper."""

    bounds: tuple[float, float, float]
    pixels_per_unit: float
    image: Image.Image = field(init=False)
    eyes: list[Point] = field(init=False, default_factory=list)
    _turns: list[tuple[float, Point]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        left, right, top = self.bounds
        self._scale = self.pixels_per_unit * SUPERSAMPLING
        size = (int((right - left) * self._scale) + 1, int((top + GROUND_MARGIN) * self._scale) + 1)
        self.image = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A closed smooth outline through the points, filled."""
        self._fill(_smooth(np.asarray(points), closed=True), colour)

    def patch(self, points: Sequence[Point], colour: Colour) -> None:
        """A polygon with straight sides, filled."""
        self._fill(np.asarray(points), colour)

    def limb(self, points: Sequence[Point], widths: Sequence[float], colour: Colour) -> None:
        """A smooth line through the points whose width changes along it: legs, tails, horns, trunks."""
        line = _smooth(np.asarray(points), closed=False)
        position = np.arange(len(line)) * ((len(widths) - 1) / (len(line) - 1))
        half = np.interp(position, np.arange(len(widths)), widths)[:, None] / 2
        along = np.empty_like(line)
        along[1:-1] = line[2:] - line[:-2]
        along[0], along[-1] = line[1] - line[0], line[-1] - line[-2]
        normal = along[:, ::-1] * (-1, 1) / np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
        self._fill(np.concatenate([line + normal * half, (line - normal * half)[::-1]]), colour)
        self.disc(line[0], (widths[0] / 2,) * 2, colour)
        self.disc(line[-1], (widths[-1] / 2,) * 2, colour)

    def disc(self, centre: Sequence[float], radii: tuple[float, float], colour: Colour) -> None:
        """An ellipse."""
        self._fill(_CIRCLE * radii + centre, colour)

    def eye(self, x: float, y: float, radius: float = 0.022) -> None:
        """A dark eye whose position is kept: it shines at night."""
        self.disc((x, y), (radius, radius), (18, 14, 12))
        self.eyes.append((float(x), float(y)) if not self._turns else tuple(self._turned(np.array([[x, y]]))[0]))

    @contextmanager
    def turned(self, degrees: float, pivot: Point) -> Iterator[None]:
        """Everything drawn inside is turned about the pivot: a head that looks up (+) or grazes (-)."""
        self._turns.append((np.radians(degrees), pivot))
        yield
        self._turns.pop()

    @contextmanager
    def inside(self, points: Sequence[Point]) -> Iterator[None]:
        """Everything drawn inside is cut to the smooth outline: stripes and spots stay on the coat."""
        whole, draw = self.image, self._draw
        self.image = Image.new("RGBA", whole.size)
        self._draw = ImageDraw.Draw(self.image)
        yield
        outline = Image.new("L", whole.size)
        ImageDraw.Draw(outline).polygon(self._pixels(_smooth(np.asarray(points), closed=True)), fill=255)
        whole.paste(self.image, mask=ImageChops.multiply(outline, self.image.getchannel("A")))
        self.image, self._draw = whole, draw

    def figure(self) -> Figure:
        """What was drawn, averaged down and cut to its own extent."""
        small = self.image.convert("RGBa").reduce(SUPERSAMPLING)
        box = small.getbbox() or (0, 0, 1, 1)
        pixels = np.asarray(small.crop(box), dtype=np.float32)
        positions = [(x / SUPERSAMPLING - box[0], y / SUPERSAMPLING - box[1]) for x, y in self._to_paper(self.eyes)]
        return Figure(pixels[..., :3], pixels[..., 3] / np.float32(255), tuple(positions))

    def _fill(self, points: NDArray[np.float64], colour: Colour) -> None:
        self._draw.polygon(self._pixels(points), fill=(*colour, 255))

    def _pixels(self, points: NDArray[np.float64]) -> list[float]:
        return self._to_paper(self._turned(points)).ravel().tolist()

    def _turned(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        for angle, pivot in reversed(self._turns):
            cosine, sine = np.cos(angle), np.sin(angle)
            points = (points - pivot) @ np.array([[cosine, sine], [-sine, cosine]]) + pivot
        return points

    def _to_paper(self, points: NDArray[np.float64] | list[Point]) -> NDArray[np.float64]:
        left, _, top = self.bounds
        return (np.reshape(points, (-1, 2)) - (left, top)) * (self._scale, -self._scale)


GROUND_MARGIN = 0.12
"""Units of paper below the ground line, for feet that are nearer to the camera."""

_CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 16)), np.sin(np.linspace(0, 2 * np.pi, 16))], 1)

_CATMULL_ROM = 0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
_BLEND = (np.arange(7)[:, None] / 7) ** np.arange(4) @ _CATMULL_ROM  # (7 positions in a segment, 4 points)


def _smooth(points: NDArray[np.float64], *, closed: bool) -> NDArray[np.float64]:
    """Seven points a segment on the Catmull-Rom curve through the given ones."""
    ends = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    padded = np.concatenate([ends[0], points, ends[1]])
    curve = _BLEND @ np.stack([padded[i : len(padded) - 3 + i] for i in range(4)], axis=1)  # (segments, 7, 2)
    curve = curve.reshape(-1, 2)
    return curve if closed else np.concatenate([curve, points[-1:]])
