"""The scene of one location: a fixed background, and layers in front of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from wildcam.demo import plants
from wildcam.demo.brush import Brush
from wildcam.demo.habitats import Habitat
from wildcam.demo.texture import clouds, in_perspective, smoothstep

Pixels = NDArray[np.float32]

MARGIN = 4
"""Pixels around a scene that an image does not show: room for the camera to tremble."""

SWAYS = (-0.03, 0.0, 0.03)
"""How far the wind leans what is in front, in pixels a pixel of height."""

SUN_PATH = 144
"""Pixels that the patches of sun under a canopy wander from sunrise to sunset."""

_SCALE = 2  # Scenes are painted twice too large and averaged down.


@dataclass(frozen=True)
class Layer:
    """Something in front of the background. One entry of `colour` and `alpha` for each of `SWAYS`."""

    nearness: float
    colour: tuple[Pixels, ...]  # (H, W, 3), 0–255, premultiplied
    alpha: tuple[Pixels, ...]  # (H, W), 0–1


@dataclass(frozen=True)
class Scene:
    """One camera's view in even light, `MARGIN` wider on every side than its images."""

    habitat: Habitat
    horizon: float  # row of an image
    background: Pixels  # (H, W, 3), 0–255
    nearness: Pixels  # (H, W), 0 far … 1 near
    sun_patches: Pixels  # (H, W + SUN_PATH), 0 shade … 1 sun; at noon its middle is seen
    layers: tuple[Layer, ...]  # far to near


def draw_scene(habitat: Habitat, width: int, height: int, rng: np.random.Generator) -> Scene:
    """The scene of a new camera whose images are `width` by `height`."""
    wide, tall = width + 2 * MARGIN, height + 2 * MARGIN
    horizon = int(tall * rng.uniform(*habitat.horizon))
    brush = Brush(_draw_plain(habitat, wide, tall, horizon, rng), rng, habitat.haze)
    brush.depth.paste(_plain_depth(wide * _SCALE, tall * _SCALE, horizon * _SCALE))
    _plant(brush, habitat, horizon * _SCALE)
    background = np.asarray(brush.image.reduce(_SCALE), dtype=np.float32)
    depth = brush.depth.reduce(_SCALE).filter(ImageFilter.GaussianBlur(1))
    nearness = np.asarray(depth, dtype=np.float32) / np.float32(255)
    mottle = 1 + np.clip(2 * nearness, 0.02, 0.11) * clouds(rng, tall, wide, cells=24, octaves=4)
    cast = rng.uniform(0.91, 1.09, 3)  # No two sensors see the same white.
    return Scene(
        habitat=habitat,
        horizon=horizon - MARGIN,
        background=(background * mottle[..., None] * cast).astype(np.float32),
        nearness=nearness,
        sun_patches=smoothstep(-0.15, 0.35, clouds(rng, tall, wide + SUN_PATH, cells=6, octaves=4)),
        layers=(_draw_middle(habitat, wide, tall, horizon, rng), _draw_front(habitat, wide, tall, rng)),
    )


def _draw_plain(habitat: Habitat, wide: int, tall: int, horizon: int, rng: np.random.Generator) -> Image.Image:
    """Sky, tree line, water and bare ground, `_SCALE` times too large."""
    rows = np.arange(tall)[:, None, None]
    above, below = (np.array(colour, dtype=np.float32) for colour in habitat.sky)
    plain = above + (below - above) * np.clip(rows / horizon, 0, 1) + 6 * clouds(rng, tall, wide, cells=2)[..., None]
    if habitat.far_trees:
        line = horizon - tall * (0.05 + 0.05 * rng.random()) * (1 + 0.6 * clouds(rng, 60, wide, cells=1)[:1])
        mask = ((rows[..., 0] > line) & (rows[..., 0] < horizon + 2))[..., None]
        plain = np.where(
            mask,
            np.array(habitat.far_trees) * (1 + 0.14 * clouds(rng, tall, wide, cells=24)[..., None]),
            plain,
        )
    far, near = (np.array(colour, dtype=np.float32) for colour in habitat.ground)
    t = np.clip((rows - horizon) / (tall - horizon), 0, 1)
    soil = in_perspective(clouds(rng, 512, 1024, cells=32, octaves=4), horizon, tall, wide)[..., None]
    bare = smoothstep(0.1, 0.7, in_perspective(clouds(rng, 512, 1024, cells=6, octaves=5), horizon, tall, wide))[
        ..., None
    ]
    ground = (far + (near - far) * t) * (1 - bare * 0.7) + np.array(habitat.patches) * bare * 0.7
    ground = ground * (1 + 0.13 * soil)
    if habitat.track:
        ground = _with_track(ground, horizon, rng)
    if habitat.water:
        ground = _with_water(ground, habitat.water, horizon, rng)
    plain = np.where(rows > horizon, ground, plain)
    small = Image.fromarray(np.clip(plain, 0, 255).astype(np.uint8))
    return small.resize((wide * _SCALE, tall * _SCALE), Image.Resampling.BICUBIC)


