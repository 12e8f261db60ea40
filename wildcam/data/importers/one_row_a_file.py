"""A file that the source lists under several ids is one image: two of them would stand on both sides of a split."""

import dataclasses

import numpy as np
import pandas as pd

from wildcam.data.catalog import INDEX_COLUMNS
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.labels_of_images import labels_of_images


def one_row_a_file(imported: Imported) -> Imported:
    """The first row of each path, completed by what the others say, with their labels in addition to its own."""
    index = imported.index
    repeated = index["path"].duplicated(keep=False)
    if not repeated.any():
        return imported
    remarks = Remarks()
    again = index["path"].duplicated()
    remarks.note(
        "file that is listed under several ids: one photo, with the labels of all of them", again, index["path"]
    )
    own = index[repeated].reset_index(drop=True)
    paths = own["path"].drop_duplicates().reset_index(drop=True)
    rows = pd.Index(paths).get_indexer(pd.Index(own["path"]))
    merged = own.groupby(rows, sort=True).first().reset_index(drop=True)  # the first known value of each column
    names = pd.concat([own["label"].astype("string"), own["second_label"].astype("string")], ignore_index=True)
    of_label = np.tile(rows, 2)[names.notna()]
    order = np.argsort(of_label, kind="stable")
    labels, counts = labels_of_images(
        of_label[order], names.dropna().iloc[order].reset_index(drop=True), paths, remarks
    )
    numbers = pd.concat([own["category_id"], own["category_id"].mask(own["category_id"].notna())], ignore_index=True)
    known = numbers[names.notna()].iloc[order].reset_index(drop=True)
    merged[["label", "second_label"]] = labels
    merged["category_id"] = known.array.take(counts, allow_fill=True)
    whole = pd.concat(
        [index[~repeated].assign(row=np.flatnonzero(~repeated)), merged.assign(row=_first(repeated, again))]
    )
    whole = whole.sort_values("row").drop(columns="row").reset_index(drop=True)
    for name, dtype in INDEX_COLUMNS.items():
        column = whole[name]
        whole[name] = column.astype("string").astype(dtype) if dtype == "category" else column.astype(dtype)
    whole["status"] = whole["status"].cat.set_categories(index["status"].cat.categories)
    kept = set(whole["image_id"])
    boxes = imported.detections
    if boxes is not None:
        boxes = boxes[boxes["image_id"].isin(kept)].reset_index(drop=True)
    return dataclasses.replace(
        imported, index=whole[list(INDEX_COLUMNS)], detections=boxes, remarks=(*imported.remarks, *remarks.all())
    )


def _first(repeated: pd.Series, again: pd.Series) -> np.ndarray:
    return np.flatnonzero(repeated & ~again)
