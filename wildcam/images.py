"""The one way in for pixels: file or bytes → RGB → one resize rule → uint8.

Training of either framework, evaluation, upload and batch all call `load_square`, so what a model
saw in training is what it gets when it serves.
"""

import io
import os
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from wildcam.errors import PhotographError

Source = str | os.PathLike[str] | bytes
"""A file's path, or its content."""

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")
"""What is taken for a photograph. PIL would also hand PostScript to an interpreter."""

MAX_PIXELS = 120_000_000
"""The largest photograph that is decoded; more is refused before any pixel is read."""

DECODE_SIDE = 256
"""JPEGs are decoded at the coarsest DCT scale whose shorter side is at least this, times a power
of two that covers the model's input: models of 56 and 224 px then share one decoded picture."""

# PIL's own limit warns at one size and raises at twice that; `_check_size` has one limit and a sentence.
Image.MAX_IMAGE_PIXELS = None

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What each EXIF orientation asks for."""


def load_rgb(source: Source, *, image_size: int = DECODE_SIDE) -> Image.Image:
    """Read a photograph upright, in RGB, at no less than the scale that `image_size` needs.

    EXIF orientation is applied, the first frame of an animation taken, any mode (CMYK, grey, palette,
    16-bit) converted, transparency dropped. JPEGs are decoded at a reduced DCT scale (`decode_side`),
    which depends on `image_size` only.

    Raises `PhotographError` with one sentence for what cannot be read.
    """
    name = "The upload" if isinstance(source, bytes) else Path(source).name
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
            _check_size(image, name)
            image.draft("RGB", (decode_side(image_size),) * 2)
            return _to_rgb(_upright(image))
    except PhotographError:
        raise
    except FileNotFoundError as error:
        raise PhotographError(f"{name} is missing: no such file.") from error
    except (IsADirectoryError, PermissionError) as error:
        raise PhotographError(
            f"{name} cannot be opened ({error.strerror}): expected a file that may be read."
        ) from error
    except UnidentifiedImageError as error:
        raise PhotographError(_not_a_photograph(source, name)) from error
    except Exception as error:  # decoders raise nearly anything on damaged bytes
        advice = "upload the original file" if isinstance(source, bytes) else "copy it again from the card"
        raise PhotographError(f"{name} is damaged ({_reason(error)}): {advice}.") from error


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


def _check_size(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise PhotographError(
            f"{name} has {pixels / 1e6:,.0f} megapixels; at most {MAX_PIXELS / 1e6:,.0f} are read. Save a smaller copy."
        )


def _upright(image: Image.Image) -> Image.Image:
    """Turned as EXIF says; unreadable EXIF says nothing.

    `ImageOps.exif_transpose` also writes EXIF anew and fails where a camera wrote it badly.
    """
    image.load()  # a TIFF is turned by PIL; a PNG may carry its EXIF behind the pixels
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(image)
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")  # PIL warns of the direct way
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """Greys of 16 bits, 32 bits or floating point are scaled to 0–255, where PIL would clip them.

    16 bits by their range, so that the frames of a camera stay comparable; the others by the smallest
    usual range that holds their brightest pixel.
    """
    grey = np.nan_to_num(np.asarray(image, dtype=np.float32))
    brightest = grey.max()
    ranges = (65535,) if image.mode.startswith("I;16") else (1, 255, 65535)
    white = next((white for white in ranges if brightest <= white), brightest)
    return Image.fromarray(np.clip(grey * (255 / white), 0, 255).round().astype(np.uint8)).convert("RGB")


def _not_a_photograph(source: Source, name: str) -> str:
    if not (len(source) if isinstance(source, bytes) else os.path.getsize(source)):
        return f"{name} is empty (0 bytes): expected a photograph. Copy it again from its source."
    return f"{name} is not a photograph: expected a JPEG, PNG, TIFF, WebP, GIF or BMP file."


def _reason(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text[0].lower() + text[1:].split("\n")[0].rstrip(".")
