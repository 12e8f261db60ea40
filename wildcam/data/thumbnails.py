"""Small copies of images: made once, kept on disk up to a bound, the longest unused dropped first."""

import contextlib
import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

from wildcam import atomic, damage
from wildcam.errors import ImageError
from wildcam.images import load_rgb

GALLERY_SIDE, LARGE_SIDE = 320, 1280
"""Longest side in px of a thumbnail in a grid, and of a photo shown alone."""

MAX_BYTES = 500_000_000

JPEG_QUALITY = 82

BLURRED_SIDE = 8
"""Longest side in px of the copy that a blurred image is made from: a face that fills half the height has a handful."""

BOX_COLOUR = "#E69F00"  # seen on green, on grey night and by colour-blind readers


class Thumbnails:
    """Copies under `folder`, which may be deleted at any time. A changed image gets a new copy."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._has_grown = False

    def get(self, original: Path, side: int = GALLERY_SIDE, *, blurred: bool = False) -> bytes:
        """The image upright as a JPEG whose longest side is at most `side` px; never enlarged, and without EXIF.

        `blurred`: no detail of the image is in it. Raises `ImageError` where the file is missing or cannot be decoded.
        """
        copy = self._path(original, f"{side} blurred" if blurred else str(side))
        content = _read_copy(copy)
        if not content:
            content = blurred_jpeg(original, side) if blurred else _as_jpeg(_shrink(original, side))
            atomic.write_cached(copy, content)
            self._has_grown = True
        return content

    def trim(self) -> None:
        """Drop the longest unused copies until the rest keeps the bound; nothing to do where none was made since."""
        if not self._has_grown:
            return
        self._has_grown = False
        copies = []
        for copy in self.folder.glob("*.jpg"):
            with contextlib.suppress(FileNotFoundError):  # another session trims too
                copies.append((copy.stat(), copy))
        excess = sum(stat.st_size for stat, _ in copies) - self.max_bytes
        for stat, copy in sorted(copies, key=lambda found: found[0].st_mtime_ns):
            if excess <= 0:
                return
            with contextlib.suppress(OSError):
                copy.unlink()
            excess -= stat.st_size

    def _path(self, original: Path, kind: str) -> Path:
        try:
            stat = original.stat()
        except OSError as error:
            raise ImageError(f"{original.name} is missing: no such file.") from error
        identity = f"{original.absolute()}|{stat.st_size}|{stat.st_mtime_ns}|{kind}"
        return self.folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.jpg"


def outline(thumbnail: bytes, boxes: Iterable[tuple[float, ...]]) -> Image.Image:
    """The image with boxes drawn on it: x, y, width and height relative to the image, origin top left."""
    image = Image.open(io.BytesIO(thumbnail)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for x, y, width, height in boxes:
        corners = (x * image.width, y * image.height, (x + width) * image.width, (y + height) * image.height)
        draw.rectangle(corners, outline=BOX_COLOUR, width=max(2, image.width // 200))
    return image


def _read_copy(copy: Path) -> bytes:
    """What was kept; empty where nothing was, or where it is damaged."""
    try:
        content = copy.read_bytes()
    except FileNotFoundError:
        return b""
    with contextlib.suppress(OSError):  # a disk that is read only, or a copy dropped meanwhile
        os.utime(copy)  # used now: dropped last
    return content if content.startswith(damage.START) and content.endswith(damage.END) else b""


def blurred_jpeg(original: Path, side: int) -> bytes:
    """As `Thumbnails.get`, enlarged from so few pixels that no detail can be won back. Raises `ImageError`."""
    image = _shrink(original, side)
    few = image.copy()
    few.thumbnail((BLURRED_SIDE, BLURRED_SIDE), Image.Resampling.BOX)
    return _as_jpeg(few.resize(image.size, Image.Resampling.BICUBIC))


def _shrink(original: Path, side: int) -> Image.Image:
    image = load_rgb(original, image_size=side)
    image.thumbnail((side, side), Image.Resampling.BICUBIC)
    return image


def _as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
