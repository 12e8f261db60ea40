"""What falls on a scene: the sun of the hour, or the infrared flash."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from wildcam.demo.canvas import Canvas, Pixels
from wildcam.demo.texture import Texture
from wildcam.demo.walkers import INFRARED

SUNRISE, SUNSET = 6, 18
"""Hours between which cameras take colour images."""

_EYE_SHINE = 380
_FILM = 150  # Grey at which the sensor begins to burn out.


@dataclass(frozen=True)
class Weather:
    """The sky over one camera on one day."""

    sunny: bool
    misty: bool  # until ten


def is_day(moment: datetime) -> bool:
    """Whether an image of that moment is in colour."""
    return SUNRISE <= moment.hour < SUNSET


@cache
def distance_from_centre(height: int, width: int) -> Texture:
    """Squared: 0 in the middle of the image, 2 in its corners. float32, (height, width)."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    squared: Texture = x**2 + y**2
    return squared


def light_by_day(canvas: Canvas, moment: datetime, weather: Weather, patches: Texture, dapple: float) -> Pixels:
    """The canvas in the light of that moment: warm and dim when the sun is low. (H, W, 3), about 0–255.

    `patches`, wider than the image, says where the canopy lets the sun through; the hour picks the part
    of it that is seen. `dapple` says how much that matters.
    """
    hour = moment.hour + moment.minute / 60
    height = float(np.sin(np.pi * (hour - SUNRISE) / (SUNSET - SUNRISE)))
    light = (0.66 + 0.36 * height**0.5) * (1 - 0.09 * distance_from_centre(*canvas.nearness.shape))
    patchy = dapple * (1.0 if weather.sunny else 0.25)
    if patchy:
        start = int((patches.shape[1] - light.shape[1]) * (hour - SUNRISE) / (SUNSET - SUNRISE))
        light *= 1 - 0.38 * patchy + 0.75 * patchy * height * patches[:, start : start + light.shape[1]]
    tint = np.array((1 + 0.10 * (1 - height), 1.0, 1 - 0.14 * (1 - height)), dtype=np.float32)
    pixels: Pixels = canvas.colour * light[..., None] * tint
    if weather.misty and hour < 10:
        pixels += (205 - pixels) * (0.75 * (1 - canvas.nearness) + 0.12)[..., None]
    elif weather.sunny:
        pixels += (pixels - 118) * 0.12
    return pixels


def light_by_flash(canvas: Canvas, eyes: Iterable[tuple[float, float]], strength: float) -> Pixels:
    """The canvas at night: grey, darker with distance and to the corners; eyes shine. (H, W, 3), 0–255."""
    fall_off = 0.05 + 1.15 * canvas.nearness**1.1
    spot = 0.22 + 0.95 * np.exp(-0.95 * distance_from_centre(*canvas.nearness.shape))
    grey = (canvas.colour @ INFRARED) * fall_off * spot * strength
    for x, y in eyes:
        y0, x0 = max(0, int(y) - 3), max(0, int(x) - 3)
        part = grey[y0 : y0 + 7, x0 : x0 + 7]
        down, across = np.ogrid[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]]
        part += _EYE_SHINE * np.exp(-((down - y) ** 2 + (across - x) ** 2) / 2.0)
    burnt = 255 * (1 - np.exp(-grey / _FILM))
    return np.repeat(burnt[..., None], 3, axis=2)


def sun_patch(height: int, width: int, x: float, y: float) -> Texture:
    """A soft bright spot at (x, y), both -1…1: factors from 1 up. float32, (height, width)."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    spot: Texture = 1 + np.float32(0.6) * np.exp(-(((across - x) / 0.3) ** 2) - ((down - y) / 0.22) ** 2)
    return spot
