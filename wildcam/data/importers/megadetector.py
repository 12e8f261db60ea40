"""MegaDetector results, beside a data set: iWildCam's file of 2020 (by image id) and the batch formats 1.0–1.6 (by file).

The formats: https://github.com/agentmorris/MegaDetector, megadetector_batch_processing.md ("batch processing API
output format"). A photograph that is not listed, or failed, was not looked at: that is not the same as empty.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Imported, Remarks
from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError

EXPECTED = "MegaDetector results, an object with the list `images`, each with an id or file and its `detections`"

ANIMAL = "animal"
CATEGORIES = {"1": ANIMAL, "2": "person", "3": "vehicle"}
"""MegaDetector's own, for a file that does not list them."""

LARGEST_RELATIVE = 1.5
"""A file with a larger value has its boxes in pixels; rounding takes a relative one a little over 1."""

BLOCK = 20_000
"""Photographs that are Python objects at a time: all boxes of a large file would fill the memory."""


class Detection(msgspec.Struct, gc=False):
    """A box: corner, width and height, relative to the picture or in pixels."""

    category: str | int
    conf: float
    bbox: tuple[float, float, float, float]


class Entry(msgspec.Struct, gc=False):
    """A photograph, named by `id` in 2020 and by `file` since; `detections` is absent or null where it failed."""

    id: Any = None
    file: str | None = None
    detections: list[Detection] | None = None
    failure: Any = None


class ResultsFile(msgspec.Struct):
    """The whole file; the photographs are decoded block by block."""

    images: list[msgspec.Raw]
    detection_categories: dict[str, str] = {}


@dataclass(frozen=True)
class Results:
    """The file as arrays: N photographs, B boxes."""

    ids: pd.Series  # (N,) text; missing where the photograph is named by its file
    files: pd.Series  # (N,) text
    looked_at: NDArray[np.bool_]  # (N,)
    photograph: NDArray[np.int64]  # (B,) 0…N-1
    category: pd.Categorical  # (B,)
    confidence: NDArray[np.float32]  # (B,) 0–1
    boxes: NDArray[np.float32]  # (B, 4): x, y, width, height


def with_detections(imported: Imported, path: Path | None) -> Imported:
    """The data set with the best animal box of each photograph in its table, and every box beside it.

    Raises `DataError` for what is no detector's result, or a result of other photographs.
    """
    if path is None:
        return imported
    remarks = Remarks()
    results = _read(path)
    rows = _rows(imported.index, results)
    named = results.ids.fillna(results.files)
    if (rows < 0).all():
        raise DataError(
            f"{path.name} names {len(rows):,} photographs, such as {named.iloc[0]!r}, and none of them is in the data "
            f"set: expected the detector's results for its photographs, such as {imported.index['path'].iloc[0]!r}."
        )
    remarks.note("detector result of a photograph that is not in the data set: left out", pd.Series(rows < 0), named)
    repeated = pd.Series(rows).duplicated().to_numpy() & (rows >= 0)
    remarks.note("photograph that the detector lists again: only its first result is kept", pd.Series(repeated), named)
    rows = np.where(repeated, -1, rows)
    failed = (rows >= 0) & ~results.looked_at
    remarks.note("photograph that the detector could not read: not run", pd.Series(failed), named)
    detections = _detections(imported.index, results, rows, remarks)
    index = _with_best_animal(imported.index, rows[results.looked_at], detections)
    detections["image_id"] = imported.index["image_id"].array.take(detections["row"])
    return dataclasses.replace(
        imported,
        index=index,
        detections=detections[list(DETECTION_COLUMNS)],
        remarks=(*imported.remarks, *remarks.all()),
    )


def _read(path: Path) -> Results:
    file = read_json(path, ResultsFile, EXPECTED)
    blocks = [_block(file.images[start : start + BLOCK], path) for start in range(0, len(file.images), BLOCK)]
    if not any(block["looked_at"].any() for block in blocks):
        raise DataError(f"{path.name} holds no detections: expected {EXPECTED}.")
    names = {number: name.strip().lower() for number, name in (file.detection_categories or CATEGORIES).items()}
    if ANIMAL not in names.values():
        raise DataError(
            f"{path.name} has the categories {', '.join(names.values())}: expected {ANIMAL!r} among them, "
            "as MegaDetector writes."
        )

    def joined(part: str) -> NDArray[Any]:
        return np.concatenate([block[part] for block in blocks])

    numbers = pd.Series(joined("category"))
    return Results(
        ids=cleaning.text(joined("ids")),
        files=cleaning.text(joined("files")).str.replace("\\", "/", regex=False),
        looked_at=joined("looked_at"),
        photograph=np.repeat(np.arange(len(file.images)), joined("counts")),
        category=pd.Categorical(numbers.map(names).fillna("category " + numbers)),
        confidence=joined("confidence"),
        boxes=joined("boxes"),
    )


