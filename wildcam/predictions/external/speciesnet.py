"""SpeciesNet's `predictions.json`: https://github.com/google/cameratrapai, "output format".

Files before its format 20261015 have one `prediction` a photo, the program's own decision, which is taken as it is.
Since then each detection is classified: the photo's answer is that of its most confident detection, and a photo
without one is empty.
"""

from typing import Any

import msgspec

from wildcam.architectures.presets import Task
from wildcam.data.importers.megadetector import DETECTOR_FAILED
from wildcam.predictions.external.answers import NOTHING, ExternalAnswer, ExternalResults, PhotoName, RankedName
from wildcam.predictions.external.taxon_name import TaxonName


class Scores(msgspec.Struct):
    """Of the classifier, most probable first; two lists of one length."""

    classes: list[str] = []
    scores: list[float] = []


class Processed(msgspec.Struct, rename={"label": "class"}):
    """The program's decision on one detection."""

    label: str
    score: float


class Detection(msgspec.Struct):
    """A box, of which only its confidence and its classes count here."""

    conf: float
    raw_classifications: Scores | None = None
    processed_classification: Processed | None = None


class Entry(msgspec.Struct):
    """A photo."""

    filepath: str
    failures: list[Any] | None = None
    classifications: Scores | None = None
    detections: list[Detection] | None = None
    prediction: str | None = None
    prediction_score: float | None = None
    model_version: str = ""


def read_speciesnet(entries: list[Entry | ExternalAnswer]) -> ExternalResults:
    """The photos of a file; those that could not be read are answers already."""
    version = next((entry.model_version for entry in entries if isinstance(entry, Entry) and entry.model_version), "")
    answers = tuple(entry if isinstance(entry, ExternalAnswer) else _answer(entry) for entry in entries)
    return ExternalResults(f"SpeciesNet {version}".strip(), Task.ALL, answers)


def _answer(entry: Entry) -> ExternalAnswer:
    photo = PhotoName.of(entry.filepath)
    failures = [str(failure) for failure in entry.failures or ()]
    boxes = entry.detections if entry.detections is not None and DETECTOR_FAILED not in failures else None
    p_empty = 1 - max((box.conf for box in boxes or ()), default=0.0)
    if entry.prediction is not None:
        decided = RankedName(TaxonName.parse(entry.prediction), entry.prediction_score or 0.0)
        return ExternalAnswer(photo, decided, _ranked(entry.classifications), None if boxes is None else p_empty)
    if boxes is None or failures:
        return ExternalAnswer(photo, failure=f"SpeciesNet failed: {', '.join(failures) or 'no prediction'}")
    classified = [
        (box.conf, box.raw_classifications, box.processed_classification)
        for box in boxes
        if box.processed_classification
    ]
    if not classified:
        return ExternalAnswer(photo, RankedName(NOTHING, p_empty), (), p_empty)
    _, raw, decision = max(classified, key=lambda each: each[0])
    return ExternalAnswer(photo, RankedName(TaxonName.parse(decision.label), decision.score), _ranked(raw), p_empty)


def _ranked(given: Scores | None) -> tuple[RankedName, ...]:
    scores = given or Scores()
    pairs = zip(scores.classes, scores.scores, strict=False)
    return tuple(RankedName(TaxonName.parse(name), score) for name, score in pairs)
