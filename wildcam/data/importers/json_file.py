"""JSON of any size into typed structs, with one clear sentence where that fails."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from wildcam.errors import DataError
from wildcam.regular_files import NotARegularFile, TooLarge, open_regular, read_regular

LARGEST = 2 * 1000**3
"""Bytes of a source. A larger one is refused before it fills the memory."""

T = TypeVar("T")


def read_json(path: Path, type: type[T], expected: str) -> T:
    """The file as a struct. `expected` completes the sentence "expected …" for a file of another shape.

    Raises `DataError` for a file that is missing, cut off, not JSON or of another shape.
    """
    return parse_json(read_bytes(path), path.name, type, expected)


def parse_json(content: bytes, name: str, type: type[T], expected: str) -> T:
    """As `read_json`, of bytes."""
    try:
        if not content.isascii():
            content.decode()  # parts that are kept raw would fail where they are read
        return _decode(content, type)
    except msgspec.ValidationError as error:
        raise DataError(f"{name} does not fit ({error}): expected {expected}.") from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{name} is not valid JSON ({error}): expected {expected}. If it was cut off, download or export it again."
        ) from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a source, without a byte order mark. Raises `DataError` where there is nothing to read."""
    return _read(path, lambda: read_regular(path, LARGEST)).removeprefix(b"\xef\xbb\xbf")


def read_start(path: Path, most_bytes: int) -> bytes:
    """At most so many bytes of a file. Raises `DataError` where there is nothing to read."""

    def read() -> bytes:
        with open_regular(path) as file:
            return file.read(most_bytes)

    return _read(path, read)


def _read(path: Path, read: Callable[[], bytes]) -> bytes:
    try:
        content = read()
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing: expected a file or a folder. Check the path.") from error
    except IsADirectoryError as error:
        raise DataError(f"{path} is a folder: expected a file.") from error
    except NotARegularFile as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): expected a file or a folder.") from error
    except TooLarge as error:
        raise DataError(f"{path.name} cannot be read ({error.strerror}): divide it.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if not content.strip():
        raise DataError(f"{path.name} is empty (0 bytes of content): download or export it again.")
    return content


def _decode(content: bytes, type: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=type)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Python's own reader takes the `NaN` that Python's own writer leaves in such files.
        plain = json.loads(content, parse_constant=lambda name: None)
        return msgspec.json.decode(msgspec.json.encode(plain), type=type)
