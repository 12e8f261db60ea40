"""The one way in for pixels: file or bytes → RGB → one resize rule → uint8.

Training of either framework, evaluation, upload and batch all call `load_square`, so what a model
saw in training is what it gets when it serves.
"""

import io
import os
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from wildcam.errors import PhotographError

Source = str | os.PathLike[str] | bytes | IO[bytes]

MAX_PIXELS = 120_000_000
"""The largest photograph that is decoded; more is refused before any pixel is read."""

DECODE_SIDE = 256
"""JPEGs are decoded at the coarsest DCT scale whose shorter side is at least this, times a power
of two that covers the model's input: models of 56 and 224 px then share one decoded picture."""

# PIL's own limit warns at one size and raises at twice that; `_check_size` has one limit and a sentence.
Image.MAX_IMAGE_PIXELS = None


def load_rgb(source: Source, *, image_size: int = DECODE_SIDE) -> Image.Image:
    """Read a photograph upright, in RGB, at no less than the scale that `image_size` needs.

    `source` is a path, bytes or a binary file. EXIF orientation is applied, the first frame of an
    animation taken, any mode (CMYK, grey, palette, 16-bit) converted. JPEGs are decoded at a reduced
    DCT scale (`decode_side`), which depends on `image_size` only.

    Raises `PhotographError` with one sentence for what cannot be read.
    """
    name = _name(source)
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            _check_size(image, name)
            image.draft("RGB", (decode_side(image_size),) * 2)
            return _to_rgb(ImageOps.exif_transpose(image))
    except PhotographError:
        raise
    except FileNotFoundError as error:
        raise PhotographError(f"{name} is missing: no such file.") from error
    except UnidentifiedImageError as error:
        raise PhotographError(f"{name} is not a photograph: expected a JPEG, PNG, TIFF, WebP or GIF.") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, MemoryError) as error:
        raise PhotographError(f"{name} cannot be decoded ({_reason(error)}): copy it again from the card.") from error


def resize_square(image: Image.Image, image_size: int) -> NDArray[np.uint8]:
    """The one resize rule: squash to a square, bilinear with antialiasing. uint8, (S, S, 3), RGB, 0–255."""
    return np.asarray(image.resize((image_size, image_size), Image.Resampling.BILINEAR), dtype=np.uint8)


def load_square(source: Source, image_size: int) -> NDArray[np.uint8]:
    """The pixels that a model of `image_size` gets of this photograph. uint8, (S, S, 3), RGB, 0–255."""
    return resize_square(load_rgb(source, image_size=image_size), image_size)


def decode_side(image_size: int) -> int:
    """The least side that a photograph is decoded at: 256 for inputs up to 256 px, 512 up to 512 px, …"""
    side = DECODE_SIDE
    while side < image_size:
        side *= 2
    return side


def _name(source: Source) -> str:
    if isinstance(source, bytes):
        return "The upload"
    path = source if isinstance(source, str | os.PathLike) else getattr(source, "name", "The upload")
    return Path(path).name


def _check_size(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise PhotographError(
            f"{name} has {pixels / 1e6:,.0f} megapixels; at most {MAX_PIXELS / 1e6:,.0f} are read. Save a smaller copy."
        )


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(image)
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """16-bit and floating-point greys hold more than 0–255: scale by the type's range, not by clipping."""
    grey = np.asarray(image, dtype=np.float64)
    top = 1.0 if image.mode == "F" and grey.max(initial=0) <= 1 else 255.0 if grey.max(initial=0) <= 255 else 65535.0
    return Image.fromarray(np.clip(grey * (255.0 / top), 0, 255).astype(np.uint8)).convert("RGB")


def _reason(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text[0].lower() + text[1:].split("\n")[0].rstrip(".")
