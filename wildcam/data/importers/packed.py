"""Zips and gzips, read in place and within bounds: with a sentence that leads on for what cannot be unpacked.

The one home of what is known of archives, for sources on a disk and for uploads.
"""

import contextlib
import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from wildcam.data.importers.json_file import LARGEST
from wildcam.errors import DataError
from wildcam.regular_files import open_regular

MOST_RATIO = 200
"""Bytes of a large file for each packed one: tables are packed to a tenth, a bomb to a thousandth."""

LARGE = 200 * 1000**2
"""Bytes from which the ratio counts."""

ZIP_START = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")  # the second begins an empty one, the third one in parts
OTHER_ARCHIVES = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"MSCF": "a CAB archive",
}
"""How archives begin that are not unpacked here, whatever their name ends with."""

TAR_MARK, TAR_AT = b"ustar", 257
SPLIT_NAME = re.compile(r"\.(?:z\d\d|zip\.\d{3}|7z\.\d{3}|r\d\d|part\d+\.(?:rar|zip|7z)|\d{3})$", re.IGNORECASE)

METHODS = {
    9: "Deflate64, as Windows makes of more than 2 GB",
    19: "LZ77",
    93: "Zstandard",
    94: "MP3",
    95: "XZ",
    96: "JPEG",
    98: "PPMd",
    99: "AES encryption",
}
"""Ways of packing by the format's numbers (PKWARE's APPNOTE, 4.4.5)."""

READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
ELSEWHERE = "Unpack it with 7-Zip (free) and use the folder, or make the ZIP again with 7-Zip, smaller than 2 GB"
GZIP_START = b"\x1f\x8b"
BLOCK_BYTES = 1024**2
ENCRYPTED = 0x1  # bit of a zip member's flags

UPLOAD_COMMENT = b"WildCam upload"
"""The comment of a zip that a page packed of files that were chosen one by one: `pages/widgets/pack_uploads.js`."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,  # an entry without a name
    ArithmeticError,
)
"""What Python raises for a packed file that is damaged, cut off or packed in a way that it does not know."""


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return head.startswith(ZIP_START)


@contextlib.contextmanager
def open_zip(source: Path | BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip, at a path or in memory, for as long as it is read; `name` is what its owner calls it.

    Raises `DataError` for one that is damaged.
    """
    with contextlib.ExitStack() as stack:
        with _unpacking(name):
            content = stack.enter_context(open_regular(source)) if isinstance(source, Path) else source
            archive = stack.enter_context(zipfile.ZipFile(content))
        yield archive


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A file in the zip of that name. Raises `DataError` for one that is encrypted, damaged, too large or empty."""
    _check_open(info, name)
    _check_size(info.file_size, f"{info.filename} in {name}")
    if info.file_size > LARGE and info.file_size > MOST_RATIO * info.compress_size:
        raise DataError(
            f"{info.filename} in {name} unpacks to more than {MOST_RATIO} times its size, as no table does: it is "
            "damaged or made to fill the memory. Ask who made it for another copy."
        )
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


def other_archive(head: bytes, name: str) -> str | None:
    """The sentence for an archive of another kind, or a part of one, by its first bytes and its name; None where it is
    none.
    """
    if SPLIT_NAME.search(name):
        return (
            f"{name} is one part of an archive in several parts: put all parts into one folder, unpack the first with "
            "7-Zip (free), and use the folder."
        )
    kind = next((kind for start, kind in OTHER_ARCHIVES.items() if head.startswith(start)), None)
    if head[TAR_AT : TAR_AT + len(TAR_MARK)] == TAR_MARK:
        kind = "a tar archive"
    return f"{name} is {kind}: unpack it and use the folder, or make it a ZIP." if kind else None


def unpacked_elsewhere(info: zipfile.ZipInfo, name: str) -> str | None:
    """The sentence for a member of a zip that cannot be unpacked here; None where it can be."""
    if info.flag_bits & ENCRYPTED:
        return (
            f"{name} is encrypted: unpack it with its password and use the folder, or make the ZIP without a password."
        )
    if info.compress_type not in READABLE:
        method = METHODS.get(info.compress_type, f"method {info.compress_type}")
        return f"{name} is packed in a way that is not read here ({method}). {ELSEWHERE}."
    return None


def not_opened(error: BaseException, name: str) -> str:
    """The sentence for a zip that cannot be opened."""
    if "multiple disks" in str(error):
        return (
            f"{name} is the last part of an archive in several parts: put all parts into one folder, unpack them with "
            "7-Zip (free), and use the folder."
        )
    return (
        f"{name} cannot be unpacked ({error or type(error).__name__}): it is damaged, cut off, or one part of several. "
        "Download it or make it again, or unpack it and use the folder."
    )


@contextlib.contextmanager
def _unpacking(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise DataError(not_opened(error, name)) from error


def _check_open(info: zipfile.ZipInfo, name: str) -> None:
    if sentence := unpacked_elsewhere(info, f"{info.filename} in {name}"):
        raise DataError(sentence)


def _check_size(size: int, name: str) -> None:
    if size > LARGEST:
        raise DataError(
            f"{name} is larger than {LARGEST / 1e9:.0f} GB unpacked: expected a table that fits into memory. "
            "Unpack it and import the folder."
        )
