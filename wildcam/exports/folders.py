"""Images in a folder per species, for any image viewer; by default without those that show people."""

import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.passed_over import EXPORT_MARK
from wildcam.data.people import shows_people
from wildcam.data.thumbnails import LARGE_SIDE, blurred_jpeg
from wildcam.errors import DataError, ImageError, UsageError
from wildcam.exports.options import PeopleInPhotos, Transfer
from wildcam.images import stored_size
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.people import KnownPeople

RESERVED = r"(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)"
"""Names of devices on Windows, with any ending."""

LONGEST = 120
"""Bytes that are kept of a name, below the limit of file systems."""


class Fate(Choice):
    """What became of a photo."""

    TRANSFERRED = "transferred", "transferred"
    BLURRED = "blurred", "blurred"
    MISSING = "missing", "missing"
    NO_PHOTO = "no_photo", "no photo"
    PEOPLE = "people", "left out for its people"


def write_folders(
    table: pd.DataFrame,
    metadata: BatchMetadata,
    target: Path,
    known: KnownPeople,
    *,
    transfer: Transfer = Transfer.COPY,
    people: PeopleInPhotos = PeopleInPhotos.LEAVE_OUT,
) -> tuple[int, tuple[str, ...]]:
    """Fill a new folder, complete or not at all; the path of an image is in its name, so that none replaces another.

    Only photos are transferred, whatever a batch was asked to look at. Photos that show people, by what is `known` or
    by their label in the table, are left out, blurred (a small copy without EXIF), or kept. Returns the number of
    images in it, and remarks. Raises `UsageError` where the folder exists, `PermissionDenied` where the role may not
    keep people.
    """
    if target.exists():
        raise UsageError(f"{target} exists: choose the name of a new folder.")
    if people is PeopleInPhotos.KEEP:
        permit(Act.SEE_PEOPLE, f"export to {target.name}")
    names, fates = _names(table["label"]), Counter[Fate]()
    shown = _shown(table, metadata, known)
    try:
        with atomic.new_folder(target) as folder:
            (folder / EXPORT_MARK).touch()  # its photos are copies, not new ones, where the folder around it is read
            for name in names.values():
                (folder / name).mkdir()
            taken: set[str] = set()
            for number, (row, has_people) in enumerate(zip(table[["path", "label"]].itertuples(), shown, strict=True)):
                file = folder / names[row.label] / safe(row.path)
                if str(file).casefold() in taken:  # also where the file system ignores case
                    file = file.with_name(f"{number}_{file.name}")
                taken.add(str(file).casefold())
                source = metadata.root / row.path
                if has_people and people is not PeopleInPhotos.KEEP:
                    fates[_blur_image(source, file) if people is PeopleInPhotos.BLUR else Fate.PEOPLE] += 1
                else:
                    fates[_transfer_image(source, file, transfer)] += 1
    except OSError as error:
        raise DataError(
            f"The photos cannot be written to {target} ({error.strerror or error}): choose another folder, "
            "or free space."
        ) from error
    return fates[Fate.TRANSFERRED] + fates[Fate.BLURRED], _remarks(fates, people, sum(shown))


def _shown(table: pd.DataFrame, metadata: BatchMetadata, known: KnownPeople) -> list[bool]:
    """Whether each row's photo shows people. A label of the table counts where no correction says otherwise."""
    by_file = known.reasons_of(metadata.root, table["path"]).notna()
    unknown_file = ~by_file & ~known.is_corrected(metadata.root, table["path"])
    return (by_file | (unknown_file & table["label"].map(shows_people))).tolist()


def _remarks(fates: Counter[Fate], people: PeopleInPhotos, with_people: int) -> tuple[str, ...]:
    sentences = {
        Fate.PEOPLE: ("photo shows people and was left out", "photos show people and were left out"),
        Fate.BLURRED: ("photo shows people and was blurred", "photos show people and were blurred"),
        Fate.MISSING: ("photo is missing on disk and was left out", "photos are missing on disk and were left out"),
        Fate.NO_PHOTO: ("file is no photo and was left out", "files are no photos and were left out"),
    }
    remarks = [f"{counted(fates[fate], *numbers)}." for fate, numbers in sentences.items() if fates[fate]]
    if people is PeopleInPhotos.KEEP and with_people:
        remarks.insert(0, f"{counted(with_people, 'photo shows', 'photos show')} people: kept, as you asked.")
    return tuple(remarks)


def _names(labels: pd.Series) -> dict[str, str]:
    """A folder for every label, unique also on file systems that ignore case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels.unique():
        name, number = safe(label), 2
        while name.casefold() in taken:
            name, number = f"{safe(label)} ({number})", number + 1
        names[label] = name
        taken.add(name.casefold())
    return names


def safe(name: str) -> str:
    """A name that is valid on every file system: no separators, no control characters, no leading dot, and none that
    Windows keeps for devices.
    """
    plain = re.sub(r"[^\w\- .,()]+", "_", name.replace("/", "__"))
    plain = (plain.strip(" .") or "_").encode()[-LONGEST:].decode(errors="ignore").strip(" .") or "_"
    return f"_{plain}" if re.match(RESERVED, plain) else plain


def _blur_image(source: Path, target: Path) -> Fate:
    """A small blurred JPEG, never a link: the original would be behind it."""
    if not source.is_file():
        return Fate.MISSING
    try:
        target.with_name(f"{target.name}_blurred.jpg").write_bytes(blurred_jpeg(source, LARGE_SIDE))
    except ImageError:
        return Fate.NO_PHOTO
    return Fate.BLURRED


def _transfer_image(source: Path, target: Path, transfer: Transfer) -> Fate:
    if not source.is_file():
        return Fate.MISSING
    try:
        stored_size(source)
    except ImageError:
        return Fate.NO_PHOTO
    if transfer is Transfer.LINK:
        os.symlink(source.absolute(), target)
    else:
        shutil.copy2(source, target)
    return Fate.TRANSFERRED
