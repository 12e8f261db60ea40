"""Images in a folder per species, to look through with any program."""

import os
import re
import shutil
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.errors import DataError, UsageError
from wildcam.exports.options import Transfer
from wildcam.predictions.metadata import BatchMetadata

LONGEST = 120
"""Bytes of a name that are kept of one that is longer than file systems take."""


def write_folders(
    table: pd.DataFrame, metadata: BatchMetadata, target: Path, transfer: Transfer
) -> tuple[int, tuple[str, ...]]:
    """Fill a new folder, whole or not at all; the path of an image is in its name, so none replaces another.

    Returns how many images are in it, and remarks. Raises `UsageError` where the folder exists.
    """
    if target.exists():
        raise UsageError(f"{target} exists: choose a folder that does not, nothing in it is to be mixed up.")
    names, gone = _names(table["label"]), 0
    try:
        with atomic.new_folder(target) as folder:
            for name in names.values():
                (folder / name).mkdir()
            for number, row in enumerate(table[["path", "label"]].itertuples()):
                gone += not _bring(
                    metadata.root / row.path, folder / names[row.label], safe(row.path), number, transfer
                )
    except OSError as error:
        raise DataError(f"The photos cannot be brought to {target}: {error.strerror or error}.") from error
    remarks = (f"{gone:,} photos are no longer there: they are in no folder.",) if gone else ()
    return len(table) - gone, remarks


def _names(labels: pd.Series) -> dict[str, str]:
    """A folder for every label: no two have one, also where a file system does not tell A from a."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels.unique():
        name, number = safe(label), 2
        while name.lower() in taken:
            name, number = f"{safe(label)} ({number})", number + 1
        names[label] = name
        taken.add(name.lower())
    return names


def safe(name: str) -> str:
    """A name that every file system takes and none interprets: no separators, no control characters, no leading dot."""
    plain = re.sub(r"[^\w\- .,()]+", "_", name.replace("/", "__"))
    plain = plain.strip(" .") or "_"
    return plain.encode()[-LONGEST:].decode(errors="ignore")


def _bring(source: Path, folder: Path, name: str, number: int, transfer: Transfer) -> bool:
    place = folder / name
    if place.exists() or place.is_symlink():
        place = folder / f"{number}_{name}"
    if not source.is_file():
        return False
    if transfer is Transfer.LINK:
        os.symlink(source.absolute(), place)
    else:
        shutil.copy2(source, place)
    return True
