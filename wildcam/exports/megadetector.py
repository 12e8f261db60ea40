"""MegaDetector's batch output, format 1.6, which Timelapse and AddaxAI open.

https://lila.science/megadetector-output-format. A classifier of whole images has no boxes: an animal gets one around
the image. An empty image has no detection, an unreadable one has a `failure` and is never empty.

The confidence of empty and unknown images and the ranked species of the latter have no field in the format: they are in
a field `wildcam` of the image, which other programs ignore.
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from wildcam import atomic
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.json_file import read_json
from wildcam.data.importers.megadetector import USUAL_THRESHOLD
from wildcam.errors import DataError
from wildcam.exports.labels import Subject, read_again, reviewed_fields, subject_of
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import as_table
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

VERSION = "1.6"
CATEGORIES = {"1": Subject.ANIMAL, "2": Subject.PERSON, "3": Subject.VEHICLE}
WHOLE = [0.0, 0.0, 1.0, 1.0]
DIGITS = 4
NOT_READ = "image access failure"


def write_megadetector(table: pd.DataFrame, metadata: BatchMetadata, path: Path) -> None:
    """The first classification is the label; ranked species with a higher probability than it are left out.

    An unknown animal has no classification; a person or a vehicle keeps the model's own label.
    """
    numbers = {name: str(number) for number, name in enumerate(_names(table))}
    confidences = _confidences(table)
    threshold = min([USUAL_THRESHOLD, *confidences.dropna()])  # else a program would hide animals that this file names
    images = [
        msgspec.Raw(msgspec.json.encode(_image(row, conf, numbers)))
        for row, conf in zip(table.itertuples(), confidences, strict=True)
    ]
    when = metadata.created_at.strftime("%Y-%m-%d %H:%M:%S")
    content = {
        "info": {
            "format_version": VERSION,
            "detector": metadata.classifier if metadata.external else f"WildCam {metadata.empty_model}",
            "detection_completion_time": when,
            "classifier": metadata.classifier,
            "classification_completion_time": when,
            "detector_metadata": {
                "megadetector_version": "unknown",
                "typical_detection_threshold": threshold,
                "conservative_detection_threshold": threshold,
            },
            "classifier_metadata": {
                "typical_classification_threshold": metadata.unknown_threshold,
                "views": metadata.views,
                "aggregation": metadata.aggregation,
                "settings": metadata.settings,
                "graphs": list(metadata.graphs),
            },
        },
        "detection_categories": {number: str(name) for number, name in CATEGORIES.items()},
        "classification_categories": {number: name for name, number in numbers.items()},
        "images": images,
    }
    atomic.write_bytes(path, msgspec.json.encode(content))


def _names(table: pd.DataFrame) -> list[str]:
    """Every species that is ranked for an image, and every label of a person or a vehicle."""
    answers = set(table["label"]) - {EMPTY, UNKNOWN, FAILED}
    return sorted({name for labels in table["top_labels"] for name in labels} | answers)


def _confidences(table: pd.DataFrame) -> pd.Series:
    """Of the box of each image, 0–1: that it is not empty; NaN where it has no box."""
    p_animal = (1 - table["p_empty"].astype("float64")).fillna(table["confidence"])  # other formats carry no `p_empty`
    return p_animal.clip(0, 1).round(DIGITS).where(~table["label"].isin([EMPTY, FAILED]))


def _image(row: Any, conf: float, numbers: dict[str, str]) -> dict[str, Any]:
    """`conf`: of the box, 0–1. Time and size are fields of the format from 1.4 on; what is not known is left out."""
    verdict = _verdict(row, conf, numbers) | _known(row)
    if review := reviewed_fields(row):
        verdict["wildcam"] = verdict.get("wildcam", {}) | review
    return verdict


def _known(row: Any) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if not pd.isna(row.taken_at):
        known["datetime"] = row.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if row.width and row.height:
        known |= {"width": int(row.width), "height": int(row.height)}
    return known


def _verdict(row: Any, conf: float, numbers: dict[str, str]) -> dict[str, Any]:
    kind = subject_of(row.label)
    if kind is Subject.FAILED:
        failure = f"{NOT_READ}: {row.failure}" if row.failure else NOT_READ
        return {"file": row.path, "failure": failure, "detections": None}
    ranked = [(label, float(p)) for label, p in zip(row.top_labels, row.top_probabilities, strict=True)]
    if kind is Subject.NOTHING:
        p_empty = None if pd.isna(row.p_empty) else round(float(row.p_empty), DIGITS)
        certainty = {"confidence": round(float(row.confidence), DIGITS), "p_empty": p_empty}
        return {"file": row.path, "detections": [], "wildcam": certainty}
    category = next(number for number, name in CATEGORIES.items() if name is kind)
    detection: dict[str, Any] = {"category": category, "conf": conf, "bbox": WHOLE}
    if row.label == UNKNOWN:
        extra = {"confidence": round(float(row.confidence), DIGITS), "top": _numbered(ranked, numbers)}
        return {"file": row.path, "detections": [detection], "wildcam": extra}
    others = [(other, p) for other, p in ranked if other != row.label and p <= row.confidence]
    detection["classifications"] = _numbered([(row.label, float(row.confidence)), *others], numbers)
    return {"file": row.path, "detections": [detection]}


def _numbered(ranked: list[tuple[str, float]], numbers: dict[str, str]) -> list[list[str | float]]:
    return [[numbers[label], round(p, DIGITS)] for label, p in ranked]


def read_megadetector(path: Path) -> pd.DataFrame:
    """Paths, labels, confidences and ranked species of a file that `write_megadetector` wrote, or one like it.

    Views, sources' ties and locations are not carried. Raises `DataError` for another file.
    """
    content = read_json(path, dict[str, Any], "MegaDetector's batch output, an object with the list `images`")
    try:
        detections = {str(number): name for number, name in content["detection_categories"].items()}
        classes = {str(number): name for number, name in content.get("classification_categories", {}).items()}
        return as_table([_row(image, detections, classes) for image in content["images"]])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{path.name} does not fit MegaDetector's batch output ({error}).") from error


def _row(image: dict[str, Any], detections: dict[str, str], classes: dict[str, str]) -> dict[str, object]:
    row = partial(
        read_again,
        image_id=image["file"],
        path=image["file"],
        taken_at=_time(image.get("datetime")),
        width=int(image.get("width") or 0),
        height=int(image.get("height") or 0),
        review=image.get("wildcam", {}),
    )
    if image.get("failure") or image.get("detections") is None:
        return row(label=FAILED, failure=str(image.get("failure") or "not processed").removeprefix(f"{NOT_READ}: "))
    best = max(image["detections"], key=lambda detection: detection["conf"], default=None)
    more = image.get("wildcam", {})
    if best is None:
        certainty = {name: more.get(name, 1.0) for name in ("confidence", "p_empty")}
        return row(label=EMPTY, **certainty)
    p_empty = 1 - float(best["conf"])
    what = detections[str(best["category"])]
    ranked = [(classes[str(number)], float(p)) for number, p in best.get("classifications", [])]
    label, confidence = ranked[0] if ranked else (what, float(more.get("confidence", best["conf"])))
    if not ranked and what == Subject.ANIMAL:
        label = UNKNOWN
        ranked = [(classes[str(number)], float(p)) for number, p in more.get("top", [])]
    return row(
        label=label,
        confidence=confidence,
        p_empty=p_empty,
        top_labels=[name for name, _ in ranked],
        top_probabilities=[p for _, p in ranked],
    )


def _time(written: object) -> datetime | None:
    time = taken_at([written], Remarks()).iloc[0]
    return None if pd.isna(time) else time.to_pydatetime()
