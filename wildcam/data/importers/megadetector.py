"""Detector results for a data set: MegaDetector's file of iWildCam 2020 (by image id) and its batch formats 1.0–1.6 (by
file), the same with boxes that AddaxAI named after species, and SpeciesNet's predictions.

The formats: https://github.com/agentmorris/MegaDetector, megadetector_batch_processing.md ("batch processing API
output format"), https://github.com/google/cameratrapai. An image that is not listed, or failed, was not processed: that
is not the same as empty.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.detector_boxes import ANIMAL, Categories, Detection, Struck, boxes_of_entries
from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError

EXPECTED = (
    "MegaDetector results, an object with the list `images`, each with an id or file and its `detections` "
    "(or SpeciesNet's, with the list `predictions`)"
)

CATEGORIES = {"1": ANIMAL, "2": "person", "3": "vehicle"}
"""MegaDetector's own, for a file that does not list them."""

USUAL_THRESHOLD = 0.2
"""MegaDetector's own: programs hide detections below it, unless the file has another."""

BLOCK = 20_000
"""Images that are Python objects at a time: all boxes of a large file would fill the memory."""

DETECTOR_FAILED = "DETECTOR"
"""SpeciesNet's word among the `failures` of an image whose boxes are not known."""


class Entry(msgspec.Struct, gc=False):
    """An image, named by `id` in 2020, by `file` since, by `filepath` by SpeciesNet; where it failed, `detections` is
    absent or null.
    """

    id: Any = None
    file: str | None = None
    filepath: str | None = None
    detections: list[Detection] | None = None
    failure: Any = None
    failures: list[Any] | None = None

    @property
    def checked(self) -> bool:
        """Whether the detector ran on it to the end."""
        failed = bool(self.failure) or DETECTOR_FAILED in map(str, self.failures or ())
        return self.detections is not None and not failed


class LooseEntry(msgspec.Struct, gc=False):
    """An image with boxes of any form."""

    id: Any = None
    file: Any = None
    filepath: Any = None
    detections: Any = None
    failure: Any = None
    failures: Any = None


class ResultsFile(msgspec.Struct):
    """The whole file; the images are decoded block by block."""

    images: list[msgspec.Raw] | None = None
    predictions: list[msgspec.Raw] | None = None
    detection_categories: dict[str, str] | None = None
    detection_categories_original: dict[str, str] | None = None


@dataclass(frozen=True)
class Results:
    """The file as arrays: N images, B boxes."""

    ids: pd.Series  # (N,) text; missing where the image is named by its file
    files: pd.Series  # (N,) text
    checked: NDArray[np.bool_]  # (N,)
    image: NDArray[np.int64]  # (B,) 0…N-1
    category: pd.Categorical  # (B,)
    confidence: NDArray[np.float32]  # (B,) 0–1
    boxes: NDArray[np.float32]  # (B, 4): x, y, width, height


def read_results(path: Path, remarks: Remarks) -> Results:
    """The file's boxes. Raises `DataError` for what is no detector's result."""
    file = read_json(path, ResultsFile, EXPECTED)
    images = file.images if file.images is not None else file.predictions
    if images is None:
        raise DataError(f"{path.name} does not fit (it lacks the list `images`): expected {EXPECTED}.")
    categories = Categories.of(file.detection_categories or CATEGORIES, file.detection_categories_original, path.name)
    struck = Struck()
    blocks = [_block(images[start : start + BLOCK], categories, struck, path) for start in range(0, len(images), BLOCK)]
    if not any(block["checked"].any() for block in blocks):
        raise DataError(f"{path.name} has no detections: expected {EXPECTED}.")
    struck.note(remarks)
    categories.note(remarks)

    def joined(part: str) -> NDArray[Any]:
        return np.concatenate([block[part] for block in blocks])

    return Results(
        ids=cleaning.ids(joined("ids").tolist()),
        files=cleaning.text(joined("files")).str.replace("\\", "/", regex=False),
        checked=joined("checked"),
        image=np.repeat(np.arange(len(images)), joined("counts")),
        category=pd.Categorical(joined("category")),
        confidence=joined("confidence"),
        boxes=joined("boxes"),
    )


def _block(images: list[msgspec.Raw], categories: Categories, struck: Struck, path: Path) -> dict[str, NDArray[Any]]:
    """Some images as arrays; the names are those of `Results`, and `counts` the boxes of each."""
    entries = _entries(b"[" + b",".join(images) + b"]", struck, path)
    found = [(entry.file or entry.filepath or entry.id, entry.detections) for entry in entries]
    return {
        "ids": np.array([entry.id for entry in entries], dtype=object),
        "files": np.array([entry.file or entry.filepath for entry in entries], dtype=object),
        "checked": np.array([entry.checked for entry in entries], dtype=bool),
        **boxes_of_entries(found, categories, struck),
    }


def _entries(content: bytes, struck: Struck, path: Path) -> list[Entry]:
    """The images of a block. Where a box does not fit, each is read by itself and the odd ones are counted."""
    try:
        return msgspec.json.decode(content, type=list[Entry])
    except msgspec.ValidationError:
        pass
    try:
        loose = msgspec.json.decode(content, type=list[LooseEntry | None])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name} does not fit ({error}): expected {EXPECTED}.") from error
    return [_repaired(entry, struck) if entry else Entry(failure="null") for entry in loose]


def _repaired(entry: LooseEntry, struck: Struck) -> Entry:
    file, filepath = (str(name) if name is not None else None for name in (entry.file, entry.filepath))
    boxes: list[Detection] | None = None
    if isinstance(entry.detections, list):
        boxes = []
        for given in entry.detections:
            box = Detection.repaired(given)
            if box:
                boxes.append(box)
            else:
                struck.odd(file or filepath or entry.id)
    failures = entry.failures if isinstance(entry.failures, list) else [entry.failures] if entry.failures else None
    return Entry(entry.id, file, filepath, boxes, entry.failure, failures)
