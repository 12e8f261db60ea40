"""Results in MegaDetector's format: of the detector alone, with a classifier behind it, or with AddaxAI's species.

https://lila.science/megadetector-output-format. The photo's answer is that of its most confident detection at the
file's own threshold or above; without one the photo is empty. A classifier names detections by `classifications`;
AddaxAI up to version 6 writes species among the detection categories, with the detector's confidence as `prev_conf`.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from wildcam.architectures.presets import Task
from wildcam.data.importers.detector_boxes import ANIMAL, Categories
from wildcam.data.importers.megadetector import CATEGORIES
from wildcam.data.label_words import Meaning
from wildcam.predictions.external.answers import (
    NOTHING,
    SOME_ANIMAL,
    ExternalAnswer,
    ExternalResults,
    RankedName,
)
from wildcam.predictions.external.taxon_name import TaxonName

USUAL_THRESHOLD = 0.2
"""MegaDetector's own; a file may have another."""


class DetectorMetadata(msgspec.Struct):
    """Of `info`."""

    typical_detection_threshold: float | None = None


class Info(msgspec.Struct):
    """Which programs made the file."""

    detector: str | None = None
    classifier: str | None = None
    detector_metadata: DetectorMetadata | None = None


class Detection(msgspec.Struct):
    """A box, of which only its confidence and its classes count here."""

    category: str | int
    conf: float
    prev_conf: float | None = None  # the detector's own, where `conf` is a species' score
    classifications: list[tuple[str | int, float]] | None = None

    @property
    def detector_conf(self) -> float:
        """The confidence of the detector itself."""
        return self.conf if self.prev_conf is None else self.prev_conf


class Entry(msgspec.Struct):
    """A photo."""

    file: str | None = None
    id: Any = None
    detections: list[Detection] | None = None
    failure: Any = None

    @property
    def photo(self) -> str:
        """The name that the file has for it."""
        return self.file.replace("\\", "/") if self.file is not None else str(self.id)


class Names:
    """The file's tables of categories."""

    def __init__(
        self,
        detection: Mapping[str, str] | None,
        classification: Mapping[str, str] | None,
        descriptions: Mapping[str, str] | None,
    ) -> None:
        self._categories = Categories.of(detection or CATEGORIES, None, "")
        self._classes = {
            number: TaxonName.parse(name, (descriptions or {}).get(number, ""))
            for number, name in (classification or {}).items()
        }
        species = [name for name in map(TaxonName, self._categories.names.values()) if name.meaning is None]
        self.task = Task.ALL if species or self._classes else Task.EMPTY

    def of_detection(self, number: str) -> TaxonName:
        """What a detection category is; one that the file does not list is an animal without a name."""
        name = self._categories.names.get(number, ANIMAL)
        return SOME_ANIMAL if name == ANIMAL else TaxonName(name)

    def of_class(self, number: str) -> TaxonName:
        """What a classifier's category is."""
        return self._classes.get(number, SOME_ANIMAL)


def read_megadetector(entries: list[Entry | ExternalAnswer], info: Info, names: Names) -> ExternalResults:
    """The photos of a file; those that could not be read are answers already."""
    own = info.detector_metadata.typical_detection_threshold if info.detector_metadata else None
    threshold = USUAL_THRESHOLD if own is None else own
    answers = tuple(
        entry if isinstance(entry, ExternalAnswer) else _answer(entry, names, threshold) for entry in entries
    )
    program = " + ".join(dict.fromkeys(filter(None, (info.detector, info.classifier)))) or "a detector"
    return ExternalResults(program, names.task, answers, threshold)


def _answer(entry: Entry, names: Names, threshold: float) -> ExternalAnswer:
    if entry.failure or entry.detections is None:
        return ExternalAnswer(entry.photo, failure=str(entry.failure or "it has no list of detections"))
    # A negative confidence is that of a box that was struck out, one of an empty category says that nothing is there.
    boxes = [
        box
        for box in entry.detections
        if box.detector_conf >= 0 and names.of_detection(str(box.category)).meaning is not Meaning.EMPTY
    ]
    highest = max((box.detector_conf for box in boxes), default=0.0)
    p_empty = 1 - min(highest, 1.0)
    if highest < threshold or not boxes:
        return ExternalAnswer(entry.photo, RankedName(NOTHING, p_empty), (), p_empty)
    best = max(boxes, key=lambda box: box.detector_conf)
    found = [RankedName(names.of_class(str(number)), score) for number, score in best.classifications or ()]
    ranked = tuple(sorted(found, key=lambda each: -each.score))
    return ExternalAnswer(
        entry.photo, (*ranked, RankedName(names.of_detection(str(best.category)), best.conf))[0], ranked, p_empty
    )
