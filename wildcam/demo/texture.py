"""Noise with structure: clouds for bark, soil and light, and soil seen in perspective."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Texture = NDArray[np.float32]


def clouds(rng: np.random.Generator, height: int, width: int, *, cells: int = 4, octaves: int = 5) -> Texture:
    """Fractal noise, about -1…1, float32 (height, width), with `cells` coarse grains down the height."""
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        rows = min(cells * 2**octave, height)
        small = rng.standard_normal((rows + 1, max(2, rows * width // height + 1)), dtype=np.float32)
        large = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(large) * np.float32(0.6**octave)
    total /= 2.2 * total.std()
    return total


def in_perspective(texture: Texture, horizon: int, height: int, width: int) -> Texture:
    """The texture laid on a plain from the lower edge to the horizon; 0 above, fading towards it."""
    rows = np.arange(height, dtype=np.float32)[:, None]
    near = np.clip((rows - horizon) / (height - horizon), 0.02, 1)
    depth = 1 / near
    across = (np.arange(width, dtype=np.float32)[None, :] - width / 2) * depth
    down = (depth * height * 0.9).astype(int)
    picked = texture[down % texture.shape[0], across.astype(int) % texture.shape[1]]
    return np.where(rows > horizon, picked * np.clip(near * 2.2, 0.15, 1), 0).astype(np.float32)


def smoothstep(low: float, high: float, values: Texture) -> Texture:
    """0 below `low`, 1 above `high`, smooth between."""
    t: Texture = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
