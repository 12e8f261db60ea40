"""Time, camera and size of an image from its header; no pixel is decoded."""

import contextlib
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

import wildcam.images  # noqa: F401 (lifts PIL's own limit of size, which warns)
from wildcam.data.importers.reconyx import ReconyxNote, read_note
from wildcam.regular_files import open_regular

EXIF_IFD, INTEROP_IFD, THUMBNAIL_IFD = 0x8769, 0xA005, -1  # the last by PIL's own number
MODEL, MAKER_NOTE = 0x0110, 0x927C
SERIALS = (0xA431, 0xC62F)  # of the body, as EXIF and as DNG name it

TIMES = ((0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010))
"""Tags of a time and of its zone, the most trustworthy first: original, digitized, changed."""

WRITTEN = r"^\s*(?!0000)\d{4}\D\s?(?!00)\d{1,2}\D\s?(?!00)\d{1,2}\b"
"""A date that names a year, a month and a day. Cameras without one write blanks, zeros or colons."""

ZONE = r"^[+-]\d\d:?\d\d$"
THREADS = 4


@dataclass(frozen=True)
class Header:
    """What a header says, None for what it does not."""

    taken_at: str | None = None  # as the camera wrote it, with the zone where the camera knows one
    camera: str | None = None  # model and serial number of the body
    event: str | None = None  # number of the trigger, counted by the camera
    width: int | None = None  # px
    height: int | None = None


HEADER_COLUMNS = tuple(field.name for field in fields(Header))


def read_headers(root: Path, paths: Iterable[str]) -> pd.DataFrame:
    """`HEADER_COLUMNS`, a row a path; missing where a header is unreadable or does not say."""
    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as pool:
        warnings.simplefilter("ignore")  # PIL warns of each damaged header; the check of files reports them
        rows = [astuple(header) for header in pool.map(lambda path: _header(root / path), paths, chunksize=64)]
    table = pd.DataFrame(rows, columns=list(HEADER_COLUMNS))
    return table.astype(dict.fromkeys(("taken_at", "camera", "event"), "string"))


def read_header(content: bytes) -> Header:
    """The header of an upload."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _header(io.BytesIO(content))


def _header(source: Path | io.BytesIO) -> Header:
    try:
        with contextlib.ExitStack() as stack:
            file = source if isinstance(source, io.BytesIO) else stack.enter_context(open_regular(source))
            image = stack.enter_context(Image.open(file))
            width, height = image.size
            directories = list(_directories(image))
    except Exception:  # what a damaged header makes its readers raise has no end
        return Header()
    note = _note(directories)
    serial = _first(directories, *SERIALS) or (note.serial if note else "")
    return Header(
        taken_at=_time(directories) or (note.taken_at if note else None) or None,
        camera=" ".join(filter(None, (_first(directories, MODEL), serial))) or None,
        event=str(note.event) if note and note.event else None,
        width=width,
        height=height,
    )


def _directories(image: Image.Image) -> Iterator[dict[int, Any]]:
    """Tags by number: of the image, of the shot, of the rest, as far as they can be read."""
    try:
        exif = image.getexif()
    except Exception:
        return
    for number in (None, EXIF_IFD, INTEROP_IFD, THUMBNAIL_IFD):
        try:
            yield dict(exif) if number is None else dict(exif.get_ifd(number))
        except Exception:
            continue


def _time(directories: list[dict[int, Any]]) -> str | None:
    """The first tag that holds a date, in whichever directory it lies."""
    for tag, zone_tag in TIMES:
        for directory in directories:
            written = _text(directory.get(tag))
            if re.match(WRITTEN, written):
                zone = _first(directories, zone_tag)
                return written + zone if re.match(ZONE, zone) else written
    return None


def _first(directories: list[dict[int, Any]], *tags: int) -> str:
    texts = (_text(directory.get(tag)) for tag in tags for directory in directories)
    return next(filter(None, texts), "")


def _note(directories: list[dict[int, Any]]) -> ReconyxNote | None:
    notes = (directory.get(MAKER_NOTE) for directory in directories)
    return next((read_note(bytes(note)) for note in notes if isinstance(note, bytes | bytearray)), None)


def _text(value: object) -> str:
    """A tag's value up to its first NUL: some cameras write bytes for text."""
    value = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    text = bytes(value).decode("latin-1") if isinstance(value, bytes | bytearray) else str(value or "")
    return text.split("\x00")[0].strip()
