"""One file: whether it can be read, the digest of its bytes, and measures of the image.

All measures are of the middle of the image: at its top and bottom many cameras print a bar with the time, whose
letters are the sharpest edges there are, and whose logo has colour at night, too.
"""

import hashlib
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageStat

from wildcam.damage import damage_of
from wildcam.data.catalog import Status
from wildcam.errors import ImageError
from wildcam.images import MAX_BYTES, load_rgb, stored_size
from wildcam.regular_files import open_regular, read_regular

BAR_SHARE = 0.1
"""Part of the height that is left out at the top and at the bottom."""

MEASURED_SIDE = 256
"""Shorter side in px that an image is shrunk to before it is measured; a smaller one stays as it is."""

HASH_SIDE = 16
"""Rows and columns of the perceptual hash: 256 bits."""

SHARPEST_PERCENTILE = 99
"""Sharpness is how steep the steepest hundredth of the image is."""


@dataclass(frozen=True)
class Measurement:
    """A row of a quality table (`QUALITY_COLUMNS`) but for its path, with the hash in one piece; and whether the system
    let the file be read.
    """

    status: Status
    reason: str | None = None
    bytes: int | None = None
    modified_ns: int | None = None
    digest: str | None = None
    hash: tuple[int, ...] | None = None  # 4 × 64 bits
    brightness: float | None = None
    sharpness: float | None = None
    saturation: float | None = None
    width: int | None = None
    height: int | None = None
    is_refused: bool = False  # the system gave not all of its bytes: what is in them is unknown


def measure(file: Path) -> Measurement:
    """Read and decode a file. What is wrong with it is in status and reason, never raised.

    Raises `MemoryError`: a sound photo would be called unreadable for it, and be left out from then on.
    """
    try:
        entry = file.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: not a valid file name
        return Measurement(Status.MISSING)
    except OSError as error:
        reason = f"{file.name} cannot be opened ({error.strerror}): check the permissions of the file."
        return Measurement(Status.UNREADABLE, reason, is_refused=True)
    digest = _digest(file)
    found = Measurement(
        Status.OK,
        bytes=entry.st_size,
        modified_ns=entry.st_mtime_ns,
        digest=digest,
        is_refused=digest is None and stat.S_ISREG(entry.st_mode),
    )
    try:
        image = load_rgb(file)
        width, height = stored_size(file)  # `load_rgb` decodes at a smaller scale
        damage = damage_of(read_regular(file, MAX_BYTES), image)
    except (ImageError, OSError) as error:
        if _is_gone(file):
            return Measurement(Status.MISSING)
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error
        return replace(found, status=Status.UNREADABLE, reason=str(error))
    middle = _middle(image)
    grey = middle.convert("L")
    if damage:
        found = replace(found, status=Status.DAMAGED, reason=f"{file.name} {damage.sentence}.")
    return replace(
        found,
        width=width,
        height=height,
        hash=difference_hash(grey),
        brightness=_mean(grey),
        sharpness=sharpness(np.asarray(grey)),
        saturation=saturation(middle),
    )


def difference_hash(grey: Image.Image) -> tuple[int, ...]:
    """256 bits, 4 × 64, row by row from the top left: is a spot brighter than its neighbour to the left?

    dHash (Krawetz 2013, https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html).
    """
    bits = imagehash.dhash(grey, hash_size=HASH_SIDE).hash  # bool, (16, 16)
    return tuple(np.packbits(bits).view(">u8").tolist())


def sharpness(grey: NDArray[np.uint8]) -> float:
    """How steep the steepest hundredth of an image is, 0 (one grey) to 1 (black beside white). grey: (H, W), 0–255.

    CleanVision takes the variance of all edges for it (https://github.com/cleanlab/cleanvision), which also
    falls where a sharp image shows a plain wall. The steepest edges tell a fogged lens from a plain scene.
    """
    if min(grey.shape) < 2:
        return 0.0
    signed = grey.astype(np.int32)
    steps = np.diff(signed[:-1], axis=1) ** 2 + np.diff(signed[:, :-1], axis=0) ** 2  # (H - 1, W - 1)
    return min(1.0, float(np.sqrt(np.percentile(steps, SHARPEST_PERCENTILE))) / 255)


def saturation(image: Image.Image) -> float:
    """How far the strongest of red, green and blue is above the weakest, 0–1, in the mean over an RGB image.

    HSV's own saturation divides by the strongest: the noise of a dark infrared frame would count as colour.
    """
    red, green, blue = image.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    weakest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return _mean(ImageChops.subtract(strongest, weakest))


def _middle(image: Image.Image) -> Image.Image:
    """The image without its bars, at most `MEASURED_SIDE` px on its shorter side (of the whole)."""
    scale = min(1.0, MEASURED_SIDE / min(image.size))
    bar = BAR_SHARE * image.height
    size = max(1, round(image.width * scale)), max(1, round((image.height - 2 * bar) * scale))
    return image.resize(size, Image.Resampling.BOX, box=(0, bar, image.width, image.height - bar))


def _mean(band: Image.Image) -> float:
    return ImageStat.Stat(band).mean[0] / 255


def _digest(file: Path) -> str | None:
    try:
        with open_regular(file) as content:
            return hashlib.file_digest(content, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return None


def _is_gone(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
