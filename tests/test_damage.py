"""Cut and filled JPEGs: read where nearly everything is there, and always found."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from wildcam.damage import damage_of
from wildcam.data.catalog import Status
from wildcam.errors import ImageError
from wildcam.images import load_rgb
from wildcam.quality.measure import measure


def jpeg(seed: int = 1, image: Image.Image | None = None, **options: bool) -> bytes:
    """Full of detail, so that its bytes are spread evenly over its rows."""
    image = image or Image.frombytes("RGB", (160, 128), random.Random(seed).randbytes(160 * 128 * 3))
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85, **options)
    return content.getvalue()


def found(content: bytes) -> str:
    damage = damage_of(content, load_rgb(content))
    return damage.sentence if damage else ""


KINDS = pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}], ids=str)


@KINDS
def test_a_whole_photo_has_no_damage_and_neither_has_an_even_one(options: dict[str, bool]) -> None:
    assert found(jpeg(**options)) == ""
    for colour in ((0, 0, 0), (128, 128, 128), (250, 250, 250)):
        assert found(jpeg(image=Image.new("RGB", (1600, 1200), colour), **options)) == ""


@KINDS
def test_zeros_after_the_end_are_no_damage(options: dict[str, bool]) -> None:
    assert found(jpeg(**options) + bytes(4096)) == ""


@KINDS
def test_what_lacks_only_its_end_is_read_and_marked(options: dict[str, bool]) -> None:
    whole = jpeg(**options)
    assert load_rgb(whole[:-2]).tobytes() == load_rgb(whole).tobytes()
    assert "cut off" in found(whole[:-2])


@pytest.mark.parametrize(("share", "readable"), [(0.99, True), (0.97, True), (0.9, False), (0.5, False)])
def test_the_share_that_is_there_decides(tmp_path: Path, share: float, readable: bool) -> None:
    whole = jpeg()
    file = tmp_path / "a.jpg"
    file.write_bytes(whole[: int(share * len(whole))])
    if readable:
        assert "cut off" in found(file.read_bytes())
    else:
        with pytest.raises(ImageError, match="damaged"):
            load_rgb(file)
    assert measure(file).status is (Status.DAMAGED if readable else Status.UNREADABLE)


@pytest.mark.parametrize("options", [{}, {"optimize": True}], ids=str)
def test_a_filled_part_is_found_wherever_it_lies(options: dict[str, bool]) -> None:
    whole = jpeg(**options)
    half = len(whole) // 2
    assert "overwritten" in found(whole[:half].ljust(len(whole), b"\0"))
    assert "overwritten" in found(whole[:half] + bytes(2048) + whole[half + 2048 :])


def test_a_grey_half_that_was_saved_again_is_found() -> None:
    image = Image.open(io.BytesIO(jpeg())).convert("RGB")
    image.paste((128, 128, 128), (0, 64, 160, 128))
    assert "even grey" in found(jpeg(image=image))


def test_a_dark_photo_with_a_black_bar_is_whole() -> None:
    image = Image.open(io.BytesIO(jpeg())).convert("RGB")
    image.paste((0, 0, 0), (0, 100, 160, 128))
    assert found(jpeg(image=image, optimize=True)) == ""


def test_a_file_of_zeros_is_no_photo(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(bytes(5000))
    assert measure(tmp_path / "a.jpg").status is Status.UNREADABLE
