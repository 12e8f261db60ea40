"""Results in MegaDetector's format: of the detector alone, with a classifier behind it, or with AddaxAI's species.

https://lila.science/megadetector-output-format. The photo's answer is that of its most confident detection at the
file's own threshold or above; without one the photo is empty. A classifier names detections by `classifications`;
AddaxAI up to version 6 writes species among the detection categories, with the detector's confidence as `prev_conf`.
Which boxes count is the importers' rule (`detector_boxes`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from wildcam.architectures.presets import Task
from wildcam.data.importers.detector_boxes import ANIMAL, Categories, Detection, Struck, why_no_box
from wildcam.data.importers.megadetector import CATEGORIES, USUAL_THRESHOLD
from wildcam.predictions.external.answers import (
    NOTHING,
    SOME_ANIMAL,
    ExternalAnswer,
    ExternalResults,
    PhotoName,
    RankedName,
)
from wildcam.predictions.external.taxon_name import TaxonName


class DetectorMetadata(msgspec.Struct):
    """Of `info`."""

    typical_detection_threshold: float | None = None


class Info(msgspec.Struct):
    """Which programs made the file."""

    detector: str | None = None
    classifier: str | None = None
    detector_metadata: DetectorMetadata | None = None


class Entry(msgspec.Struct):
    """A photo; its detections are read one by one."""

    file: str | None = None
    id: Any = None
    detections: list[Any] | None = None
    failure: Any = None


@dataclass(frozen=True)
class Box:
    """A detection that counts."""

    name: TaxonName  # of its category
    score: float  # of the name, 0–1
    detector_conf: float  # 0–1; another one where a classifier renamed the box
    ranked: tuple[RankedName, ...]  # of a classifier, most probable first


class Names:
    """The file's tables of categories."""

    def __init__(
        self,
        detection: Mapping[str, str] | None,
        classification: Mapping[str, str] | None,
        descriptions: Mapping[str, str] | None,
    ) -> None:
        self.categories = Categories.of(detection or CATEGORIES, None, "")
        self._classes = {
            number: TaxonName.parse(name, (descriptions or {}).get(number, ""))
            for number, name in (classification or {}).items()
        }
        species = [name for name in map(TaxonName, self.categories.names.values()) if name.meaning is None]
        self.task = Task.ALL if species or self._classes else Task.EMPTY

    def of_detection(self, number: str) -> TaxonName:
        """What a detection category is; one that the file does not list is an animal without a name."""
        name = self.categories.names.get(number, ANIMAL)
        return SOME_ANIMAL if name == ANIMAL else TaxonName(name)

    def of_class(self, number: str) -> TaxonName:
        """What a classifier's category is."""
        return self._classes.get(number, SOME_ANIMAL)


def read_megadetector(
    entries: list[Entry | ExternalAnswer], info: Info, names: Names, struck: Struck
) -> ExternalResults:
    """The photos of a file; those that could not be read are answers already."""
    own = info.detector_metadata.typical_detection_threshold if info.detector_metadata else None
    threshold = USUAL_THRESHOLD if own is None else own
    answers = tuple(
        entry if isinstance(entry, ExternalAnswer) else _answer(entry, names, threshold, struck) for entry in entries
    )
    program = " + ".join(dict.fromkeys(filter(None, (info.detector, info.classifier)))) or "a detector"
    return ExternalResults(program, names.task, answers, threshold)


def _answer(entry: Entry, names: Names, threshold: float, struck: Struck) -> ExternalAnswer:
    photo = PhotoName.of(entry.file, entry.id)
    if entry.failure or entry.detections is None:
        return ExternalAnswer(photo, failure=str(entry.failure or "it has no list of detections"))
    boxes = list(filter(None, (_box(given, names, struck, photo) for given in entry.detections)))
    best = max(boxes, key=lambda box: box.detector_conf, default=None)
    p_empty = 1 - best.detector_conf if best else 1.0
    if best is None or best.detector_conf < threshold:
        return ExternalAnswer(photo, RankedName(NOTHING, p_empty), (), p_empty)
    first = best.ranked[0] if best.ranked else RankedName(best.name, best.score)
    return ExternalAnswer(photo, first, best.ranked, p_empty)


def _box(given: object, names: Names, struck: Struck, photo: object) -> Box | None:
    detection = Detection.repaired(given)
    if detection is None:
        struck.odd(photo)
        return None
    number = str(detection.category)
    confidence = detection.conf if detection.prev_conf is None else detection.prev_conf
    if reason := why_no_box(names.categories.kind(number), confidence, detection.bbox):
        struck.add(reason, photo)
        return None
    return Box(names.of_detection(number), detection.conf, confidence, _ranked(given, names, struck, photo))


def _ranked(given: object, names: Names, struck: Struck, photo: object) -> tuple[RankedName, ...]:
    pairs = given.get("classifications") if isinstance(given, Mapping) else None
    try:
        found = msgspec.convert(pairs or [], list[tuple[str | int, float]], strict=False)
    except msgspec.ValidationError:
        struck.add("box whose classifications cannot be read: it counts without them", photo)
        return ()
    ranked = (RankedName(names.of_class(str(number)), score) for number, score in found)
    return tuple(sorted(ranked, key=lambda each: -each.score))
