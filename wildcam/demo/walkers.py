"""Those who pass a camera: where each one is in every frame of an event, and its cut-out there."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from wildcam.demo.canvas import Pixels
from wildcam.demo.habitats import HABITATS
from wildcam.demo.legs import Gait
from wildcam.demo.pen import Figure, Pen
from wildcam.demo.plan import Event
from wildcam.demo.species import Species

INFRARED = np.array((0.40, 0.45, 0.15), dtype=np.float32)
"""Weights of red, green and blue in the grey of the night."""

_STRIDES_PER_FRAME = 0.37  # Legs are elsewhere in every frame of a burst.
_HIDDEN = 0.16  # Grass reaches up to this part of a figure at most.
_VISIBLE = 0.12  # The centre of a figure is at least this many widths inside the image.


@dataclass(frozen=True)
class Walker:
    """One individual in one event. Places are in pixels of the image."""

    species: Species
    nearness: float
    width: float
    middle: float  # x of its centre half-way through the event
    heading: int  # 1 right, -1 left
    pace: float  # lengths a frame; 0 = stands
    phase: float
    head: float
    tone: float

    def centre(self, frame: int, frames: int, image_width: int) -> float:
        """Its x in that frame; it walks on but never out of the image."""
        x = self.middle + self.heading * self.pace * self.width * (frame - (frames - 1) / 2)
        return float(np.clip(x, _VISIBLE * self.width, image_width - _VISIBLE * self.width))

    def cut_out(self, frame: int, rng: np.random.Generator, *, by_day: bool) -> Figure:
        """The figure in that frame's pose, rounded by light and shade, blurred by its own movement."""
        pen = Pen(self.species.bounds, self.width / self.species.length)
        head = float(np.clip(self.head + rng.normal(0, 0.15), -1, 1))
        self.species.draw(pen, Gait(self.phase + frame * _STRIDES_PER_FRAME, 1.0 if self.pace else 0.25, head))
        figure = pen.figure() if self.heading > 0 else pen.figure().mirrored()
        colour, alpha = _shade(figure, rng, by_day=by_day) * np.float32(self.tone), figure.alpha
        blur = int(self.pace * self.width * rng.uniform(0, 0.12 if by_day else 0.28))
        if blur > 1:
            colour, alpha = _drag(colour, blur), _drag(alpha, blur)
        return Figure(colour, alpha, figure.eyes)


def walkers_of(event: Event, rng: np.random.Generator) -> list[Walker]:
    """The individuals of an event, far to near: a herd walks one way at one distance, more or less."""
    if event.species is None:
        return []
    image_width, image_height = event.location.size
    farthest = HABITATS[event.location.habitat].farthest_foot
    nearness, heading = rng.uniform(farthest, 0.97), int(rng.choice((-1, 1)))
    middle, walks = rng.uniform(0.14, 0.86) * image_width, rng.random() < 0.75
    far_width, near_width = event.species.widths
    walkers = []
    for i in range(event.individuals):
        near = float(np.clip(nearness + (rng.normal(0, 0.1) if i else 0), farthest, 0.98))
        width = (far_width + (near_width - far_width) * near) * image_height * 4 / 3 * rng.uniform(0.92, 1.08)
        walkers.append(
            Walker(
                species=event.species,
                nearness=near,
                width=width,
                middle=middle + (rng.choice((-1, 1)) * rng.uniform(0.7, 1.4) * i * width if i else 0),
                heading=heading if rng.random() < 0.85 else -heading,
                pace=event.species.speed * rng.uniform(0.6, 1.3) if walks else 0.0,
                phase=rng.uniform(),
                head=rng.uniform(-0.35, 0.6) if walks else rng.uniform(-0.9, 0.9),
                tone=rng.uniform(0.85, 1.15),
            )
        )
    return sorted(walkers, key=lambda walker: walker.nearness)


def hide_feet(figure: Figure, depth: float, rng: np.random.Generator) -> Figure:
    """Cut the lowest pixels away in blades, so that the grass of the background stands before the feet."""
    height, width = figure.alpha.shape
    depth = min(depth, height * _HIDDEN)
    blades = np.repeat(rng.uniform(0, depth, width // 2 + 1), 2)[:width]  # two pixels wide
    kept = np.clip(np.arange(height, 0, -1)[:, None] - blades[None, :], 0, 1).astype(np.float32)
    return Figure(figure.colour * kept[..., None], figure.alpha * kept, figure.eyes)


def _shade(figure: Figure, rng: np.random.Generator, *, by_day: bool) -> Pixels:
    """The figure's colours with a body and a coat; in infrared, fur reflects more than its colour says."""
    height, width = figure.alpha.shape
    outline = Image.fromarray((figure.alpha * 255).astype(np.uint8))
    soft = outline.filter(ImageFilter.GaussianBlur(max(1.0, width / 22)))
    body: Pixels = np.asarray(soft, dtype=np.float32) / np.float32(255)
    step = max(1, width // 26)
    from_above = np.roll(body, -step, axis=0) - np.roll(body, step, axis=0)
    shade: Pixels = 1 + (0.55 * from_above if by_day else 0.5 * (body - 0.75))
    shade += 0.06 * rng.standard_normal((height, width), dtype=np.float32)
    if by_day:
        return figure.colour * shade[..., None]
    grey = (0.72 * (figure.colour @ INFRARED) + 50 * figure.alpha) * shade
    return np.repeat(grey[..., None], 3, axis=2)


def _drag(values: Pixels, length: int) -> Pixels:
    """Motion blur: the mean of copies that are moved 0 … `length` pixels to the right."""
    padding = [(0, 0)] * values.ndim
    padding[1] = (length, length)
    padded = np.pad(values, padding)
    width = values.shape[1] + length
    shifts = np.unique(np.linspace(0, length, 6).astype(int))
    copies = [padded[:, length - shift : length - shift + width] for shift in shifts]
    mean: Pixels = np.stack(copies).mean(axis=0, dtype=np.float32)
    return mean
