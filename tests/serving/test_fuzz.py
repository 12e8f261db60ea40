"""Thousands of damaged files: each gives pixels or one sentence, never another error."""

import io
import random
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from wildcam.errors import ImageError
from wildcam.images import load_square
from wildcam.serving.uploads import read_uploads

SIDE = 56
MUTATIONS = 400  # of each seed


def _encoded(image: Image.Image, format: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format, **options)
    return content.getvalue()


def _seeds() -> dict[str, tuple[str, bytes]]:
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    grey = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    exif = Image.Exif()
    exif[0x0112] = 6
    images = {
        "jpeg": _encoded(image, "JPEG", exif=exif),
        "progressive": _encoded(image, "JPEG", progressive=True),
        "cmyk": _encoded(image.convert("CMYK"), "JPEG"),
        "png": _encoded(image, "PNG"),
        "palette": _encoded(image.convert("P"), "PNG"),
        "deep": _encoded(grey, "TIFF"),
        "animation": _encoded(image, "GIF", save_all=True, append_images=[image] * 2),
        "webp": _encoded(image, "WEBP"),
        "bmp": _encoded(image, "BMP"),
    }
    card = io.BytesIO()
    with zipfile.ZipFile(card, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in images.items():
            archive.writestr(f"DCIM/{name}.jpg", content)
    return {name: (f"{name}.jpg", content) for name, content in images.items()} | {"zip": ("card.zip", card.getvalue())}


SEEDS = _seeds()


def _flip(content: bytes, dice: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def _splice(content: bytes, dice: random.Random) -> bytes:
    """The beginning of one kind before the end of another."""
    _, other = dice.choice(list(SEEDS.values()))
    return content[: dice.randrange(1, 64)] + other[dice.randrange(len(other)) :]


def _blow_up(content: bytes, dice: random.Random) -> bytes:
    """Large numbers where a header may have its sizes."""
    data, place = bytearray(content), dice.randrange(min(200, len(content)))
    data[place : place + 4] = dice.choice([b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00"])
    return bytes(data)


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _splice, _blow_up)


@pytest.mark.filterwarnings("ignore")  # PIL warns of what it mends; a page's reader does not see it
@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_file_gives_pixels_or_a_sentence(seed: str) -> None:
    name, content = SEEDS[seed]
    dice = random.Random(seed)
    sentences, images = [], 0
    for _ in range(MUTATIONS if seed != "zip" else MUTATIONS // 4):
        damaged = dice.choice(WAYS)(content, dice)
        for one in read_uploads([(name, io.BytesIO(damaged))]):
            try:
                pixels = load_square(one.content(), SIDE)
            except ImageError as error:
                sentences.append(str(error))
            else:
                assert (pixels.shape, pixels.dtype) == ((SIDE, SIDE, 3), np.uint8)
                images += 1
    assert all(sentence.strip() for sentence in sentences)
    assert sentences
    assert len(sentences) + images >= MUTATIONS // 4
