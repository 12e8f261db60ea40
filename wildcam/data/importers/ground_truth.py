"""Labels that a source does not carry, from a CSV beside it: `image_id,label`."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.name_matching import rows_of_names
from wildcam.data.importers.text_table import read_table
from wildcam.errors import DataError

ID_NAMES = ("image_id", "id", "path", "filename", "file_name", "file")
LABEL_NAMES = ("label", "name", "category_name", "species", "category", "category_id")


def with_ground_truth(imported: Imported, path: Path | None) -> Imported:
    """Label the images that the source leaves unlabelled; a label of the source is never replaced.

    Images are named by image id or path, labels by name or by the source's number (Kaggle's `Id,Category`).
    """
    if path is None:
        return imported
    remarks = Remarks()
    table = read_table(path, remarks)
    by_lower = {name.lower(): name for name in table}
    ids, labels = (cleaning.text(table[_find(by_lower, names, path)]) for names in (ID_NAMES, LABEL_NAMES))
    rows = _rows(imported.index, ids)
    remarks.note("ground truth for a photo outside the data set: left out", pd.Series(rows < 0), ids)
    names_of = {str(number): name for name, number in imported.categories.items()}
    labels = labels.where(~labels.isin(names_of), labels.map(names_of).astype("string"))
    given = pd.Series(pd.NA, index=imported.index.index, dtype="string")
    usable = (rows >= 0) & labels.notna().to_numpy()
    again = usable & pd.Series(rows).where(usable).duplicated().to_numpy()
    remarks.note("repeated ground truth for a photo: only the first is kept", pd.Series(again), ids)
    usable &= ~again
    given.iloc[rows[usable]] = labels[usable].to_numpy()
    index = imported.index.copy()
    free = index["label"].isna() & given.notna()
    index["label"] = index["label"].astype("string").where(~free, given).astype("category")
    numbers = given.map(imported.categories).astype("Int32")
    index["category_id"] = index["category_id"].where(~free, numbers)
    return dataclasses.replace(imported, index=index, remarks=(*imported.remarks, *remarks.all()))


def _find(by_lower: dict[str, str], names: tuple[str, ...], path: Path) -> str:
    for name in names:
        if name in by_lower:
            return by_lower[name]
    raise DataError(
        f"{path.name} has the columns {', '.join(by_lower.values())}: expected one of {', '.join(names)}, "
        "as in a CSV with the header image_id,label."
    )


def _rows(index: pd.DataFrame, ids: pd.Series) -> NDArray[np.int64]:
    """The row of each id, by image id, else by path; -1 for none. int, (N,)."""
    rows = pd.Index(index["image_id"]).get_indexer(pd.Index(ids))
    if (rows < 0).any() and index["path"].is_unique:
        unnamed = rows < 0
        rows[unnamed] = rows_of_names(index["path"], ids[unnamed])
    return rows
