"""The one way in for pixels: file or bytes → RGB → one resize rule → uint8.

Training of either framework, evaluation, upload and batch all call `load_square`, so what a model
saw in training is what it gets when it serves.
"""

import io
import os
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from wildcam import damage
from wildcam.errors import ImageError
from wildcam.regular_files import NotARegularFile, open_regular, read_regular

Source = str | os.PathLike[str] | bytes
"""A file's path, or its content."""

Box = tuple[float, float, float, float]
"""Left, top, width and height, relative to the upright image, origin top left."""

Part = tuple[float, float, float, float]
"""Left, top, right and bottom, px."""

CROP_MARGIN = 0.1
"""Share of a box's longer side that a crop adds at each end, by default."""

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")
"""What is taken for an image. PIL would also hand PostScript to an interpreter."""

MAX_PIXELS = 120_000_000
"""The largest image that is decoded; more is refused before any pixel is read."""

MAX_DEEP_PIXELS = 30_000_000
"""Of greys of 16 bits, 32 bits or floating point, which take many times the memory to scale; such cameras are small."""

START_OF_SCAN = b"\xff\xda"
MAX_SCANS = 100
"""Of a progressive JPEG; encoders write about ten, and a thumbnail may have its own."""

MAX_BYTES = 600_000_000
"""The largest file that is read whole: `MAX_PIXELS` of 32 bits without compression, and its header."""

DECODE_SIDE = 256
"""JPEGs are decoded at the coarsest DCT scale whose shorter side is at least this, times a power
of two that covers the model's input: models of 56 and 224 px then share one decoded image."""

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

_SWAPS = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))  # width and height change places


def load_rgb(source: Source, *, image_size: int = DECODE_SIDE) -> Image.Image:
    """Read an image upright, in RGB, at no less than the scale that `image_size` needs.

    EXIF orientation is applied, the first frame of an animation taken, any mode (CMYK, grey, palette,
    16-bit) converted, transparency dropped. JPEGs are decoded at a reduced DCT scale (`decode_side`),
    which depends on `image_size` only.

    A JPEG that lacks at most `damage.MOST_LOST` of its pixels is read, and the check finds it.

    Raises `ImageError` with one sentence for what cannot be read.
    """
    return _read(source, lambda size: decode_side(image_size))


def resize_square(image: Image.Image, image_size: int, part: Part | None = None) -> NDArray[np.uint8]:
    """The one resize rule: squash (a part) to a square, bilinear with antialiasing. uint8, (S, S, 3), RGB, 0–255."""
    square = image.resize((image_size, image_size), Image.Resampling.BILINEAR, box=part)
    return np.asarray(square, dtype=np.uint8)


def load_square(
    source: Source, image_size: int, box: Box | None = None, margin: float = CROP_MARGIN
) -> NDArray[np.uint8]:
    """The pixels that a model of `image_size` gets of this image, or of what `crop_part` cuts around a box of it.

    A crop is decoded at a scale at which it still has `image_size` pixels, where the file has them.
    uint8, (S, S, 3), RGB, 0–255.
    """
    if box is None:
        return resize_square(load_rgb(source, image_size=image_size), image_size)
    image = _read(source, lambda size: _crop_decode_side(size, image_size, box, margin))
    return resize_square(image, image_size, crop_part(image.size, box, margin))


def load_window(source: Source, image_size: int, window: Box) -> NDArray[np.uint8]:
    """A part of an image at full resolution, squashed to a square as whole images are.

    Decoded at a scale at which the part still has `image_size` pixels, where the file has them. uint8, (S, S, 3), RGB,
    0–255. Raises `ImageError`.
    """
    left, top, width, height = window

    def least_side(size: tuple[int, int]) -> int:
        return max(decode_side(image_size), ceil(image_size * min(size) / min(width * size[0], height * size[1])))

    image = _read(source, least_side)
    across, down = image.size
    right, bottom = min(left + width, 1.0), min(top + height, 1.0)
    return resize_square(image, image_size, (left * across, top * down, right * across, bottom * down))


def stored_size(path: Path) -> tuple[int, int]:
    """Width and height of an image as stored, before the turn that EXIF asks for. Raises `ImageError`."""
    try:
        with open_regular(path) as file, Image.open(file, formats=FORMATS) as image:
            return image.size
    except Exception as error:  # decoders raise nearly anything on damaged bytes
        raise ImageError(f"{path.name} is not a photo that can be read ({_reason(error)}).") from error


def crop_part(size: tuple[int, int], box: Box, margin: float = CROP_MARGIN) -> Part:
    """What to cut around a box of an image of this width and height, so that the animal keeps its shape.

    A square around the box's middle, of the box's longer side and `margin` of that side more at each end; where it
    would leave the image, moved inside; where it is longer than a side of the image, that whole side.
    """
    left, top, width, height = box
    side = max(1.0, max(width * size[0], height * size[1]) * (1 + 2 * margin))
    x, right = _span((left + width / 2) * size[0], side, size[0])
    y, bottom = _span((top + height / 2) * size[1], side, size[1])
    return x, y, right, bottom


