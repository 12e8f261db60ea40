"""The bytes of a table as text: encodings, byte-order marks, line ends, and what comes before the header."""

import re

from wildcam.data.importers.contract import Remarks
from wildcam.errors import DataError

HEAD_BYTES = 256 * 1024
"""A preview reads this much of a file."""

_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NEXT_LINE = ("\x85".encode(), "\u2028".encode())
"""Unicode's own line ends, as mainframes and some editors write them."""

_SEPARATOR_LINE = re.compile(rb'\A"?sep=(?P<separator>.)"?[ \t]*(?:\n|\Z)', re.IGNORECASE)
_BEFORE_HEADER = re.compile(rb'\A(?:[ \t,;|"]*\n|#[^\n]*\n)+')
"""Lines without a letter, or comments."""


def plain_text(content: bytes, name: str, remarks: Remarks) -> tuple[bytes, str | None]:
    """UTF-8 without a mark, lines that end in `\\n`, the header first; and the separator that a line `sep=;` names.

    Raises `DataError` for what is no text.
    """
    content = _one_line_end(_as_utf8(content, name, remarks))
    separator = None
    content = _BEFORE_HEADER.sub(b"", content)
    if found := _SEPARATOR_LINE.match(content):
        separator = found["separator"].decode(errors="replace")
        content = _BEFORE_HEADER.sub(b"", content[found.end() :])
    return content, separator


def whole_lines(content: bytes) -> bytes:
    """The beginning of a file without the line that it was cut in, whatever its lines end with."""
    ends = (content.rfind(end) + len(end) for end in (b"\n", b"\r", b"\n\x00", b"\r\x00"))
    return content[: max(ends)] or content


def _as_utf8(content: bytes, name: str, remarks: Remarks) -> bytes:
    encoding = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _without_mark(content[:HEAD_BYTES])
    if encoding:
        return content.decode(encoding, errors="replace").removeprefix("\ufeff").encode()
    if b"\x00" in content[:HEAD_BYTES]:
        raise DataError(f"{name} is not a text file: expected a table with a header row (CSV).")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return _of_one_byte(content, name, error.start, remarks)
    return content


def _without_mark(head: bytes) -> str | None:
    """UTF-16 by its zeros: every second byte of Latin letters and digits."""
    half = len(head) // 2
    if half < 2:
        return None
    zeros = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if zeros[1] > 0.4 * half and zeros[0] < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.4 * half and zeros[1] < 0.1 * half else None


def _of_one_byte(content: bytes, name: str, start: int, remarks: Remarks) -> bytes:
    """What is not UTF-8 is taken for the Mac's encoding where its lines end as the old Mac's, else for Windows's."""
    is_mac = b"\n" not in content and b"\r" in content
    encoding, title = ("mac_roman", "Mac Roman") if is_mac else ("cp1252", "Windows-1252")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text, title = content.decode("latin-1"), "Latin-1"
    around = text[max(0, start - 12) : start + 12].splitlines()
    example = max(around, key=len, default="")
    remarks.add(f"{name} is not in UTF-8: read as {title}, check its accents", 1, example)
    return text.encode()


def _one_line_end(content: bytes) -> bytes:
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
        if b"\r" in content:  # alone, or in a file that two programs wrote to
            content = content.replace(b"\r", b"\n")
    if b"\n" not in content.rstrip(b"\n"):
        for end in _NEXT_LINE:
            if end in content:
                return content.replace(end, b"\n")
    return content
