"""The one walk over a folder of photos: what is a photo, what is passed over and how often, what cannot be read."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wildcam.data.passed_over import PassedOver, reason_by_content, reason_for_file, reason_for_folder
from wildcam.errors import DataError
from wildcam.regular_files import is_special, open_regular

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp")

BY_CONTENT = (".jpe", ".jfif", ".jif", ".jpg_", ".mpo", "")
"""Endings of files that are photos where their first bytes say so."""

MOST_NAMED = 3
"""Folders that an error names."""

_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")


@dataclass(frozen=True)
class Tally:
    """How many files were passed over for one reason, and the first of them."""

    count: int
    example: str


@dataclass(frozen=True)
class ReadFailure:
    """A folder that cannot be listed, or a file that cannot be opened, and why."""

    path: str
    reason: str


class PhotoWalk:
    """Iterates over the relative paths of every photo below a folder, in order, each folder's own files first.

    `passed_over` and `failures` fill while it goes on: what is passed over, and what could not be read. Folders behind
    links are not entered.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.passed_over: dict[PassedOver, Tally] = {}
        self.failures: list[ReadFailure] = []

    def __iter__(self) -> Iterator[str]:
        left: list[tuple[str, PassedOver | None]] = [("", None)]
        while left:
            folder, reason = left.pop()
            entries = self._listed(folder, reason)
            if folder and reason is None:
                reason = reason_by_content(entry.name for entry in entries)
            below = []
            for entry in entries:
                path = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    below.append((f"{path}/", reason or reason_for_folder(entry.name)))
                elif entry.is_symlink() and os.path.isdir(entry.path):
                    self._pass(PassedOver.LINK, path)
                elif not entry.is_file() and is_special(entry.path):
                    self._pass(PassedOver.SPECIAL, path)
                elif found := self._reason(entry.name, path, reason):
                    self._pass(found, path)
                elif reason is None and self._is_photo(entry.name, path):
                    yield path
            left.extend(reversed(below))

    def check_complete(self) -> None:
        """`check_complete` of what the walk met."""
        check_complete(self._root, self.failures)

    def _listed(self, folder: str, reason: PassedOver | None) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if reason is None:  # what is passed over may be as unreadable as it likes
                self.failures.append(ReadFailure(folder.rstrip("/") or str(self._root), error.strerror or str(error)))
            return []

    def _reason(self, name: str, path: str, of_folder: PassedOver | None) -> PassedOver | None:
        """Why a file is passed over; in a folder that is, only what would be a photo counts."""
        if of_folder:
            return of_folder if name.lower().endswith(IMAGE_SUFFIXES) else None
        own = reason_for_file(name)
        if own in (PassedOver.HIDDEN, PassedOver.BACKUP):
            return own if _stem_is_photo(name) else None
        return own

    def _is_photo(self, name: str, path: str) -> bool:
        if name.lower().endswith(IMAGE_SUFFIXES):
            return True
        if reason_for_file(name):
            return False
        if os.path.splitext(name)[1].lower() in BY_CONTENT:
            try:
                with open_regular(self._root / path) as file:
                    head = file.read(12)
            except OSError as error:
                self.failures.append(ReadFailure(path, error.strerror or str(error)))
                return False
            if begins_as_photo(head):
                return True
        self._pass(PassedOver.OTHER, path)
        return False

    def _pass(self, reason: PassedOver, path: str) -> None:
        known = self.passed_over.get(reason)
        self.passed_over[reason] = Tally(known.count + 1, known.example) if known else Tally(1, path)


def check_complete(root: Path, failures: Sequence[ReadFailure]) -> None:
    """Raise `DataError` where something could not be read: what lies there would be missing without a word."""
    if not failures:
        return
    named = ", ".join(f"{failure.path} ({failure.reason})" for failure in failures[:MOST_NAMED])
    more = ", …" if len(failures) > MOST_NAMED else ""
    what = "folder or file" if len(failures) == 1 else "folders and files"
    raise DataError(
        f"{len(failures):,} {what} in {root} cannot be read: {named}{more}. Check the drive and the permissions and "
        "try again: otherwise photos would be missing without a word."
    )


def begins_as_photo(head: bytes) -> bool:
    """Whether a file that begins so is a photo of a format that is read."""
    return head.startswith(_STARTS) or head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def is_text(name: str) -> bool:
    """Whether a file's name is text: names of other encodings than UTF-8 are bytes that no table can hold."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def texts(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The paths that are text, and those that are not."""
    good: list[str] = []
    odd: list[str] = []
    for path in paths:
        (good if is_text(path) else odd).append(path)
    return good, odd


def _stem_is_photo(name: str) -> bool:
    """Whether a hidden file, or a backup, is that of a photo: `._IMG_0001.JPG`, `IMG_0001.JPG_original`."""
    return any(suffix in name.lower() for suffix in IMAGE_SUFFIXES)
