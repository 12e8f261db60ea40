"""Small copies: made once, upright, bounded, and never of a file that has changed since."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from wildcam.data.thumbnails import Thumbnails, outline
from wildcam.errors import ImageError


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (1200, 900), "green").save(path)
    return path


@pytest.fixture
def thumbnails(tmp_path: Path) -> Thumbnails:
    return Thumbnails(tmp_path / "cache")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_the_longest_side_is_as_requested(thumbnails: Thumbnails, image: Path) -> None:
    assert opened(thumbnails.get(image, 320)).size == (320, 240)
    assert opened(thumbnails.get(image, 5000)).size == (1200, 900)


def test_a_copy_is_made_once(thumbnails: Thumbnails, image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = thumbnails.get(image)
    monkeypatch.setattr("wildcam.data.thumbnails.load_rgb", None)
    assert thumbnails.get(image) == first


@pytest.mark.parametrize("damaged", [b"", b"no photo", b"\xff\xd8\xff cut off"])
def test_a_damaged_copy_is_made_again(thumbnails: Thumbnails, image: Path, damaged: bytes) -> None:
    first = thumbnails.get(image)
    (copy,) = thumbnails.folder.glob("*.jpg")
    copy.write_bytes(damaged)
    assert thumbnails.get(image) == copy.read_bytes() == first


def test_a_changed_image_gets_a_new_copy(thumbnails: Thumbnails, image: Path) -> None:
    first = thumbnails.get(image)
    Image.new("RGB", (600, 600), "red").save(image)
    assert thumbnails.get(image) != first


def test_a_turned_image_stands_upright(thumbnails: Thumbnails, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6  # orientation: turn by 90 degrees
    Image.new("RGB", (400, 200)).save(tmp_path / "turned.jpg", exif=exif)
    assert opened(thumbnails.get(tmp_path / "turned.jpg")).size == (160, 320)


@pytest.mark.parametrize("content", [None, b"", b"no photo"])
def test_what_cannot_be_read_leaves_no_copy(thumbnails: Thumbnails, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImageError, match="bad.jpg"):
        thumbnails.get(path)
    assert not list(thumbnails.folder.glob("*"))


def test_the_longest_unused_copies_are_dropped_until_the_bound_holds(tmp_path: Path) -> None:
    cache = Thumbnails(tmp_path / "cache")
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for path in paths:
        Image.new("RGB", (64, 64)).save(path)
        cache.get(path)
    copies = [cache._path(path, "320") for path in paths]
    for age, copy in zip((300, 200, 100), copies, strict=True):
        os.utime(copy, (copy.stat().st_mtime - age,) * 2)
    cache.get(paths[0])  # the oldest is used again
    cache.max_bytes = 2 * copies[0].stat().st_size
    cache.trim()
    assert [copy.exists() for copy in copies] == [True, False, True]


def test_trimming_before_the_first_copy_is_harmless(thumbnails: Thumbnails) -> None:
    thumbnails.trim()


def test_boxes_are_drawn_where_they_are(thumbnails: Thumbnails, image: Path) -> None:
    boxes = [(0.5, 0.25, 0.25, 0.5), (0.0, 0.0, 0.1, 0.1)]  # x, y, width, height
    thumbnail = outline(thumbnails.get(image, 320), boxes)
    on_the_line, on_the_other, inside = (thumbnail.getpixel(place) for place in ((160, 100), (31, 10), (200, 100)))
    assert min(on_the_line[0], on_the_other[0]) > 150 > 50 > inside[0]
