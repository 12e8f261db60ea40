"""The random transforms of training without a framework: for previews on a page, never for training."""

import numpy as np

from wildcam.architectures.presets import Framework
from wildcam.augmentation import FASTAI_SHARE, Augmentation
from wildcam.serving.tta import View


def draw_training_views(augmentation: Augmentation, framework: Framework, count: int, seed: int = 0) -> list[View]:
    """Draws as the framework's own layers make them: uniform over each range, a flip half of the time.

    Keras changes every image, fastai each kind of change in `FASTAI_SHARE` of the cases. fastai changes light in
    the space of logits, so that its bright and dark ends are softer than a view's.
    """
    share = FASTAI_SHARE if framework is Framework.FASTAI else 1.0
    rng = np.random.default_rng(seed)
    return [_draw(augmentation, share, rng) for _ in range(count)]


def _draw(augmentation: Augmentation, share: float, rng: np.random.Generator) -> View:
    flipped = bool(rng.random() < 0.5)
    turn, zoom, warp_x, warp_y, brightness, contrast = rng.uniform(-1, 1, 6)
    turns, zooms, warps, brightens, contrasts = rng.random(5) < share
    return View(
        flipped=augmentation.flip and flipped,
        rotation_degrees=float(augmentation.rotation_degrees * turn * turns),
        zoom=float(1 + augmentation.zoom * zoom * zooms),
        warp_x=float(augmentation.warp * warp_x * warps),
        warp_y=float(augmentation.warp * warp_y * warps),
        brightness=float(augmentation.brightness * brightness * brightens),
        contrast=float(1 + augmentation.contrast * contrast * contrasts),
    )
