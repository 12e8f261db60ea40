"""The camera: it puts the scene together, lights it, and adds what a cheap sensor adds."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from wildcam.demo import plants
from wildcam.demo.brush import Brush
from wildcam.demo.canvas import Box, Canvas, Pixels
from wildcam.demo.habitats import HABITATS
from wildcam.demo.light import (
    Weather,
    is_day,
    light_by_day,
    light_by_flash,
    sun_patch,
)
from wildcam.demo.plan import Location, Shot
from wildcam.demo.scenes import MARGIN, SWAYS, draw_scene
from wildcam.demo.walkers import Walker, hide_feet, walkers_of

JPEG_QUALITY = 80
GRAIN_BY_DAY, GRAIN_BY_NIGHT = 2.5, 6.0
"""Standard deviation of the sensor's noise, of 255."""

BLURRED_SHARE = 0.06
"""Events with dew on the lens or a camera that slipped."""

BRANCH_SHARES = (0.20, 0.04)
"""Events in which a branch swings into view: of the empty ones, where it was the trigger, and of others."""

SUN_PATCH_SHARE = 0.2
"""Empty events of the day in which a patch of sun wanders over the ground."""

STRIP_HEIGHT = 13
_STRIP_COLOURS = {"black": ((12, 12, 12), (232, 232, 232)), "white": ((240, 240, 240), (24, 24, 24))}
_GRAIN_MARGIN = 48

_SCENE, _EVENT, _SHOT, _DAY = range(4)  # Streams of random numbers: what stays for how long.


@dataclass(frozen=True)
class DemoImage:
    """A developed shot and where its figures are, far to near."""

    jpeg: bytes
    boxes: tuple[Box, ...]


