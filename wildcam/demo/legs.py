"""Four walking legs: where a figure is in its stride, and the near and the far pair drawn for it."""

from dataclasses import dataclass

import numpy as np

from wildcam.demo.pen import Colour, Pen


@dataclass(frozen=True)
class Gait:
    """One moment of a figure. `phase` runs 0–1 through a stride; `stride` is 0 for one that stands."""

    phase: float
    stride: float
    head: float  # -1 grazing … 1 looking up

    def swing(self, offset: float) -> tuple[float, float]:
        """How far a foot is forward (-1…1) and off the ground (0…1)."""
        angle = 2 * np.pi * (self.phase + offset)
        return float(np.sin(angle)) * self.stride, max(0.0, float(np.cos(angle))) * self.stride


@dataclass(frozen=True)
class Legs:
    """What four legs look like. Places and sizes in the pen's units, widths from top to foot."""

    front: float
    hind: float
    height: float
    widths: tuple[float, float, float]
    near: Colour
    far: Colour
    foot: Colour
    paw: float = 0.0  # length of the foot in front of the ankle
    reach: float = 0.22  # of a full stride, as a part of the height

    def draw_far(self, pen: Pen, gait: Gait) -> None:
        """The pair on the other side, before the body: a little higher on the image, and darker."""
        self._fore(pen, gait.swing(0.75), self.front + 0.06, 0.03, self.far)
        self._hind(pen, gait.swing(0.5), self.hind + 0.07, 0.03, self.far)

    def draw_near(self, pen: Pen, gait: Gait) -> None:
        """The pair on this side."""
        self._fore(pen, gait.swing(0.25), self.front, 0.0, self.near)
        self._hind(pen, gait.swing(0.0), self.hind, 0.0, self.near)

    def _fore(self, pen: Pen, swing: tuple[float, float], x: float, ground: float, colour: Colour) -> None:
        forward, lift = swing[0] * self.reach * self.height, ground + swing[1] * 0.12 * self.height
        knee = (x + forward * 0.6 + lift * 0.5, self.height * 0.46 + lift * 0.5)
        self._draw(pen, [(x, self.height), knee, (x + forward, lift)], colour)

    def _hind(self, pen: Pen, swing: tuple[float, float], x: float, ground: float, colour: Colour) -> None:
        forward, lift = swing[0] * self.reach * self.height, ground + swing[1] * 0.12 * self.height
        knee = (x + 0.10 * self.height + forward * 0.3, self.height * 0.62)
        hock = (x - 0.09 * self.height + forward * 0.8, self.height * 0.34 + lift * 0.6)
        self._draw(pen, [(x, self.height), knee, hock, (x + forward, lift)], colour)

    def _draw(self, pen: Pen, points: list[tuple[float, float]], colour: Colour) -> None:
        thigh, shin, ankle = self.widths
        pen.limb(points, [thigh, (thigh + shin) / 2, shin, ankle, ankle], colour)
        x, y = points[-1]
        radius = ankle * 0.55
        pen.disc((x + self.paw / 2, y + radius * 0.6), (radius + self.paw / 2, radius), self.foot)