def _with_track(ground: Pixels, horizon: int, rng: np.random.Generator) -> Pixels:
    """Two ruts that run towards the horizon, grass beside and between them."""
    tall, wide = ground.shape[:2]
    near = np.clip((np.arange(tall)[:, None] - horizon) / (tall - horizon), 0, 1)
    centre = wide * (0.5 + rng.uniform(-0.25, 0.25) * (1 - near) + rng.uniform(-0.2, 0.2) * near**2)
    across = np.abs(np.arange(wide)[None, :] - centre) / (wide * 0.34 * near + 1)
    green = np.clip(smoothstep(0.75, 1.1, across) + 0.6 * smoothstep(0.28, 0.1, across), 0, 1)[..., None]
    turf = np.array((110, 136, 66)) * (ground.mean(axis=2, keepdims=True) / 135)
    tracked: Pixels = (ground * (1 - green) + turf * green).astype(np.float32)
    return tracked


def _with_water(ground: Pixels, water: tuple[int, int, int], horizon: int, rng: np.random.Generator) -> Pixels:
    """A river between the far bank and a wavy shore."""
    tall, wide = ground.shape[:2]
    rows = np.arange(tall)[:, None]
    shore = horizon + (tall - horizon) * (0.30 + 0.04 * clouds(rng, 60, wide, cells=1, octaves=4)[:1])
    wet = ((rows > horizon + 3) & (rows < shore))[..., None]
    ripples = clouds(rng, tall, max(4, wide // 12), cells=40, octaves=3)
    ripples = np.asarray(Image.fromarray(ripples).resize((wide, tall), Image.Resampling.BICUBIC))[..., None]
    surface = np.array(water) + 50 * ((rows - horizon) / max(1, tall - horizon))[..., None]
    damp = 1 - 0.3 * np.clip(1 - (rows - shore) / (0.1 * tall), 0, 1)[..., None]
    flooded: Pixels = np.where(wet, surface * (1 + 0.10 * ripples), ground * damp).astype(np.float32)
    return flooded


def _plain_depth(wide: int, tall: int, horizon: int) -> Image.Image:
    near = np.clip((np.arange(tall) - horizon) / (tall - horizon), 0, 1)
    return Image.fromarray(np.repeat((near * 255).astype(np.uint8)[:, None], wide, axis=1))


def _plant(brush: Brush, habitat: Habitat, horizon: int) -> None:
    """Everything that grows or lies on the ground, far things first."""
    wide, tall = brush.image.size
    rng = brush.rng
    for _ in range(habitat.leaf_wall):
        brush.nearness = float(rng.uniform(0.1, 0.3))
        x, y = rng.uniform(0, wide), rng.uniform(-0.1, 1.15) * horizon
        brush.clump(x, y, wide * 0.12, tall * 0.09, habitat.foliage, 220, tall * 0.012)
    counts: list[tuple[Callable[..., None], int, tuple[float, float]]] = [
        (plants.paint_litter, habitat.litter_pieces, (0.02, 1.05)),
        (plants.paint_tuft, habitat.grass_tufts, (0.03, 1.0)),
        (plants.paint_bush, habitat.bushes, (0.12, 0.5)),
        (plants.paint_rock, habitat.rocks, (0.15, 0.9)),
        (plants.paint_broadleaf, habitat.broadleaf, (0.15, 0.5)),
        (plants.paint_pine, habitat.pines, (0.08, 0.5)),
        (plants.paint_acacia, habitat.acacias, (0.12, 0.3)),
        (plants.paint_cactus, habitat.cactuses, (0.15, 0.45)),
    ]
    shore = 0.34 if habitat.water else 0.0
    things = [
        (max(float(rng.uniform(*span)) ** 1.2, shore + 0.08 * rng.random() if shore else 0.0), paint)
        for paint, count, span in counts
        for _ in range(round(count * rng.uniform(0.55, 1.3)))
    ]
    plain = np.asarray(brush.image, dtype=np.int16)
    trodden = plain[..., 0] > plain[..., 1] if habitat.track else np.zeros((tall, wide), dtype=bool)
    for nearness, paint in sorted(things, key=lambda thing: thing[0]):
        brush.nearness = min(1.0, nearness)
        x, y = rng.uniform(-0.05, 1.05) * wide, horizon + nearness * (tall - horizon)
        if paint is plants.paint_litter or not trodden[int(np.clip(y, 0, tall - 1)), int(np.clip(x, 0, wide - 1))]:
            paint(brush, habitat, x, y, tall * (0.15 + 0.85 * nearness))


def _draw_middle(habitat: Habitat, wide: int, tall: int, horizon: int, rng: np.random.Generator) -> Layer:
    """Tufts, a bush or a trunk in the middle of the ground: animals pass in front of them or behind."""
    brush = Brush(
        Image.new("RGBA", (wide * _SCALE, tall * _SCALE)),
        rng,
        habitat.haze,
        nearness=float(rng.uniform(0.5, 0.66)),
    )
    foot = (horizon + brush.nearness * (tall - horizon)) * _SCALE
    size = tall * _SCALE * (0.15 + 0.85 * brush.nearness)
    for _ in range(int(rng.integers(8, 26)) if habitat.grass_tufts > 100 else 4):
        plants.paint_tuft(brush, habitat, rng.uniform(0, wide) * _SCALE, foot + rng.normal(0, 4), size)
    for _ in range(int(rng.integers(0, 3))):
        plants.paint_bush(brush, habitat, rng.uniform(0, wide) * _SCALE, foot, size * 0.8)
    if (habitat.broadleaf or habitat.pines) and rng.random() < 0.5:
        plants.paint_broadleaf(brush, habitat, rng.choice((0.18, 0.3, 0.7, 0.84)) * wide * _SCALE, foot, size * 0.8)
    return _as_layer(brush, 0.4)


def _draw_front(habitat: Habitat, wide: int, tall: int, rng: np.random.Generator) -> Layer:
    """Out of focus right before the lens: blades at the lower edge, a branch in a corner."""
    brush = Brush(Image.new("RGBA", (wide * _SCALE, tall * _SCALE)), rng, habitat.haze)
    width, height = brush.image.size
    for _ in range(int(rng.integers(4, 22)) if habitat.grass_tufts > 100 else int(rng.integers(0, 5))):
        plants.paint_tuft(brush, habitat, rng.uniform(0, width), height * rng.uniform(1.0, 1.06), height * 1.3)
    if habitat.leaf_wall and rng.random() < 0.6:
        plants.paint_branch(brush, habitat, rng.choice((0.02, 0.98)) * width, -0.02 * height, height * 1.1)
    return _as_layer(brush, 1.0)


def _as_layer(brush: Brush, blur: float) -> Layer:
    """The painting at its real size, once for each lean of the wind about the lower edge."""
    small = brush.image.convert("RGBa").reduce(_SCALE).filter(ImageFilter.GaussianBlur(blur))
    colours, alphas = [], []
    for sway in SWAYS:
        lean = small.transform(
            small.size,
            Image.Transform.AFFINE,
            (1, sway, -sway * small.height, 0, 1, 0),
            Image.Resampling.BILINEAR,
        )
        pixels = np.asarray(lean, dtype=np.float32)
        colours.append(pixels[..., :3])
        alphas.append(pixels[..., 3] / np.float32(255))
    return Layer(brush.nearness, tuple(colours), tuple(alphas))
