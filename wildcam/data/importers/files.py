"""Paths inside a data set's root: which are safe, which files are there, which are images."""

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Status
from wildcam.data.importers.contract import Remarks

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp")

LEAVES_ROOT = r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:/|^[A-Za-z][A-Za-z0-9+.-]*://|\x00"
"""Upward, absolute, drive letter, address, or a byte that no file name has."""

BARE_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
"""A file name that needs no repair."""

SAMPLE = 64
"""Images whose files are searched for to find their folder."""


def safe_paths(paths: pd.Series, root: Path, remarks: Remarks) -> pd.Series:
    """Paths relative to the root with `/`; one that leaves the root, or an empty one, is missing and counted.

    An absolute path inside the root is made relative.
    """
    given = paths.astype("string")
    if given.notna().all() and given.str.fullmatch(BARE_NAME).all():  # nothing to mend, as in most sources
        return given
    clean = given.str.strip().str.replace("\\", "/", regex=False)
    inside = root.absolute().as_posix().rstrip("/") + "/"
    clean = clean.str.removeprefix(inside).str.replace(r"^(?:\./+)+", "", regex=True)
    clean = clean.str.replace(r"/(?:\./+)+", "/", regex=True)
    leaves = clean.str.contains(LEAVES_ROOT, regex=True).fillna(False).astype(bool)
    remarks.note(f"path outside the photo folder {root}: left out, never read", leaves, paths)
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


def images_under(root: Path) -> Iterator[str]:
    """Relative paths of every image below the folder, in order; hidden folders are passed over."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        relative = Path(folder).relative_to(root).as_posix()
        for name in sorted(names):
            if name.lower().endswith(IMAGE_SUFFIXES) and not name.startswith("."):
                yield name if relative == "." else f"{relative}/{name}"


def is_text(name: str) -> bool:
    """Whether a file's name is text: names of other encodings than UTF-8 are bytes that no table can hold."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _sample(paths: pd.Series) -> pd.Series:
    return paths.iloc[:: max(1, len(paths) // SAMPLE)]


def _names(root: Path, folder: str) -> list[str]:
    try:
        with os.scandir(root / folder) as entries:
            return [folder + entry.name for entry in entries if is_text(entry.name) and not entry.is_dir()]
    except OSError:
        return []