def decode_side(image_size: int) -> int:
    """The least side that an image is decoded at: 256 for inputs up to 256 px, 512 up to 512 px, …"""
    side = DECODE_SIDE
    while side < image_size:
        side *= 2
    return side


def _crop_decode_side(size: tuple[int, int], image_size: int, box: Box, margin: float) -> int:
    """The least side of the whole image at which the crop is no smaller than the model's input."""
    left, top, right, bottom = crop_part(size, box, margin)
    return max(decode_side(image_size), ceil(image_size * min(size) / min(right - left, bottom - top)))


def _span(middle: float, length: float, available: int) -> tuple[float, float]:
    length = min(length, available)
    start = min(max(middle - length / 2, 0.0), available - length)
    return start, start + length


def _read(source: Source, least_side: Callable[[tuple[int, int]], int]) -> Image.Image:
    """Read an image upright, in RGB; `least_side` says from its upright size how coarsely it may be decoded."""
    name = "The upload" if isinstance(source, bytes) else Path(source).name
    try:
        with _opened(source) as file, Image.open(file, formats=FORMATS) as image:
            _check_size(image, name)
            _check_scans(image, file, name)
            image.draft("RGB", (least_side(_upright_size(image)),) * 2)
            return _to_rgb(_upright(image))
    except ImageError:
        raise
    except FileNotFoundError as error:
        raise ImageError(f"{name} is missing: no such file.") from error
    except (IsADirectoryError, PermissionError, NotARegularFile) as error:
        raise ImageError(f"{name} cannot be opened ({error.strerror}): expected a file that may be read.") from error
    except UnidentifiedImageError as error:
        raise ImageError(_not_an_image(source, name)) from error
    except MemoryError as error:  # says nothing against the photo
        raise ImageError(f"{name} cannot be read now: memory ran out. Close other programs and try again.") from error
    except Exception as error:  # decoders raise nearly anything on damaged bytes
        if (part := _read_in_part(source, least_side)) is not None:
            return part
        advice = "upload the original file" if isinstance(source, bytes) else "copy it again from the card"
        raise ImageError(f"{name} is damaged ({_reason(error)}): {advice}.") from error


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else open_regular(source)


def _read_in_part(source: Source, least_side: Callable[[tuple[int, int]], int]) -> Image.Image | None:
    """A JPEG that lacks only its end, or its last rows; None for what lacks more than `MOST_LOST`."""
    try:
        content = source if isinstance(source, bytes) else read_regular(source, MAX_BYTES)
        if not content.startswith(damage.START):
            return None
        with Image.open(io.BytesIO(damage.completed(content)), formats=FORMATS) as image:
            image.draft("RGB", (least_side(_upright_size(image)),) * 2)
            image.load()
            return _to_rgb(_upright(image)) if damage.lost_share(image) <= damage.MOST_LOST else None
    except Exception:  # the first failure is the one to tell
        return None


def _check_size(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    most, kind = (MAX_DEEP_PIXELS, " of more than 8 bits") if _is_deep(image) else (MAX_PIXELS, "")
    if pixels > most:
        raise ImageError(
            f"{name} has {pixels / 1e6:,.0f} megapixels{kind}; at most {most / 1e6:,.0f} are read. Save a smaller copy."
        )


def _check_scans(image: Image.Image, file: BinaryIO, name: str) -> None:
    """Each scan of a progressive JPEG goes over the whole image: hundreds in a small file take minutes to decode."""
    if not image.info.get("progressive"):
        return
    position = file.tell()
    file.seek(0)
    scans = file.read(MAX_BYTES).count(START_OF_SCAN)
    file.seek(position)
    if scans > MAX_SCANS:
        raise ImageError(f"{name} has {scans:,} scans; at most {MAX_SCANS} are read. Save it again as a plain JPEG.")


def _upright(image: Image.Image) -> Image.Image:
    """Turned as EXIF says; unreadable EXIF says nothing.

    `ImageOps.exif_transpose` also writes EXIF anew and fails where a camera wrote it badly.
    """
    image.load()  # a TIFF is turned by PIL; a PNG may carry its EXIF behind the pixels
    turn = _turn(image)
    return image if turn is None else image.transpose(turn)


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height once upright, of a JPEG before it is decoded; only JPEGs have a scale to choose."""
    swapped = image.format == "JPEG" and _turn(image) in _SWAPS
    return (image.height, image.width) if swapped else image.size


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # whatever a damaged header makes PIL raise
        return None


def _is_deep(image: Image.Image) -> bool:
    return image.mode.startswith("I") or image.mode == "F"


def _to_rgb(image: Image.Image) -> Image.Image:
    if _is_deep(image):
        return _from_deep_grey(image)
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")  # PIL warns of the direct way
    return image if image.mode == "RGB" else image.convert("RGB")  # converting would copy


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


def _not_an_image(source: Source, name: str) -> str:
    if not (len(source) if isinstance(source, bytes) else os.path.getsize(source)):
        return f"{name} is empty (0 bytes): expected a photo. Copy it again from its source."
    return f"{name} is not a photo: expected a JPEG, PNG, TIFF, WebP, GIF or BMP file."


def _reason(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text[0].lower() + text[1:].split("\n")[0].rstrip(".")