class Camera:
    """The camera at one location. A shot is always the same, whatever was taken before."""

    def __init__(self, location: Location, seed: int) -> None:
        self._location, self._seed = location, seed
        self._width, self._height = location.size
        rng = self._rng(_SCENE, location.number)
        self._scene = draw_scene(HABITATS[location.habitat], self._width, self._height, rng)
        self._grain = rng.standard_normal((self._height + _GRAIN_MARGIN, self._width + _GRAIN_MARGIN), dtype=np.float32)
        self._flash = float(rng.uniform(1.1, 2.0))

    def take(self, shot: Shot) -> DemoImage:
        """The image of that shot."""
        rng = self._rng(_SHOT, shot.event.number, shot.frame)
        event_rng = self._rng(_EVENT, shot.event.number)
        canvas, boxes, eyes = self._compose(shot, event_rng, rng)
        if is_day(shot.taken_at):
            pixels = self._light_by_day(canvas, shot, event_rng)
        else:
            pixels = light_by_flash(canvas, eyes, self._flash)
        self._add_grain(pixels, rng, coloured=is_day(shot.taken_at))
        image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        if event_rng.random() < BLURRED_SHARE:
            image = image.filter(ImageFilter.GaussianBlur(1.3))
        if self._location.strip:
            _print_strip(image, shot)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=JPEG_QUALITY)
        return DemoImage(buffer.getvalue(), tuple(boxes))

    def _rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, *stream])

    def _compose(
        self, shot: Shot, event_rng: np.random.Generator, rng: np.random.Generator
    ) -> tuple[Canvas, list[Box], list[tuple[float, float]]]:
        """Background, walkers and what hides them, far to near; with the walkers' boxes and eyes."""
        dx, dy = rng.integers(MARGIN - 1, MARGIN + 2, 2)
        view = (slice(dy, dy + self._height), slice(dx, dx + self._width))
        canvas = Canvas(self._scene.background[view].copy(), self._scene.nearness[view].copy())
        boxes: list[Box] = []
        eyes: list[tuple[float, float]] = []
        walkers = walkers_of(shot.event, event_rng)
        for layer in self._scene.layers:
            while walkers and walkers[0].nearness < layer.nearness:
                box, shining = self._lay_walker(canvas, walkers.pop(0), shot, rng)
                boxes += [box] if box else []
                eyes += shining
            sway = rng.integers(len(SWAYS))
            canvas.lay(layer.colour[sway][view], layer.alpha[sway][view], layer.nearness)
        if event_rng.random() < BRANCH_SHARES[shot.event.species is not None]:
            self._lay_branch(canvas, self._rng(_EVENT, shot.event.number, 1), rng)
        return canvas, boxes, eyes

    def _lay_walker(
        self, canvas: Canvas, walker: Walker, shot: Shot, rng: np.random.Generator
    ) -> tuple[Box | None, list[tuple[float, float]]]:
        by_day = is_day(shot.taken_at)
        depth = self._scene.habitat.hides_feet * walker.nearness * self._height
        figure = hide_feet(walker.cut_out(shot.frame, rng, by_day=by_day), depth, rng)
        height, width = figure.alpha.shape
        foot = int(self._scene.horizon + walker.nearness * (self._height - self._scene.horizon)) - 2
        left = int(walker.centre(shot.frame, shot.event.frames, self._width) - width / 2)
        canvas.lay_shadow(left, foot, width, 0.5 if by_day else 0.25)
        box = canvas.lay(figure.colour, figure.alpha, min(1.0, walker.nearness * 1.1), left, foot - height)
        return box, [(left + x, foot - height + y) for x, y in figure.eyes]

    def _lay_branch(self, canvas: Canvas, event_rng: np.random.Generator, rng: np.random.Generator) -> None:
        """One branch an event, elsewhere in every frame."""
        brush = Brush(Image.new("RGBA", (self._width, self._height)), event_rng, self._scene.habitat.haze)
        x = float(event_rng.uniform(0.1, 0.9)) * self._width
        plants.paint_branch(brush, self._scene.habitat, x, 0.0, self._height * 1.5)
        swung = brush.image.convert("RGBa").rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR, center=(x, 0))
        pixels = np.asarray(swung.filter(ImageFilter.BoxBlur(1)), dtype=np.float32)
        canvas.lay(pixels[..., :3], pixels[..., 3] / np.float32(255), 0.8)

    def _light_by_day(self, canvas: Canvas, shot: Shot, event_rng: np.random.Generator) -> Pixels:
        day = self._rng(_DAY, self._location.number, shot.taken_at.toordinal())
        weather = Weather(sunny=day.random() < 0.6, misty=day.random() < 0.12)
        patches = self._scene.sun_patches[MARGIN:-MARGIN]
        pixels = light_by_day(canvas, shot.taken_at, weather, patches, self._scene.habitat.dapple)
        pixels *= np.float32(event_rng.uniform(0.93, 1.07))
        if shot.event.species is None and event_rng.random() < SUN_PATCH_SHARE:
            x, y = event_rng.uniform(-0.7, 0.7) + 0.12 * shot.frame, event_rng.uniform(0.0, 0.8)
            pixels *= sun_patch(self._height, self._width, x, y)[..., None]
        return pixels

    def _add_grain(self, pixels: Pixels, rng: np.random.Generator, *, coloured: bool) -> None:
        """Noise from another corner of one sheet for every image and channel: cheaper than fresh."""
        for channels in ([0], [1], [2]) if coloured else ([0, 1, 2],):
            y, x = rng.integers(0, _GRAIN_MARGIN, 2)
            grain = self._grain[y : y + self._height, x : x + self._width, None]
            pixels[..., channels] += grain * (GRAIN_BY_DAY if coloured else GRAIN_BY_NIGHT)


def _print_strip(image: Image.Image, shot: Shot) -> None:
    """The line that some makers print over the lower edge: time, temperature, camera."""
    ground, ink = _STRIP_COLOURS[shot.event.location.strip or "black"]
    draw = ImageDraw.Draw(image)
    top = image.height - STRIP_HEIGHT
    draw.rectangle((0, top, image.width, image.height), fill=ground)
    degrees = (
        HABITATS[shot.event.location.habitat].degrees
        + round(8 * np.sin(np.pi * (shot.taken_at.hour - 8) / 12))
        + shot.taken_at.day % 6
    )
    text = f"{shot.taken_at:%Y-%m-%d %H:%M:%S}    {degrees}C    CAM {shot.event.location.number:03d}"
    draw.text((8, top + 1), text, fill=ink, font=ImageFont.load_default_imagefont())
