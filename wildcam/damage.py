"""What is lost of a JPEG that a failing card, a broken copy or a full disk has cut or filled.

A cut file lacks its end, and the decoder paints what it lacks in middle grey; a filled one has a long run of one byte
where the image's data should be.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

START, END = b"\xff\xd8\xff", b"\xff\xd9"
MOST_LOST = 0.05
"""Share that a photo may lack and still be read."""

SHORTEST_RUN = 512
"""Bytes of one value that no image's data has, but for `_may_be_flat`; the smallest block of a card."""

FILLERS = (b"\x00", b"\xff")
GREY, GREY_TOLERANCE = 128, 2
"""What the decoder paints where there is no data, after the conversion to RGB."""

LEAST_GREY = 0.1
"""Share of a whole photo's rows that are one even grey, at its bottom, where it was saved again after a loss."""

LEAST_NAMED = 0.001

_SCAN, _TABLES, _PROGRESSIVE = 0xDA, 0xC4, 0xC2


@dataclass(frozen=True)
class Damage:
    """What is lost, as a sentence without the file's name, and the share that is lost, 0–1."""

    sentence: str
    lost: float


def completed(content: bytes) -> bytes:
    """A JPEG with an end marker: the decoder then paints what is missing, where it would wait for more."""
    return content + END


def lost_share(image: Image.Image) -> float:
    """The share of a cut image, 0–1, that the decoder has painted: from the right end of a row downwards."""
    grey = _is_grey(image)  # (H, W)
    widths = np.where(grey.all(axis=1), grey.shape[1], np.argmin(grey[:, ::-1], axis=1))
    rows = int(np.argmin(widths[::-1] > 0)) if not widths.all() else len(widths)
    return float(widths[len(widths) - rows :].sum() / grey.size)


def grey_rows(image: Image.Image) -> float:
    """The share of rows, 0–1, at the bottom that are one even grey from end to end."""
    rows = np.asarray(_is_grey(image).all(axis=1))
    return (int(np.argmin(rows[::-1])) if not rows.all() else len(rows)) / len(rows)


def damage_of(content: bytes, image: Image.Image) -> Damage | None:
    """What is lost of a file that was read as this image; None where nothing is known to be."""
    if not content.startswith(START):
        return None
    scan, tables, is_progressive = _parts(content)
    end = content.rfind(END, scan)
    has_end, end = end >= 0, end if end >= 0 else len(content)
    run = next((at for byte in FILLERS if (at := content.find(byte * SHORTEST_RUN, scan)) >= 0), end)
    if run < end and not (has_end and (is_progressive or content[run] == 0 and _may_be_flat(tables))):
        share = 1 - (run - scan) / max(1, end - scan)
        sentence = f"is damaged: the data after its first {1 - share:.0%} was overwritten, so that the rest is lost"
        return Damage(sentence, share)
    if not has_end:
        share = lost_share(image)
        lost = "no more than its end marker" if share < LEAST_NAMED else f"its last {share:.1%}"
        lost = "its last passes, so that it is less sharp" if is_progressive and share < LEAST_NAMED else lost
        return Damage(f"is cut off, read in part: it lacks {lost}", share)
    share = grey_rows(image)
    if LEAST_GREY <= share < 1:
        return Damage(f"is damaged: the lower {share:.0%} is even grey, as where data was lost", share)
    return None


def _is_grey(image: Image.Image) -> np.ndarray:
    """bool, (H, W)"""
    pixels = np.asarray(image.convert("RGB"), dtype=np.int16)  # (H, W, 3)
    return np.asarray((np.abs(pixels - GREY) <= GREY_TOLERANCE).all(axis=2))


def _parts(content: bytes) -> tuple[int, dict[int, int], bool]:
    """Where the image's data begins, the first symbol of each Huffman table, and whether it comes in passes."""
    tables: dict[int, int] = {}
    position, is_progressive = 2, False
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        body = content[position + 4 : position + 2 + length]
        is_progressive |= marker == _PROGRESSIVE
        if marker == _TABLES:
            tables |= _first_symbols(body)
        position += 2 + length
        if marker == _SCAN:
            break
    return position, tables, is_progressive


def _first_symbols(body: bytes) -> dict[int, int]:
    """The symbol that only zero bits stand for, by the number of each table of a segment."""
    found = {}
    while len(body) > 17:
        found[body[0]] = body[17]
        body = body[17 + sum(body[1:17]) :]
    return found


def _may_be_flat(tables: dict[int, int]) -> bool:
    """Whether only zeros may stand for an even area: no change of brightness, then nothing more in the block."""
    return tables.get(0x00, 0) == 0 and tables.get(0x10, 1) == 0
