"""Maker notes of Reconyx cameras: time, event and serial number, where the EXIF tags say nothing of them.

Every value lies at a fixed byte, little-endian; the layouts are those that ExifTool documents
(https://exiftool.org/TagNames/Reconyx.html).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ReconyxNote:
    """What a note says."""

    taken_at: str  # as EXIF writes a time; "" where the note holds none
    event: int | None  # number of the trigger, counted by the camera
    serial: str  # "" where unknown


@dataclass(frozen=True)
class _Layout:
    """Where the values of a series of models lie."""

    event: tuple[int, str]  # offset, format of `struct`
    time: tuple[int, str]
    day_before_month: bool
    serial: tuple[int, int]  # offset, bytes
    utf_16: bool


_WORDS, _BYTES = "<6H", "<5BH"  # second, minute, hour, then day and month in the order of the layout, year
_LAYOUTS: Mapping[bytes, _Layout] = {
    b"\x01\xf1": _Layout((0x12, "<2H"), (0x16, _WORDS), False, (0x2A, 30), True),  # HyperFire, RapidFire
    b"RECONYXH2\0": _Layout((0x3A, "<2H"), (0x3E, _WORDS), True, (0x7E, 30), True),  # HyperFire 2
    b"RECONYXUF\0": _Layout((0x37, "<I"), (0x3B, _BYTES), True, (0x4B, 15), False),  # UltraFire
    b"RECONYXMF\0": _Layout((0x4A, "<2H"), (0x4E, _WORDS), False, (0x8C, 30), True),  # MicroFire
    b"RECONYXHF4K\0": _Layout((0x2B, "<I"), (0x2F, _BYTES), True, (0x84, 15), False),  # HyperFire 4K
}


def read_note(note: bytes) -> ReconyxNote | None:
    """The values of a maker note; None for one of another maker, or one that is cut off before its time."""
    layout = next((layout for start, layout in _LAYOUTS.items() if note.startswith(start)), None)
    if layout is None:
        return None
    try:
        parts = struct.unpack_from(layout.time[1], note, layout.time[0])
        event = struct.unpack_from(layout.event[1], note, layout.event[0])
    except struct.error:
        return None
    start, length = layout.serial
    number = event[0] if len(event) == 1 else (event[0] << 16) + event[1]
    return ReconyxNote(
        taken_at=_time(parts, layout),
        event=number or None,
        serial=_text(note[start : start + length], layout.utf_16),
    )


def _time(parts: tuple[int, ...], layout: _Layout) -> str:
    if layout.time[1] == _WORDS and parts[5] > 9999:  # some write the time alone with the high byte first
        parts = tuple((part & 0xFF) << 8 | part >> 8 for part in parts)
    second, minute, hour, one, other, year = parts
    month, day = (other, one) if layout.day_before_month else (one, other)
    if month > 12 >= day:
        month, day = day, month
    return f"{year:04}:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}" if year else ""


def _text(content: bytes, utf_16: bool) -> str:
    text = content[: len(content) // 2 * 2].decode("utf-16-le", "replace") if utf_16 else content.decode("latin-1")
    return "".join(letter for letter in text.split("\0")[0] if letter.isprintable()).strip()
