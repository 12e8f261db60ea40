"""Take a closer look: choose a part of the image, read it at full resolution, and classify it."""

import numpy as np
from numpy.typing import NDArray

from wildcam.images import Box, Source, load_square, load_window
from wildcam.serving.classifier import Classifier
from wildcam.serving.closer_look import Closer
from wildcam.serving.evidence import strongest_window

NO_CLOSER_LOOK = "No closer look is taken: neither a model nor a detector says where the animal is."


def look_closer(
    model: Classifier,
    source: Source,
    weight: float,
    animal_map: NDArray[np.float32] | None,
    box: Box | None = None,
) -> Closer | None:
    """At a detector's box, else where an animal is most likely; None where there is neither.

    `animal_map`: float32, (h, w). `weight`: 0–1, of this look. A model of crops sees its box already. Raises
    `ImageError`, `BundleError`.
    """
    if box is not None and model.card.crops:
        return None
    if box is None and animal_map is None:
        return None
    window = box if box is not None else strongest_window(np.asarray(animal_map))
    pixels = closer_pixels(source, model.card.image_size, window, of_detector=box is not None)
    return Closer(window, box is not None, model.predict(pixels[None])[0], weight)


def closer_pixels(source: Source, image_size: int, window: Box, *, of_detector: bool = False) -> NDArray[np.uint8]:
    """What the model gets of the part: a window as it is, a detector's box with a margin. uint8, (S, S, 3)."""
    return load_square(source, image_size, window) if of_detector else load_window(source, image_size, window)
