"""A detector's results joined to a data set: by image id where they have one, else by file."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.detector_boxes import ANIMAL
from wildcam.data.importers.megadetector import Results, read_results
from wildcam.data.importers.result_matching import rows_of_results

LARGEST_RELATIVE = 1.5
"""A box with a larger value is in pixels; rounding takes a relative one a little over 1."""


def with_detections(imported: Imported, path: Path | None) -> Imported:
    """The data set with the best animal box of each image in its table, and every box.

    Raises `DataError` for what is no detector's result, or a result of other images.
    """
    if path is None:
        return imported
    remarks = Remarks()
    results = read_results(path, remarks)
    named = pd.DataFrame({"image_id": results.ids, "path": results.files})
    rows = rows_of_results(
        imported.index, named, remarks, source=path.name, what="detector result", among="the data set"
    )
    failed = (rows >= 0) & ~results.checked
    names = results.ids.fillna(results.files)
    remarks.note("photo that the detector could not read: counts as not run", pd.Series(failed), names)
    detections = _detections(imported.index, results, rows, remarks)
    index = with_best_animal(imported.index, rows[results.checked], detections)
    detections["image_id"] = imported.index["image_id"].array.take(detections["row"])
    return dataclasses.replace(
        imported,
        index=index,
        detections=detections[list(DETECTION_COLUMNS)],
        remarks=(*imported.remarks, *remarks.all()),
    )


def _detections(index: pd.DataFrame, results: Results, rows: NDArray[np.int64], remarks: Remarks) -> pd.DataFrame:
    """Every box of the data set's images, relative; `row` is the image's position in the index."""
    row = rows[results.image]
    table = pd.DataFrame(results.boxes, columns=["x", "y", "width", "height"])
    table = table.assign(row=row, category=results.category, confidence=results.confidence)[row >= 0]
    table = table.reset_index(drop=True)
    in_pixels = (table[["x", "y", "width", "height"]] > LARGEST_RELATIVE).any(axis="columns").to_numpy()
    if in_pixels.any():
        for side, of_side in (("width", ["x", "width"]), ("height", ["y", "height"])):
            pixels = index[side].take(table["row"]).to_numpy(dtype=np.float32, na_value=np.nan)
            table.loc[in_pixels, of_side] = table.loc[in_pixels, of_side].div(pixels[in_pixels], axis="index")
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
