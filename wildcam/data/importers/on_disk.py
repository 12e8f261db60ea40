"""Where the images of a source lie: each path's file, found also where its name only nearly matches."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from wildcam.data.catalog import Mend, Status
from wildcam.data.importers import files
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.name_matching import rows_of_names
from wildcam.data.photo_walk import PhotoWalk, texts

MOST_SEARCHED = 2_000_000
"""Photos below the root that are compared with the missing ones; a folder with more is no photo folder."""


def located(imported: Imported) -> Imported:
    """The data set with each path as it is on the disk and with its status: missing where no file is.

    A file that is listed and missing is searched for by `rows_of_names` among those that no other row names. Raises
    `DataError` where a folder of the photos cannot be listed: whether they are there is then unknown.
    """
    remarks = Remarks()
    index, root = imported.index, imported.root
    missing = (files.file_status(index["path"], root) == Status.MISSING).to_numpy(dtype=bool, copy=True)
    if missing.any():
        index = index.assign(path=_found_nearly(index["path"], missing, root, remarks))
        missing &= (index["path"] == imported.index["path"]).to_numpy(dtype=bool)
    given = index["status"].cat.set_categories([status.value for status in Status])
    index = index.assign(status=given.mask(missing, Status.MISSING.value))
    remarks.note(f"photo that is not in {root}: missing", pd.Series(missing), index["path"], Mend.PHOTO_FOLDER)
    return dataclasses.replace(imported, index=index, remarks=(*imported.remarks, *remarks.all()))


def _found_nearly(paths: pd.Series, missing: np.ndarray, root: Path, remarks: Remarks) -> pd.Series:
    """The paths, those that are missing replaced by the one free file that each of them means."""
    there, _ = texts(path for _, path in zip(range(MOST_SEARCHED), PhotoWalk(root), strict=False))
    free = pd.Series(there, dtype="string")
    free = free[~free.isin(paths[~missing])].reset_index(drop=True)
    if free.empty:
        return paths
    wanted = paths[missing]
    rows = rows_of_names(free, wanted)
    found = pd.Series(free.array.take(np.maximum(rows, 0)), index=wanted.index).where(rows >= 0)
    remarks.note(
        "file name that differs from the photo's in capital letters, accents or folders: matched with the one photo "
        "that fits",
        found.notna(),
        wanted + " → " + found,
        Mend.PHOTO_FOLDER,
    )
    return paths.where(~missing, found.reindex(paths.index).fillna(paths))
