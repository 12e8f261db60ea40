"""What is measured of one file."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageFilter

from wildcam.data.catalog import Status
from wildcam.errors import ImageError
from wildcam.images import load_rgb
from wildcam.quality import measure as module
from wildcam.quality.measure import Measurement, difference_hash, measure, saturation, sharpness
from wildcam.quality.thresholds import Thresholds

Encode, Scene = Callable[..., bytes], Callable[..., np.ndarray]


@pytest.fixture
def measured(tmp_path: Path) -> Callable[[bytes], Measurement]:
    """What is measured of a file with this content."""

    def measured(content: bytes) -> Measurement:
        (tmp_path / "a.jpg").write_bytes(content)
        return measure(tmp_path / "a.jpg")

    return measured


def test_a_sound_file_is_described_in_full(tmp_path: Path, measured: Callable, encode: Encode, scene: Scene) -> None:
    content = encode(scene())
    found, stat = measured(content), (tmp_path / "a.jpg").stat()
    assert (found.status, found.reason, found.bytes) == (Status.OK, None, len(content))
    assert found.modified_ns == stat.st_mtime_ns
    assert found.digest == hashlib.blake2b(content, digest_size=16).hexdigest()
    assert (found.width, found.height) == (320, 240)
    assert 0.4 < found.brightness < 0.6
    assert 0.2 < found.sharpness <= 1
    assert 0.2 < found.saturation < 0.8


def test_the_size_is_the_stored_one_not_that_of_the_smaller_decoding_or_the_turned_image(
    measured: Callable, encode: Encode, scene: Scene
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    found = measured(encode(scene(width=2048, height=1536), exif=exif))
    assert (found.width, found.height) == (2048, 1536)


def test_what_cannot_be_decoded_has_a_sentence_and_a_digest(measured: Callable, encode: Encode, scene: Scene) -> None:
    content = encode(scene())[:-2000]
    found = measured(content)
    assert found.status is Status.UNREADABLE
    assert found.reason.startswith("a.jpg is damaged (image file is truncated")
    assert (found.bytes, found.brightness, found.hash) == (len(content), None, None)
    assert found.digest == hashlib.blake2b(content, digest_size=16).hexdigest()


def test_what_cannot_be_opened_has_a_sentence_and_no_digest(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    found = measure(tmp_path / "folder.jpg")
    assert (found.status, found.digest) == (Status.UNREADABLE, None)
    assert found.reason == "folder.jpg cannot be opened (Is a directory): expected a file that may be read."
    long = measure(tmp_path / ("long" * 100))
    assert (long.status, long.digest) == (Status.UNREADABLE, None)
    assert "cannot be opened (File name too long)" in long.reason


@pytest.mark.parametrize("name", ["gone.jpg", "no\0name.jpg", "file/gone.jpg"])
def test_no_file_is_a_missing_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    assert measure(tmp_path / name) == Measurement(Status.MISSING)


def test_a_file_that_vanishes_while_it_is_measured_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encode: Encode, scene: Scene
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(encode(scene()))

    def vanish_first(path: Path) -> Image.Image:
        path.unlink()
        return load(path)

    load = module.load_rgb
    monkeypatch.setattr(module, "load_rgb", vanish_first)
    assert measure(file) == Measurement(Status.MISSING)


def test_the_cameras_bar_counts_for_nothing(measured: Callable, encode: Encode, scene: Scene) -> None:
    night = np.full((240, 320, 3), 12)
    night[:12] = scene()[:12]  # coloured, with sharp edges
    night[-16:] = (255, 120, 0)
    found = measured(encode(night))
    assert found.brightness == pytest.approx(12 / 255, abs=0.01)
    assert found.sharpness < Thresholds().blurred_sharpness
    assert found.saturation < Thresholds().infrared_saturation


def test_an_image_of_one_pixel_is_measured(measured: Callable, encode: Encode) -> None:
    found = measured(encode(np.full((1, 1, 3), 255), "PNG"))
    assert (found.status, found.width, found.height) == (Status.OK, 1, 1)
    assert (found.brightness, found.sharpness, found.saturation) == (1.0, 0.0, 0.0)


def test_sharpness_goes_from_one_grey_to_black_beside_white() -> None:
    stripes = np.zeros((64, 64), dtype=np.uint8)
    assert sharpness(stripes) == 0.0
    stripes[:, ::2] = 255
    assert sharpness(stripes) == 1.0


def test_sharpness_falls_with_blur_and_does_not_with_a_plain_scene(scene: Scene) -> None:
    sharp = Image.fromarray(scene()).convert("L")
    blurred = [
        sharpness(np.asarray(sharp.filter(ImageFilter.GaussianBlur(radius)).crop((32, 32, 288, 208))))
        for radius in (0, 2, 4, 8)
    ]
    assert blurred == sorted(blurred, reverse=True)
    assert blurred[-1] < Thresholds().blurred_sharpness < blurred[1]
    plain = np.full((240, 320), 100, dtype=np.uint8)
    plain[80:160, 80:180] = np.asarray(sharp)[80:160, 80:180]  # an animal before a wall
    assert sharpness(plain) > 0.1


def test_saturation_is_how_far_the_strongest_colour_is_above_the_weakest() -> None:
    assert saturation(Image.new("RGB", (4, 4), (77, 77, 77))) == 0.0
    assert saturation(Image.new("RGB", (4, 4), (0, 0, 255))) == 1.0
    assert saturation(Image.new("RGB", (4, 4), (51, 102, 60))) == pytest.approx(0.2)


def test_the_hash_is_imagehashs_256_bits_from_the_top_left(scene: Scene) -> None:
    rising = Image.fromarray(np.tile(np.arange(0, 256, 2, dtype=np.uint8), (64, 1)))
    assert difference_hash(rising) == (2**64 - 1,) * 4
    grey = Image.fromarray(scene()).convert("L")
    bits = "".join(f"{part:064b}" for part in difference_hash(grey))
    assert bits == "".join("1" if bit else "0" for bit in imagehash.dhash(grey, hash_size=16).hash.ravel())


def test_measures_hardly_change_with_the_scale_of_the_file(measured: Callable, encode: Encode, scene: Scene) -> None:
    large = scene(width=1024, height=768, square=64)
    small = np.asarray(Image.fromarray(large).resize((512, 384), Image.Resampling.BOX))
    one, other = measured(encode(large)), measured(encode(small))
    assert one.brightness == pytest.approx(other.brightness, abs=0.01)
    assert one.saturation == pytest.approx(other.saturation, abs=0.01)
    assert one.sharpness == pytest.approx(other.sharpness, abs=0.05)
    differing = sum((a ^ b).bit_count() for a, b in zip(one.hash, other.hash, strict=True))
    assert differing <= Thresholds().near_identical_bits


def test_memory_that_runs_out_says_nothing_against_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encode: Encode, scene: Scene
) -> None:
    (tmp_path / "a.jpg").write_bytes(encode(scene()))

    def fail(self: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(MemoryError):
        measure(tmp_path / "a.jpg")
    with pytest.raises(ImageError, match=r"a\.jpg cannot be read now: memory ran out"):
        load_rgb(tmp_path / "a.jpg")
