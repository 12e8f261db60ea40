"""The one way in for pixels: whatever a card or an upload holds."""

import errno
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from wildcam.errors import ImageError
from wildcam.images import DECODE_SIDE, MAX_PIXELS, crop_part, decode_side, load_rgb, load_square, resize_square

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (250, 250, 250)


def quarters(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red, green / blue, white: every turn and flip of it is another image."""
    width, height = size
    image = Image.new("RGB", size, RED)
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), BLUE)
    draw.rectangle((width // 2, height // 2, width, height), WHITE)
    return image


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, format, **options)
    return content.getvalue()


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Colours inside the four quarters: top left, top right, bottom left, bottom right."""
    width, height = image.size
    places = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    places += [(x, 3 * height // 4) for x, _ in places]
    return [image.getpixel(place) for place in places]


def assert_quarters(image: Image.Image, tolerance: int = 12) -> None:
    assert image.mode == "RGB"
    np.testing.assert_allclose(corners(image), [RED, GREEN, BLUE, WHITE], atol=tolerance)


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


@pytest.mark.parametrize("size", [(1024, 747), (2048, 1536), (64, 48)])
def test_a_path_and_its_bytes_give_the_same_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (size[1] // 8, size[0] // 8, 3), dtype=np.uint8)
    path = tmp_path / "a.jpg"
    Image.fromarray(noise).resize(size).save(path, quality=85)
    for image_size in (56, 224, 600):
        from_path, from_bytes = load_square(path, image_size), load_square(path.read_bytes(), image_size)
        assert from_path.shape == (image_size, image_size, 3)
        assert from_path.dtype == np.uint8
        np.testing.assert_array_equal(from_path, from_bytes)
        np.testing.assert_array_equal(from_path, load_square(str(path), image_size))


def test_a_jpeg_is_decoded_no_larger_than_the_model_needs_and_never_smaller() -> None:
    content = encoded(quarters((2048, 1536)), "JPEG")
    assert load_rgb(content, image_size=56).size == load_rgb(content, image_size=224).size == (512, 384)
    assert load_rgb(content, image_size=300).size == (1024, 768)
    assert load_rgb(content, image_size=600).size == (2048, 1536)
    assert load_rgb(encoded(quarters((300, 200)), "JPEG")).size == (300, 200)


def test_the_reduced_image_is_the_whole_one_made_smaller() -> None:
    content = encoded(quarters((2048, 1536)), "JPEG", quality=95)
    whole = resize_square(Image.open(io.BytesIO(content)), 224)
    difference = np.abs(load_square(content, 224).astype(int) - whole)
    assert difference.mean() < 1


def test_the_decoded_side_is_a_power_of_two_times_256() -> None:
    assert [decode_side(size) for size in (32, 256, 257, 600)] == [DECODE_SIDE, 256, 512, 1024]


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_turned_image_comes_upright(format: str, value: int) -> None:
    turned = {  # what a camera stores, so that its viewer turns it back
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[value]
    stored = quarters() if turned is None else quarters().transpose(turned)
    image = load_rgb(encoded(stored, format, exif=orientation(value)))
    assert image.size == (64, 48)
    assert_quarters(image)


@pytest.mark.parametrize(
    "exif", [b"Exif\x00\x00garbage", b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x09\x01", b"x" * 40]
)
@pytest.mark.filterwarnings("ignore:.*EXIF:UserWarning", "ignore:Truncated File Read:UserWarning")
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_unreadable_exif_does_not_cost_the_image(format: str, exif: bytes) -> None:
    assert_quarters(load_rgb(encoded(quarters(), format, exif=exif)))


def test_exif_that_cannot_be_written_anew_does_not_cost_the_image() -> None:
    exif = orientation(3)
    exif[0x011A] = 72
    content = bytearray(encoded(quarters().rotate(180), "JPEG", exif=exif))
    entry = content.index(bytes.fromhex("011a"))
    content[entry + 2 : entry + 4] = b"\x00\x02"  # the resolution's type becomes text
    assert_quarters(load_rgb(bytes(content)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    format = "TIFF" if mode == "CMYK" else "PNG"
    assert_quarters(load_rgb(encoded(quarters().convert(mode, palette=Image.Palette.ADAPTIVE), format)), tolerance=40)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    assert_quarters(load_rgb(encoded(quarters().convert("CMYK"), "JPEG", quality=95)), tolerance=20)


@pytest.mark.parametrize(("mode", "format"), [("L", "JPEG"), ("LA", "PNG"), ("1", "PNG"), ("L", "BMP")])
def test_greys_become_three_equal_channels(mode: str, format: str) -> None:
    image = load_rgb(encoded(quarters().convert("L").convert(mode), format))
    pixels = np.asarray(image)
    assert image.mode == "RGB"
    assert (pixels == pixels[..., :1]).all()
    assert np.ptp(pixels) > 100


@pytest.mark.filterwarnings("error")
def test_a_palette_with_transparent_entries_is_read() -> None:
    palette = quarters().convert("P", palette=Image.Palette.ADAPTIVE)
    assert_quarters(load_rgb(encoded(palette, "PNG", transparency=bytes([0, 128, 255]))), tolerance=40)
    assert_quarters(load_rgb(encoded(palette.convert("PA"), "TIFF")), tolerance=40)


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(format: str) -> None:
    grey = np.array([[0, 257, 12_850], [32_896, 51_400, 65_535]], dtype=np.uint16)
    pixels = np.asarray(load_rgb(encoded(Image.fromarray(grey), format)))
    np.testing.assert_array_equal(pixels[..., 0], [[0, 1, 50], [128, 200, 255]])
    dark = np.asarray(load_rgb(encoded(Image.fromarray(np.full((2, 2), 250, np.uint16)), format)))
    assert dark.max() == 1, "a dark frame of a camera stays as dark as beside bright ones"


@pytest.mark.parametrize(
    ("white", "dtype"), [(1.0, np.float32), (255, np.int32), (65_535, np.int32), (4e6, np.float32)]
)
def test_wider_greys_fill_the_range_that_holds_them(white: float, dtype: type) -> None:
    grey = (np.array([[0, 0.2, 1.0]]) * white).astype(dtype)
    pixels = np.asarray(load_rgb(encoded(Image.fromarray(grey), "TIFF")))
    np.testing.assert_array_equal(pixels[0, :, 1], [0, 51, 255])


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_shows_its_first_frame(format: str) -> None:
    frames = [quarters(), Image.new("RGB", (64, 48), (0, 0, 0))]
    options = {} if format == "TIFF" else {"duration": 100, "loop": 0}
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
    assert_quarters(load_rgb(content), tolerance=40)


def huge_png(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and a few bytes that do not hold them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_two_hundred_megapixels_are_refused_before_a_pixel_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="The upload has 200 megapixels; at most 120 are read. Save a smaller copy"):
        load_rgb(huge_png(20_000, 10_000))


def test_the_largest_image_is_not_refused_for_its_size() -> None:
    with pytest.raises(ImageError, match="damaged"):  # its few bytes end early
        load_rgb(huge_png(MAX_PIXELS // 10_000, 10_000))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"a.jpg is empty \(0 bytes\): expected a photo."),
        (b"Just some words.", "a.jpg is not a photo: expected a JPEG, PNG, TIFF, WebP, GIF or BMP file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a.jpg is not a photo"),
        (
            encoded(quarters((640, 480)), "JPEG")[:1500],
            r"a.jpg is damaged \(.*truncated.*\): copy it again from the card.",
        ),
        (encoded(quarters((640, 480)), "PNG")[:200], "a.jpg is damaged"),
        (encoded(quarters(), "JPEG")[:2], "a.jpg is not a photo"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=sentence):
        load_rgb(path)
    with pytest.raises(ImageError, match="^The upload is") as error:
        load_rgb(content)
    assert "card" not in str(error.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"a.jpg is missing: no such file"):
        load_rgb(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").mkdir()
    with pytest.raises(ImageError, match=r"b.jpg cannot be opened \(Is a directory\)"):
        load_rgb(tmp_path / "b.jpg")


def test_a_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:  # a superuser may read every real file
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("wildcam.images.open_regular", refuse)
    with pytest.raises(ImageError, match=r"a.jpg cannot be opened \(Permission denied\)"):
        load_rgb("cards/a.jpg")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_end_in_pixels_or_in_one_sentence(format: str) -> None:
    rng = np.random.default_rng(0)
    content = encoded(quarters(), format)
    outcomes = set()
    for _ in range(150):
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[rng.integers(0, min(len(damaged), 400), 4)] = rng.integers(0, 256, 4)
        try:
            outcomes.add(load_rgb(damaged.tobytes()).mode)
        except ImageError as error:
            outcomes.add(str(error)[: len("The upload")])
    assert outcomes <= {"RGB", "The upload"}


def test_a_crop_is_a_square_around_the_middle_of_the_box_with_a_margin() -> None:
    # 100 px wide and 60 high: 100 and a tenth of it at both ends, around (350, 230)
    assert crop_part((1000, 500), (0.3, 0.4, 0.1, 0.12), 0.1) == pytest.approx((290, 170, 410, 290))
    assert crop_part((1000, 500), (0.3, 0.4, 0.1, 0.12), 0.0) == pytest.approx((300, 180, 400, 280))


def test_a_crop_at_an_edge_moves_inside_and_one_larger_than_the_image_takes_all_of_that_side() -> None:
    assert crop_part((1000, 500), (0.0, 0.9, 0.1, 0.1), 0.1) == pytest.approx((0, 380, 120, 500))
    assert crop_part((1000, 500), (0.2, 0.0, 0.6, 1.0), 0.1) == pytest.approx((140, 0, 860, 500))
    assert crop_part((1000, 500), (0.0, 0.0, 1.0, 1.0), 0.1) == (0, 0, 1000, 500)
    left, top, right, bottom = crop_part((1000, 500), (0.5, 0.5, 0.0, 0.0), 0.1)  # a box of nothing
    assert (right - left, bottom - top) == pytest.approx((1, 1))


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_crop_shows_what_the_box_says_of_the_upright_image(format: str, orientation: int) -> None:
    upright = quarters((800, 600))
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = io.BytesIO()
    stored.save(content, format, exif=exif, **({"quality": 95} if format == "JPEG" else {}))
    for box, colour in (((0.1, 0.1, 0.2, 0.2), RED), ((0.7, 0.1, 0.2, 0.2), GREEN), ((0.1, 0.7, 0.2, 0.2), BLUE)):
        pixels = load_square(content.getvalue(), 32, box=box)
        assert pixels.shape == (32, 32, 3)
        assert np.abs(pixels.astype(int) - colour).max() < 12


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_crop_is_decoded_finely_enough_to_fill_the_models_input(orientation: int) -> None:
    """Stripes of 4 px survive in a crop of 240 px for an input of 200; the whole is decoded at a quarter."""
    stripes = (np.arange(2048) // 4 % 2 * 255).astype(np.uint8)
    upright = Image.fromarray(np.broadcast_to(stripes[None, :, None], (1536, 2048, 3)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = io.BytesIO()
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose.ROTATE_90)
    stored.save(content, "JPEG", quality=95, exif=exif)
    assert load_square(content.getvalue(), 200).std() < 30
    assert load_square(content.getvalue(), 200, box=(0.4, 0.4, 200 / 2048, 200 / 1536)).std() > 90


def test_a_box_of_the_whole_image_is_the_image() -> None:
    content = encoded(quarters((2048, 1536)), "JPEG")
    np.testing.assert_array_equal(load_square(content, 64, box=(0, 0, 1, 1)), load_square(content, 64))
