"""A brush that paints plants and stones, and notes with every stroke how near it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from wildcam.demo.habitats import Palette
from wildcam.demo.pen import Colour


@dataclass
class Brush:
    """Paints on an image of any mode and on a grey one of the same size that holds nearness, 0–255.

    `nearness` (0 horizon … 1 lower edge) holds for the strokes that follow; far ones fade into the haze.
    """

    image: Image.Image
    rng: np.random.Generator
    haze: Colour
    depth: Image.Image = field(init=False)
    nearness: float = 1.0

    def __post_init__(self) -> None:
        self.depth = Image.new("L", self.image.size)
        self._draw = ImageDraw.Draw(self.image)
        self._draw_depth = ImageDraw.Draw(self.depth)

    def area(self, points: Sequence[float] | np.ndarray, colour: Colour) -> None:
        """A filled polygon, x and y in pixels."""
        flat = np.ravel(points).tolist()
        self._draw.polygon(flat, fill=self._fade(colour))
        self._draw_depth.polygon(flat, fill=self._level())

    def line(self, points: Sequence[float] | np.ndarray, colour: Colour, width: float = 1) -> None:
        """A line of even width."""
        flat, thick = np.ravel(points).tolist(), max(1, round(width))
        self._draw.line(flat, fill=self._fade(colour), width=thick)
        self._draw_depth.line(flat, fill=self._level(), width=thick)

    def disc(self, x: float, y: float, radius_x: float, radius_y: float, colour: Colour) -> None:
        """A filled ellipse."""
        box = (x - radius_x, y - radius_y, x + radius_x, y + radius_y)
        self._draw.ellipse(box, fill=self._fade(colour))
        self._draw_depth.ellipse(box, fill=self._level())

    def pick(self, palette: Palette, light: float = 1.0) -> Colour:
        """One of the colours, a little lighter or darker than it says."""
        colour = palette[self.rng.integers(len(palette))]
        light *= self.rng.uniform(0.86, 1.14)
        return (int(colour[0] * light), int(colour[1] * light), int(colour[2] * light))

    def clump(
        self, x: float, y: float, radius_x: float, radius_y: float, palette: Palette, leaves: int, leaf: float
    ) -> None:
        """A cloud of leaves, dark below and light above."""
        offsets = np.clip(self.rng.normal(0, 0.45, (leaves, 2)), -1.1, 1.1)
        centres = (x, y) + offsets * (radius_x, radius_y)
        sizes = (
            leaf
            * self.rng.uniform(0.6, 1.3, (leaves, 1))
            * np.stack([np.ones(leaves), self.rng.uniform(0.4, 0.9, leaves)], 1)
        )
        tones = (0.98 - 0.30 * offsets[:, 1:]) * self.rng.uniform(0.86, 1.14, (leaves, 1))
        pure = np.array(palette)[self.rng.integers(len(palette), size=leaves)] * tones
        faded = pure * self._clear() + np.array(self.haze) * (1 - self._clear())
        colours = np.clip(faded, 0, 255).astype(int)
        boxes = np.hstack([centres - sizes, centres + sizes])
        opaque = (255,) * (len(self.image.getbands()) - 3)
        for box, colour in zip(boxes.tolist(), colours.tolist(), strict=True):
            self._draw.ellipse(box, fill=(*colour, *opaque))
            self._draw_depth.ellipse(box, fill=self._level())

    def _fade(self, colour: Colour) -> tuple[int, ...]:
        clear = self._clear()
        red, green, blue = (
            max(0, min(255, int(tone * clear + haze * (1 - clear))))
            for tone, haze in zip(colour, self.haze, strict=True)
        )
        return (red, green, blue, 255)[: len(self.image.getbands())]

    def _clear(self) -> float:
        """How much of a colour the haze leaves."""
        return 0.35 + 0.65 * min(1.0, self.nearness * 1.6)

    def _level(self) -> int:
        return round(255 * self.nearness)
