"""Grass, bushes, trees, rocks: painted at a foot point; `size` is the image's height there."""

import numpy as np

from wildcam.demo.brush import Brush
from wildcam.demo.habitats import Habitat


def paint_tuft(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A dozen blades that fan out."""
    height = size * habitat.grass_height
    for _ in range(int(brush.rng.integers(6, 13))):
        reach, tall = brush.rng.normal(0, 0.4) * height, height * brush.rng.uniform(0.5, 1.1)
        root, half = x + brush.rng.normal(0, 0.14) * height, max(0.8, height * 0.016)
        blade = [
            root - half,
            y,
            root + reach * 0.4 - half,
            y - tall * 0.65,
            root + reach,
            y - tall,
            root + half,
            y,
        ]
        brush.area(blade, brush.pick(habitat.grass, brush.rng.uniform(0.75, 1.15)))


def paint_litter(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A leaf, a stick or a pebble on the ground."""
    colour, long = brush.pick(habitat.litter), size * brush.rng.uniform(0.006, 0.02)
    if brush.rng.random() < 0.12:
        brush.line([x, y, x + brush.rng.normal(0, 5) * long, y + brush.rng.normal(0, 1) * long], colour, long * 0.3)
    else:
        brush.disc(x, y, long, long * brush.rng.uniform(0.25, 0.5), colour)


def paint_bush(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """Stems and a heap of leaves."""
    wide, tall = size * brush.rng.uniform(0.10, 0.22), size * brush.rng.uniform(0.10, 0.26)
    for _ in range(6):
        brush.line([x, y, x + brush.rng.normal(0, 0.5) * wide, y - tall], brush.pick(habitat.bark), size * 0.006)
    brush.clump(x, y - tall * 0.6, wide, tall * 0.62, habitat.foliage, 260, size * 0.014)


def paint_rock(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A stone with a light top."""
    wide, tall = size * brush.rng.uniform(0.04, 0.13), size * brush.rng.uniform(0.03, 0.08)
    angles = np.linspace(0, np.pi, 9)
    rough = brush.rng.uniform(0.75, 1.1, 9)
    outline = np.stack([x + wide * np.cos(angles) * rough, y - tall * np.sin(angles) * rough], 1)
    grey = int(brush.rng.integers(96, 140))
    brush.area(outline, (grey - 18, grey - 22, grey - 28))
    lit = np.stack([x - 0.08 * wide + 0.84 * (outline[:, 0] - x), y - tall * 0.2 + 0.78 * (outline[:, 1] - y)], 1)
    brush.area(lit, (grey + 30, grey + 24, grey + 14))
    for _ in range(12):
        at_x, at_y = lit[brush.rng.integers(9)] + brush.rng.normal(0, 0.2, 2) * (wide, tall)
        brush.disc(at_x, at_y, wide * 0.07, tall * 0.08, (grey, grey - 4, grey - 10))


def paint_broadleaf(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A trunk that leaves the image at the top, with roots, bark and a few leaves."""
    half = size * brush.rng.uniform(0.02, 0.05)
    _paint_trunk(brush, habitat, x, y, half, lean=brush.rng.normal(0, 0.06), top=-10)
    for _ in range(4):
        height = brush.rng.uniform(0.0, 0.5) * y
        subset = x + brush.rng.choice((-1, 1)) * brush.rng.uniform(0.05, 0.2) * size
        brush.line([x, height + 0.1 * size, subset, height], brush.pick(habitat.bark), half * 0.4)
        brush.clump(subset, height, size * 0.12, size * 0.07, habitat.foliage, 110, size * 0.012)


def paint_pine(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """Near: a straight trunk with dead twigs. Far: a whole tree."""
    if brush.nearness > 0.35:
        half = size * brush.rng.uniform(0.02, 0.035)
        _paint_trunk(brush, habitat, x, y, half, lean=brush.rng.normal(0, 0.02), top=-10)
        for _ in range(9):
            height, subset = (
                brush.rng.uniform(0, y * 0.7),
                brush.rng.choice((-1, 1)) * brush.rng.uniform(0.06, 0.2) * size,
            )
            brush.line([x, height, x + subset, height + 0.04 * size], brush.pick(habitat.bark), max(1, half * 0.15))
            if height < y * 0.35:
                brush.clump(x + subset, height + 0.04 * size, size * 0.1, size * 0.03, habitat.foliage, 70, size * 0.01)
        return
    tall = size * brush.rng.uniform(1.6, 2.4) + 0.1 * y
    brush.line([x, y, x, y - tall], brush.pick(habitat.bark), size * 0.03)
    for tier in np.linspace(0.15, 1, 14):
        wide = tall * 0.2 * (1.08 - tier)
        brush.clump(x, y - tall * tier, wide, tall * 0.04, habitat.foliage, 55, tall * 0.010)


def paint_acacia(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A forked stem under a flat crown."""
    tall = size * brush.rng.uniform(0.8, 1.2)
    for _ in range(4):
        tip = x + brush.rng.normal(0, 0.2) * tall
        brush.line(
            [x, y, x + (tip - x) * 0.15, y - tall * 0.45, tip, y - tall],
            brush.pick(habitat.bark, 0.8),
            size * 0.025,
        )
    for _ in range(5):
        crown_x, crown_y = x + brush.rng.normal(0, 0.25) * tall, y - tall * brush.rng.uniform(0.9, 1.08)
        brush.clump(crown_x, crown_y, tall * 0.3, tall * 0.08, habitat.foliage, 120, size * 0.018)


def paint_cactus(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """A column with two arms."""
    tall, width = size * brush.rng.uniform(0.4, 0.8), size * 0.06
    green = brush.pick(((92, 112, 72), (104, 122, 80)))
    dark = (green[0] - 26, green[1] - 28, green[2] - 24)
    for subset, low, high in ((-1, 0.35, 0.75), (1, 0.5, 0.85)):
        arm = [x, y - tall * low, x + subset * width * 2, y - tall * low, x + subset * width * 2, y - tall * high]
        brush.line(arm, green, width * 0.7)
    brush.line([x, y, x, y - tall], green, width)
    for shift in (-0.3, 0.0, 0.3):
        brush.line([x + shift * width, y, x + shift * width, y - tall], dark, width * 0.1)


def paint_branch(brush: Brush, habitat: Habitat, x: float, y: float, size: float) -> None:
    """Leaves that hang into the view from (x, y)."""
    for _ in range(5):
        dx, dy = brush.rng.normal(0, 0.16) * size, brush.rng.uniform(0.05, 0.22) * size
        brush.line([x, y, x + dx, y + dy], brush.pick(habitat.bark), size * 0.008)
        brush.clump(x + dx, y + dy, size * 0.07, size * 0.05, habitat.foliage, 90, size * 0.010)


def _paint_trunk(brush: Brush, habitat: Habitat, x: float, y: float, half: float, *, lean: float, top: float) -> None:
    rows = np.linspace(y, top, 12)
    centre = x + lean * (y - rows) + brush.rng.normal(0, 0.05, 12) * half
    wide = half * (1 + 0.9 * np.exp(-(y - rows) / (half * 2.5 + 1)))
    bark = brush.pick(habitat.bark, 0.85)
    outline = np.concatenate([np.stack([centre - wide, rows], 1), np.stack([centre + wide, rows], 1)[::-1]])
    brush.area(outline, bark)
    for _ in range(int(20 + half * 4)):
        start = brush.rng.uniform(top, y)
        across = brush.rng.uniform(-0.95, 0.95)
        end = start + brush.rng.uniform(2, 9) * half * 0.4
        tone = 1.15 - 0.35 * across if brush.rng.random() < 0.6 else 0.55
        positions = [(np.interp(-r, -rows, centre) + across * half, r) for r in (start, min(end, y))]
        brush.line(np.array(positions), brush.pick((bark,), tone), max(1, half * 0.1))
