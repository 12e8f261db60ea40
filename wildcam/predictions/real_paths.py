"""The paths of many files without links, asked of the disk folder by folder."""

import os
from pathlib import Path

import pandas as pd


def real_paths(root: Path, paths: pd.Series) -> pd.Series:
    """The paths without links of files below `root`, as a table has them, or of absolute ones; with the same index."""
    split = [os.path.split(path) for path in paths]
    folders = {folder: _followed(os.path.join(root, folder)) for folder in {folder for folder, _ in split}}
    found = []
    for folder, name in split:
        real, links = folders[folder]
        path = os.path.join(real, name)
        found.append(os.path.realpath(path) if name in links else path)
    return pd.Series(found, index=paths.index, dtype=object)


def _followed(folder: str) -> tuple[str, frozenset[str]]:
    """A folder without links, and the names in it that are links themselves: one question, not one for each file."""
    real = os.path.realpath(folder)
    try:
        with os.scandir(real) as entries:
            return real, frozenset(entry.name for entry in entries if entry.is_symlink())
    except (FileNotFoundError, NotADirectoryError):
        return real, frozenset()
