"""Paths inside a data set's root: which are safe, and which files are there."""

import errno
import os
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Mend, Status
from wildcam.data.importers.contract import Remarks
from wildcam.data.photo_walk import is_text
from wildcam.errors import DataError

UPWARD = r"(?:^|/)\.\.(?:/|$)|\x00"
"""Or a byte that no file name has."""

LEAVES_ROOT = rf"{UPWARD}|^/|^[A-Za-z]:/|^[A-Za-z][A-Za-z0-9+.-]*://"
"""Upward, absolute, drive letter or address."""

ELSEWHERE = r"^[A-Za-z]:/+|^(?:[A-Za-z][A-Za-z0-9+.-]+:)?/+"
"""How a path begins that is absolute on another machine: `/`, `//server/`, `C:/`, `https://`."""

DRIVE = r"^([A-Za-z]):/+"
QUERY = r"[?#].*$"

BARE_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
"""A file name that needs no repair."""

NO_SUCH_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP)
"""What systems say of a name that no file can have."""

SAMPLE = 64
"""Images whose files are searched for to find their folder."""


def safe_paths(paths: pd.Series, root: Path, remarks: Remarks) -> pd.Series:
    """Paths relative to the root with `/`; one that leads upward, or an empty one, is missing and counted.

    An absolute path inside the root is made relative. One of another machine (`C:/…`, `//server/…`, `/data/…`, an
    address) is read from its first folder on, and `on_disk.located` finds the file whose path ends as it does: nothing
    outside the root is ever read.
    """
    given = paths.astype("string")
    if given.notna().all() and given.str.fullmatch(BARE_NAME).all():  # nothing to mend, as in most sources
        return given
    clean = given.str.strip().str.replace("\\", "/", regex=False)
    inside = root.absolute().as_posix().rstrip("/") + "/"
    clean = clean.str.removeprefix(inside).str.replace(r"^(?:\./+)+", "", regex=True)
    clean = clean.str.replace(r"/(?:\./+)+", "/", regex=True)
    leaves = clean.str.contains(UPWARD, regex=True).fillna(False).astype(bool)
    remarks.note(f"path outside the photo folder {root}: left out, never read", leaves, paths, Mend.PHOTO_FOLDER)
    elsewhere = ~leaves & clean.str.contains(ELSEWHERE, regex=True).fillna(False).astype(bool)
    if elsewhere.any():
        remarks.note(
            "path of another computer: searched for in the photo folder by its end", elsewhere, paths, Mend.PHOTO_FOLDER
        )
        begun = clean.str.replace(DRIVE, r"\1/", regex=True).str.replace(ELSEWHERE, "", regex=True)
        clean = clean.where(~elsewhere, begun.mask(clean.str.contains("://"), begun.str.replace(QUERY, "", regex=True)))
    clean = clean.str.replace(r"/{2,}", "/", regex=True)
    blank = clean.isna() | (clean.fillna("") == "")
    remarks.note("row without a file name: left out", blank, paths)
    return clean.mask(leaves | blank)


def file_status(paths: pd.Series, root: Path) -> pd.Series:
    """`ok` where the file is there, else `missing`; one listing a folder, no file is opened."""
    folders = paths.str.replace(r"[^/]*$", "", regex=True).unique()
    there = [name for folder in folders for name in _names(root, str(folder))]
    found = paths.isin(there).to_numpy(dtype=bool)
    codes = (~found).astype("int8")
    return pd.Series(pd.Categorical.from_codes(codes, categories=[Status.OK.value, Status.MISSING.value]))


def folder_of(names: pd.Series, root: Path, candidates: tuple[str, ...]) -> str:
    """Which of the folders holds the most of an evenly spaced sample of the files; the first where none does."""
    sample = _sample(names)
    return max(candidates, key=lambda folder: number_there(folder + sample, root))


def number_there(paths: pd.Series, root: Path) -> int:
    """How many files of an evenly spaced sample are there."""
    return sum(os.path.exists(root / path) for path in _sample(paths.dropna()))


def _sample(paths: pd.Series) -> pd.Series:
    return paths.iloc[:: max(1, len(paths) // SAMPLE)]


def _names(root: Path, folder: str) -> list[str]:
    """The files of a folder. Raises `DataError` where it is there and cannot be listed."""
    try:
        with os.scandir(root / folder) as entries:
            return [folder + entry.name for entry in entries if is_text(entry.name) and entry.is_file()]
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: not a valid file name
        return []
    except OSError as error:
        if error.errno in NO_SUCH_NAME:
            return []
        raise DataError(
            f"{root / folder} cannot be listed ({error.strerror}): check the drive and the permissions and try again. "
            "Otherwise its photos would count as missing."
        ) from error
