"""MegaDetector results for a data set: iWildCam's file of 2020 (by image id) and the batch formats 1.0–1.6 (by file).

The formats: https://github.com/agentmorris/MegaDetector, megadetector_batch_processing.md ("batch processing API
output format"). An image that is not listed, or failed, was not processed: that is not the same as empty.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.importers import cleaning
from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError

EXPECTED = "MegaDetector results, an object with the list `images`, each with an id or file and its `detections`"

ANIMAL = "animal"
CATEGORIES = {"1": ANIMAL, "2": "person", "3": "vehicle"}
"""MegaDetector's own, for a file that does not list them."""

BLOCK = 20_000
"""Images that are Python objects at a time: all boxes of a large file would fill the memory."""


class Detection(msgspec.Struct, gc=False):
    """A box: corner, width and height, relative to the image or in pixels."""

    category: str | int
    conf: float
    bbox: tuple[float, float, float, float]


class Entry(msgspec.Struct, gc=False):
    """An image, named by `id` in 2020 and by `file` since; `detections` is absent or null where it failed."""

    id: Any = None
    file: str | None = None
    detections: list[Detection] | None = None
    failure: Any = None


class ResultsFile(msgspec.Struct):
    """The whole file; the images are decoded block by block."""

    images: list[msgspec.Raw]
    detection_categories: dict[str, str] = {}


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


def read_results(path: Path) -> Results:
    """The file's boxes. Raises `DataError` for what is no detector's result."""
    file = read_json(path, ResultsFile, EXPECTED)
    blocks = [_block(file.images[start : start + BLOCK], path) for start in range(0, len(file.images), BLOCK)]
    if not any(block["checked"].any() for block in blocks):
        raise DataError(f"{path.name} has no detections: expected {EXPECTED}.")
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
        checked=joined("checked"),
        image=np.repeat(np.arange(len(file.images)), joined("counts")),
        category=pd.Categorical(numbers.map(names).fillna("category " + numbers)),
        confidence=joined("confidence"),
        boxes=joined("boxes"),
    )


def _block(images: list[msgspec.Raw], path: Path) -> dict[str, NDArray[Any]]:
    """Some images as arrays; the names are those of `Results`, and `counts` the boxes of each."""
    try:
        entries = msgspec.json.decode(b"[" + b",".join(images) + b"]", type=list[Entry])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name} does not fit ({error}): expected {EXPECTED}.") from error
    found = [detection for entry in entries for detection in entry.detections or ()]
    return {
        "ids": np.array([entry.id for entry in entries], dtype=object),
        "files": np.array([entry.file for entry in entries], dtype=object),
        "checked": np.array([entry.detections is not None and entry.failure is None for entry in entries], dtype=bool),
        "counts": np.array([len(entry.detections or ()) for entry in entries], dtype=np.int64),
        "category": np.array([str(detection.category) for detection in found], dtype=object),
        "confidence": np.array([detection.conf for detection in found], dtype=np.float32),
        "boxes": np.array([detection.bbox for detection in found], dtype=np.float32).reshape(-1, 4),
    }
