"""An image in the making, before any light falls on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

Box = tuple[float, float, float, float]
"""Left, top, width and height as parts of the image."""


@dataclass
class Canvas:
    """Colours in even light and how near everything is."""

    colour: Pixels  # (H, W, 3), 0–255
    nearness: Pixels  # (H, W), 0 horizon … 1 lower edge

    def lay(self, colour: Pixels, alpha: Pixels, nearness: float, left: int = 0, top: int = 0) -> Box | None:
        """Put a premultiplied cut-out on the canvas; the box of what is in view, None for nothing."""
        height, width = self.nearness.shape
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + alpha.shape[1], width), min(top + alpha.shape[0], height)
        if x1 <= x0 or y1 <= y0:
            return None
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        seen = alpha[part]
        target = self.colour[y0:y1, x0:x1]
        target *= 1 - seen[..., None]
        target += colour[part]
        near = self.nearness[y0:y1, x0:x1]
        near += (nearness - near) * seen
        return (x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height)

    def lay_shadow(self, left: int, foot: int, width: int, depth: float) -> None:
        """Darken a soft ellipse on the ground under a figure."""
        tall = max(3, width // 10)
        height, wide = self.nearness.shape
        y0, y1, x0, x1 = max(0, foot - tall), min(height, foot + tall), max(0, left), min(wide, left + width)
        if y1 > y0 and x1 > x0:
            down, across = np.ogrid[y0:y1, x0:x1]
            distance = ((across - left - width / 2) / (width / 2)) ** 2 + ((down - foot) / tall) ** 2
            self.colour[y0:y1, x0:x1] *= (1 - depth * np.exp(-2.2 * distance**1.5))[..., None]