def _block(images: list[msgspec.Raw], path: Path) -> dict[str, NDArray[Any]]:
    """Some photographs as arrays; the names are those of `Results`, and `counts` the boxes of each."""
    try:
        entries = msgspec.json.decode(b"[" + b",".join(images) + b"]", type=list[Entry])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name} does not fit ({error}): expected {EXPECTED}.") from error
    found = [detection for entry in entries for detection in entry.detections or ()]
    return {
        "ids": np.array([entry.id for entry in entries], dtype=object),
        "files": np.array([entry.file for entry in entries], dtype=object),
        "looked_at": np.array(
            [entry.detections is not None and entry.failure is None for entry in entries], dtype=bool
        ),
        "counts": np.array([len(entry.detections or ()) for entry in entries], dtype=np.int64),
        "category": np.array([str(detection.category) for detection in found], dtype=object),
        "confidence": np.array([detection.conf for detection in found], dtype=np.float32),
        "boxes": np.array([detection.bbox for detection in found], dtype=np.float32).reshape(-1, 4),
    }


def _rows(index: pd.DataFrame, results: Results) -> NDArray[np.int64]:
    """The row of the data set that each result is of; -1 for none. int, (N,)"""
    rows = _only_row(index["image_id"], results.ids)
    by_file = results.ids.isna().to_numpy()
    if by_file.any():
        rows[by_file] = _rows_by_file(index["path"], results.files[by_file])
    return rows


def _rows_by_file(paths: pd.Series, files: pd.Series) -> NDArray[np.int64]:
    """The detector may have started above or below the data set's root: a file and a path that ends with it, or the
    other way round, are one photograph.
    """
    rows = _only_row(paths, files)
    path_lengths, file_lengths = (names.str.count("/").fillna(-1).to_numpy(int) + 1 for names in (paths, files))
    for length in range(1, min(path_lengths.max(), file_lengths.max()) + 1):
        found = _only_row(_end(paths, length), _end(files, length))
        fits = (file_lengths == length) | (path_lengths[found] == length)
        rows = np.where((rows < 0) & fits, found, rows)
    return rows


def _end(names: pd.Series, length: int) -> pd.Series:
    """The last so many parts of a path; missing where it has fewer."""
    return names.str.extract(rf"((?:[^/]*/){{{length - 1}}}[^/]*)$", expand=False)


def _only_row(keys: pd.Series, wanted: pd.Series) -> NDArray[np.int64]:
    """The row with the wanted key; -1 where none has it, or several. int, (N,)"""
    single = keys[keys.notna() & ~keys.duplicated(keep=False)]
    places = pd.Index(single).get_indexer(pd.Index(wanted))
    return np.append(single.index.to_numpy(), -1)[places]


def _detections(index: pd.DataFrame, results: Results, rows: NDArray[np.int64], remarks: Remarks) -> pd.DataFrame:
    """Every box of the data set's photographs, relative; `row` is the photograph's place in the index."""
    row = rows[results.photograph]
    table = pd.DataFrame(results.boxes, columns=["x", "y", "width", "height"])
    table = table.assign(row=row, category=results.category, confidence=results.confidence)[row >= 0]
    table = table.reset_index(drop=True)
    if results.boxes.max(initial=0) > LARGEST_RELATIVE:
        for side, of_side in (("width", ["x", "width"]), ("height", ["y", "height"])):
            pixels = index[side].take(table["row"]).to_numpy(dtype=np.float32, na_value=np.nan)
            table[of_side] = table[of_side].div(pixels, axis="index")
        unknown = table[["width", "height"]].isna().any(axis="columns")
        images = pd.Series(index["image_id"].array.take(table["row"]))
        remarks.note("box in pixels of a photograph of unknown size: its place is not known", unknown, images)
    return table


def _with_best_animal(index: pd.DataFrame, looked_at: NDArray[np.int64], detections: pd.DataFrame) -> pd.DataFrame:
    """The index with confidence and box of the best animal. `looked_at`: rows, int, (M,); -1 is passed over."""
    animals = detections[detections["category"] == ANIMAL]
    best = animals.sort_values("confidence", ascending=False, kind="stable").drop_duplicates("row").set_index("row")
    confidence = pd.Series(np.nan, index=index.index, dtype="float32")
    confidence[looked_at[looked_at >= 0]] = 0
    confidence[best.index] = best["confidence"]
    boxes = {f"box_{name}": best[name].reindex(index.index) for name in ("x", "y", "width", "height")}
    return index.assign(detector_confidence=confidence, **boxes)
