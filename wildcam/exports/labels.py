"""Labels in formats that tell animals, people, vehicles and blanks apart, and the way back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import pandas as pd

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


def reviewed_fields(row: Any) -> dict[str, str]:
    """Who gave the label of a row and when, in fields that formats without such ones ignore; none of a model's."""
    if pd.isna(row.reviewed_at):
        return {}
    return {"reviewed_by": row.reviewed_by, "reviewed_at": f"{row.reviewed_at.isoformat(timespec='seconds')}Z"}


def read_again(
    *, image_id: str, path: str, label: str, review: Mapping[str, Any] = {}, **carried: object
) -> dict[str, object]:
    """A row of `predictions.table.COLUMNS` from what a format carries; the rest as where nothing is known.

    `review`: where the format has what `reviewed_fields` gives.
    """
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
        "reviewed_at": None,
        "reviewed_by": "",
    }
    if when := review.get("reviewed_at"):
        unknown |= {
            "source": VerdictSource.REVIEW,
            "reviewed_at": datetime.fromisoformat(when).replace(tzinfo=None),
            "reviewed_by": str(review.get("reviewed_by", "")),
        }
    return {"image_id": image_id, "path": path, "label": label} | unknown | carried
