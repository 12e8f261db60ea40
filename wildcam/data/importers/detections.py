"""A detector's results joined to a data set: by image id where they have one, else by file."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.counting import counted
from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.megadetector import ANIMAL, Results, read_results
from wildcam.data.importers.name_matching import exact_rows, rows_of_names
from wildcam.errors import DataError

LARGEST_RELATIVE = 1.5
"""A file with a larger value has its boxes in pixels; rounding takes a relative one a little over 1."""


def with_detections(imported: Imported, path: Path | None) -> Imported:
    """The data set with the best animal box of each image in its table, and every box.

    Raises `DataError` for what is no detector's result, or a result of other images.
    """
    if path is None:
        return imported
    remarks = Remarks()
    results = read_results(path)
    rows = _rows(imported.index, results)
    named = results.ids.fillna(results.files)
    if (rows < 0).all():
        raise DataError(
            f"{path.name} names {counted(len(rows), 'photo')}, such as {named.iloc[0]!r}, and none is in the data "
            f"set: expected the detector's results for its photos, such as {imported.index['path'].iloc[0]!r}."
        )
    remarks.note("detector result of a photo outside the data set: left out", pd.Series(rows < 0), named)
    repeated = pd.Series(rows).duplicated().to_numpy() & (rows >= 0)
    remarks.note("repeated detector result of a photo: only the first is kept", pd.Series(repeated), named)
    rows = np.where(repeated, -1, rows)
    failed = (rows >= 0) & ~results.checked
    remarks.note("photo that the detector could not read: counts as not run", pd.Series(failed), named)
    detections = _detections(imported.index, results, rows, remarks)
    index = with_best_animal(imported.index, rows[results.checked], detections)
    detections["image_id"] = imported.index["image_id"].array.take(detections["row"])
    return dataclasses.replace(
        imported,
        index=index,
        detections=detections[list(DETECTION_COLUMNS)],
        remarks=(*imported.remarks, *remarks.all()),
    )


def _rows(index: pd.DataFrame, results: Results) -> NDArray[np.int64]:
    """The row of the data set that each result is of; -1 for none. int, (N,)"""
    rows = exact_rows(index["image_id"], results.ids)
    by_file = results.ids.isna().to_numpy()
    if by_file.any():
        rows[by_file] = rows_of_names(index["path"], results.files[by_file])
    return rows


def _detections(index: pd.DataFrame, results: Results, rows: NDArray[np.int64], remarks: Remarks) -> pd.DataFrame:
    """Every box of the data set's images, relative; `row` is the image's position in the index."""
    row = rows[results.image]
    table = pd.DataFrame(results.boxes, columns=["x", "y", "width", "height"])
    table = table.assign(row=row, category=results.category, confidence=results.confidence)[row >= 0]
    table = table.reset_index(drop=True)
    if results.boxes.max(initial=0) > LARGEST_RELATIVE:
        for side, of_side in (("width", ["x", "width"]), ("height", ["y", "height"])):
            pixels = index[side].take(table["row"]).to_numpy(dtype=np.float32, na_value=np.nan)
            table[of_side] = table[of_side].div(pixels, axis="index")
        unknown = table[["width", "height"]].isna().any(axis="columns")
        images = pd.Series(index["image_id"].array.take(table["row"]))
        remarks.note("box in pixels on a photo of unknown size: position unknown", unknown, images)
    return table


def with_best_animal(index: pd.DataFrame, checked: NDArray[np.int64], detections: pd.DataFrame) -> pd.DataFrame:
    """The index with confidence and box of the best animal. `checked`: rows, int, (M,); -1 is passed over.

    `detections`: `DETECTION_COLUMNS` and `row`, the image's position in the index.
    """
    animals = detections[detections["category"] == ANIMAL]
    best = animals.sort_values("confidence", ascending=False, kind="stable").drop_duplicates("row").set_index("row")
    confidence = pd.Series(np.nan, index=index.index, dtype="float32")
    confidence[checked[checked >= 0]] = 0
    confidence[best.index] = best["confidence"]
    boxes = {f"box_{name}": best[name].reindex(index.index) for name in ("x", "y", "width", "height")}
    return index.assign(detector_confidence=confidence, **boxes)
