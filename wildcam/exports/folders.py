"""Images in a folder per species, for any image viewer."""

import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.counting import counted
from wildcam.data.passed_over import EXPORT_MARK
from wildcam.errors import DataError, ImageError, UsageError
from wildcam.exports.options import Transfer
from wildcam.images import stored_size
from wildcam.predictions.metadata import BatchMetadata

RESERVED = r"(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)"
"""Names of devices on Windows, with any ending."""

LONGEST = 120
"""Bytes that are kept of a name, below the limit of file systems."""

TRANSFERRED, MISSING, NO_PHOTO = "", "photo is missing on disk and was", "file is no photo and was"


def write_folders(
    table: pd.DataFrame, metadata: BatchMetadata, target: Path, transfer: Transfer
) -> tuple[int, tuple[str, ...]]:
    """Fill a new folder, complete or not at all; the path of an image is in its name, so that none replaces another.

    Only photos are transferred, whatever a batch was asked to look at. Returns the number of images in it, and remarks.
    Raises `UsageError` where the folder exists.
    """
    if target.exists():
        raise UsageError(f"{target} exists: choose the name of a new folder.")
    names, left_out = _names(table["label"]), Counter[str]()
    try:
        with atomic.new_folder(target) as folder:
            (folder / EXPORT_MARK).touch()  # its photos are copies, not new ones, where the folder around it is read
            for name in names.values():
                (folder / name).mkdir()
            taken: set[str] = set()
            for number, row in enumerate(table[["path", "label"]].itertuples()):
                file = folder / names[row.label] / safe(row.path)
                if str(file).casefold() in taken:  # also where the file system ignores case
                    file = file.with_name(f"{number}_{file.name}")
                taken.add(str(file).casefold())
                left_out[_transfer_image(metadata.root / row.path, file, transfer)] += 1
    except OSError as error:
        raise DataError(
            f"The photos cannot be written to {target} ({error.strerror or error}): choose another folder, "
            "or free space."
        ) from error
    remarks = tuple(
        f"{counted(left_out[one], one, many)} left out."
        for one, many in ((MISSING, "photos are missing on disk and were"), (NO_PHOTO, "files are no photos and were"))
        if left_out[one]
    )
    return left_out[TRANSFERRED], remarks


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


def _transfer_image(source: Path, target: Path, transfer: Transfer) -> str:
    """What became of it: `TRANSFERRED`, `MISSING` or `NO_PHOTO`."""
    if not source.is_file():
        return MISSING
    try:
        stored_size(source)
    except ImageError:
        return NO_PHOTO
    if transfer is Transfer.LINK:
        os.symlink(source.absolute(), target)
    else:
        shutil.copy2(source, target)
    return TRANSFERRED
