"""Zips and gzips, read in place and within bounds: with an error for what is encrypted, damaged or too large."""

import contextlib
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from wildcam.errors import DataError

LARGEST = 2 * 1000**3
"""Bytes of a file after unpacking. A larger one is refused before it fills the memory."""

ZIP_START = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins an empty one
GZIP_START = b"\x1f\x8b"
BLOCK_BYTES = 1024**2
ENCRYPTED = 0x1  # bit of a zip member's flags

UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What Python raises for a packed file that is damaged, cut off or packed in a way that it does not know."""


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return head.startswith(ZIP_START)


@contextlib.contextmanager
def open_zip(path: Path, name: str = "") -> Iterator[zipfile.ZipFile]:
    """A zip for as long as it is read; `name` is what its owner calls it.

    Raises `DataError` for one that is damaged.
    """
    with _unpacking(name or path.name):
        archive = zipfile.ZipFile(path)
    with archive:
        yield archive


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A file in the zip of that name. Raises `DataError` for one that is encrypted, damaged, too large or empty."""
    _check_open(info, name)
    _check_size(info.file_size, f"{info.filename} in {name}")
    with _unpacking(name), archive.open(info) as member:
        content = member.read(info.file_size + 1)  # where the stated size is too small, no more is unpacked
    if not content.strip():
        raise DataError(f"{info.filename} in {name} is empty (0 bytes of content): download or export it again.")
    return content


def extract_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, target: Path, most_bytes: int) -> int:
    """Unpack a file in the zip to a target path, not much more of it than it may have; how many bytes that were.

    Raises `DataError` for one that is encrypted or damaged.
    """
    _check_open(info, name)
    size = 0
    with _unpacking(name), archive.open(info) as member, target.open("wb") as file:
        while size <= most_bytes and (block := member.read(BLOCK_BYTES)):
            size += file.write(block)
    return size


def gunzipped(content: bytes, name: str) -> bytes:
    """The content of a gzip, or the same content where it is none."""
    if not content.startswith(GZIP_START):
        return content
    with _unpacking(name), gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        content = file.read(LARGEST + 1)
    _check_size(len(content), name)
    return content


@contextlib.contextmanager
def _unpacking(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise DataError(
            f"{name} cannot be unpacked ({error or type(error).__name__}): it is damaged, "
            "or uses an unsupported compression. Download it again, or unpack it and import the folder."
        ) from error


def _check_open(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & ENCRYPTED:
        raise DataError(f"{info.filename} in {name} is encrypted: unpack it with its password and import the folder.")


def _check_size(size: int, name: str) -> None:
    if size > LARGEST:
        raise DataError(
            f"{name} is larger than {LARGEST / 1e9:.0f} GB unpacked: expected a table that fits into memory. "
            "Unpack it and import the folder."
        )
