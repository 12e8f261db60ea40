"""Labels in formats that tell animals, people, vehicles and blanks apart, and the way back."""

from enum import StrEnum

from wildcam.data.label_words import Meaning, folded, meaning_of
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN, VerdictSource

SETUP, CALIBRATION = "setup", "calibration"
"""Camtrap DP's words for why a photo of the camera's setup was taken."""


class Subject(StrEnum):
    """The kind of subject of an image."""

    ANIMAL = "animal"  # also one that could not be named
    PERSON = "person"
    VEHICLE = "vehicle"
    NOTHING = "nothing"
    FAILED = "failed"  # it could not be read


def subject_of(label: str) -> Subject:
    """The kind of subject of a label."""
    if label in (EMPTY, FAILED):
        return Subject.NOTHING if label == EMPTY else Subject.FAILED
    return {Meaning.PERSON: Subject.PERSON, Meaning.VEHICLE: Subject.VEHICLE}.get(
        meaning_of(label) or Meaning.ANIMAL, Subject.ANIMAL
    )


def setup_of(label: str) -> str:
    """Camtrap DP's `cameraSetupType` of a label; "" where it is of no setup."""
    if label in (EMPTY, UNKNOWN, FAILED) or meaning_of(label) is not Meaning.SETUP:
        return ""
    return CALIBRATION if folded(label).startswith(("calib", "kalib", "etalon")) else SETUP


def species(label: str) -> str:
    """The label, where it is the name of an animal; else ""."""
    if label in (EMPTY, UNKNOWN, FAILED):
        return ""
    return label if meaning_of(label) in (None, Meaning.ANIMAL) else ""


def read_again(*, image_id: str, path: str, label: str, **carried: object) -> dict[str, object]:
    """A row of `predictions.table.COLUMNS` from what a format carries; the rest as where nothing is known."""
    source = {FAILED: VerdictSource.FAILURE, EMPTY: VerdictSource.STAGE_1, UNKNOWN: VerdictSource.ABSTENTION}.get(
        label, VerdictSource.STAGE_2
    )
    unknown: dict[str, object] = {
        "location": "",
        "sequence_id": "",
        "taken_at": None,
        "width": 0,
        "height": 0,
        "source": source,
        "confidence": 0.0,
        "agreement": 0,
        "views": 0,
        "p_empty": None,
        "top_labels": [],
        "top_probabilities": [],
        "ties": "",
        "failure": "",
        "camera": "",
        "utc_offset": None,
    }
    return {"image_id": image_id, "path": path, "label": label} | unknown | carried
