"""Labels in formats that tell animals, people, vehicles and blanks apart, and the way back."""

from enum import StrEnum

from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN, VerdictSource

HUMANS = frozenset(("human", "homo sapiens", "person", "people"))
VEHICLES = frozenset(("vehicle", "car", "truck", "motorcycle", "bicycle"))
UNIDENTIFIED = frozenset(("unidentified", "unidentifiable"))
SETUPS = {"start": "setup", "end": "setup", "setup": "setup", "calibration": "calibration"}
"""Labels of images that were taken while a camera was set up, as Camtrap DP's `cameraSetupType`."""

FALSE_STARTS = frozenset(("misfire", "corrupt", *SETUPS))
"""Images of no animal that are not empty either."""


class Subject(StrEnum):
    """The kind of subject of an image."""

    ANIMAL = "animal"  # also one that could not be named
    PERSON = "person"
    VEHICLE = "vehicle"
    NOTHING = "nothing"
    FAILED = "failed"  # it could not be read


def subject_of(label: str) -> Subject:
    """The kind of subject of a label."""
    name = label.lower()
    if name in HUMANS:
        return Subject.PERSON
    if name in VEHICLES:
        return Subject.VEHICLE
    return {EMPTY: Subject.NOTHING, FAILED: Subject.FAILED}.get(label, Subject.ANIMAL)


def species(label: str) -> str:
    """The label, where it is the name of an animal; else ""."""
    named = label != UNKNOWN and label.lower() not in UNIDENTIFIED | FALSE_STARTS
    return label if named and subject_of(label) is Subject.ANIMAL else ""


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
    }
    return {"image_id": image_id, "path": path, "label": label} | unknown | carried
