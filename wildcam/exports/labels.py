"""What a label is for formats that tell animals from people, vehicles and nothing, and what it says when it is read again."""

from enum import StrEnum

from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN, VerdictSource

HUMANS = frozenset(("human", "homo sapiens", "person", "people"))
VEHICLES = frozenset(("vehicle", "car", "truck", "motorcycle", "bicycle"))
UNIDENTIFIED = frozenset(("unidentified", "unidentifiable"))
SETUPS = {"start": "setup", "end": "setup", "setup": "setup", "calibration": "calibration"}
"""What people with the camera left behind, in the words of Camtrap DP."""

FALSE_STARTS = frozenset(("misfire", "corrupt", *SETUPS))
"""Images of no animal that are not empty either."""


class Shown(StrEnum):
    """What an image shows."""

    ANIMAL = "animal"  # also one that could not be named
    PERSON = "person"
    VEHICLE = "vehicle"
    NOTHING = "nothing"
    FAILED = "failed"  # it was not looked at


def shown(label: str) -> Shown:
    """What a verdict's label says of the image."""
    name = label.lower()
    if name in HUMANS:
        return Shown.PERSON
    if name in VEHICLES:
        return Shown.VEHICLE
    return {EMPTY: Shown.NOTHING, FAILED: Shown.FAILED}.get(label, Shown.ANIMAL)


def species(label: str) -> str:
    """The name, where an animal has one."""
    named = label != UNKNOWN and label.lower() not in UNIDENTIFIED | FALSE_STARTS
    return label if named and shown(label) is Shown.ANIMAL else ""


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
