"""Whatever a parser raises on a file becomes that file's status, or one sentence; the rest goes on."""

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bench.damaged import READERS, read_damaged
from wildcam.data.importers import ImportOptions, import_dataset, try_import
from wildcam.data.uploads import stage
from wildcam.errors import DataError, ImageError
from wildcam.images import load_rgb
from wildcam.quality.measure import measure
from wildcam.serving.uploads import read_uploads

DAMAGED = 20  # of each kind of file
FOUND = [("deployments.csv", 176)]
"""Damaged files on which a reader raised something else than a sentence."""


def png_with_exif(exif: bytes) -> bytes:
    """A PNG whose EXIF chunk holds these bytes."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    whole = content.getvalue()
    chunk = struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
    return whole[:33] + chunk + whole[33:]  # behind the header


@pytest.mark.parametrize(
    "exif", [b"II*\x00", b"II*\x00\x08", b"MM\x00*\x00\x00\x00\x08\x00\x01", b"", b"II*\x00\xff\xff\xff\xff"]
)
def test_a_cut_exif_chunk_ends_no_import(exif: bytes, tmp_path: Path, image: Callable[..., bytes]) -> None:
    (tmp_path / "fox").mkdir()
    (tmp_path / "fox" / "a.jpg").write_bytes(image(1, 2, 3))
    (tmp_path / "fox" / "cut.png").write_bytes(png_with_exif(exif))
    assert len(import_dataset(tmp_path / ".home", tmp_path, name="x").index) == 2
    assert load_rgb(png_with_exif(exif)).size == (8, 8)
    assert measure(tmp_path / "fox" / "cut.png").status in ("ok", "unreadable")


def test_a_nameless_entry_of_a_zip_is_a_sentence(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", "file,label\n")
    # in both headers: the length of the name becomes 0, and the name a part of what may follow it
    packed = content.getvalue().replace(b"\x05\x00\x00\x00a.csv", b"\x00\x00\x05\x00a.csv")
    packed = packed.replace(struct.pack("<HHH", 5, 0, 0), struct.pack("<HHH", 0, 5, 0))
    with pytest.raises(DataError):
        stage(tmp_path, "upload", "x.zip", packed)
    assert all(one.failure for one in read_uploads([("x.zip", io.BytesIO(packed))]))


@pytest.mark.parametrize(
    "content", [b"file,label\n" + b'"' + b"x" * 200_000 + b'",fox\n', b'"' + b"y" * 200_000 + b'",b\n1,2\n']
)
def test_a_table_that_the_csv_reader_refuses_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    _outcome(try_import, tmp_path / "x.csv")


def test_a_detectors_file_with_bytes_that_are_no_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("file,label\na.jpg,fox\n")
    (tmp_path / "md.json").write_bytes(
        b'{"images": [{"file": "a\xff.jpg", "detections": []}], "detection_categories": {}}'
    )
    with pytest.raises(DataError, match=r"md\.json is not valid JSON"):
        try_import(tmp_path / "a.csv", options=ImportOptions(detector=tmp_path / "md.json"))


@pytest.mark.filterwarnings("ignore")  # of PIL, on what it mends
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    """`python -m bench damaged=10000` reads more."""
    (tmp_path / "mine").mkdir()
    for number in range(DAMAGED):
        read_damaged(name, number, tmp_path / "mine")


@pytest.mark.parametrize(("name", "number"), FOUND)
def test_what_a_longer_search_found_stays_mended(name: str, number: int, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    read_damaged(name, number, tmp_path / "mine")


def _outcome(read: Callable[[Path], object], path: Path) -> None:
    with contextlib.suppress(DataError, ImageError):
        read(path)
