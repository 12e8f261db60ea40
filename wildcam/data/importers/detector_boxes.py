"""Boxes of detectors' results: which of them show an animal, and how confident the detector was."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from wildcam.data.importers.contract import Remarks
from wildcam.data.label_words import Meaning, meaning_of

ANIMAL, PERSON, VEHICLE = "animal", "person", "vehicle"
_OF_MEANING = {Meaning.PERSON: PERSON, Meaning.VEHICLE: VEHICLE, Meaning.EMPTY: ""}

MOST_NAMED = 5
"""Species that a remark names."""


class Detection(msgspec.Struct, gc=False):
    """A box: corner, width and height, relative to the image or in pixels."""

    category: str | int
    conf: float
    bbox: tuple[float, float, float, float]
    prev_category: str | int | None = None  # the detector's own, before a classifier renamed the box
    prev_conf: float | None = None

    @classmethod
    def repaired(cls, given: object) -> "Detection | None":
        """A box of any form, with numbers as text understood; None where a part of it is missing or no number."""
        if not isinstance(given, Mapping):
            return None
        category, earlier = given.get("category"), given.get("prev_category")
        bbox = given.get("bbox")
        numbers = [_number(value) for value in (given.get("conf"), *(bbox if isinstance(bbox, list) else ()))]
        if category is None or len(numbers) != 5 or None in numbers:
            return None
        conf, left, top, width, height = (value for value in numbers if value is not None)
        named = None if earlier is None else str(earlier)
        return cls(str(category), conf, (left, top, width, height), named, _number(given.get("prev_conf")))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@dataclass
class Categories:
    """What each category of a file is: an animal, a person, a vehicle, or "" for nothing."""

    names: dict[str, str]
    kinds: dict[str, str]
    species: dict[str, int] = field(default_factory=dict)  # boxes by the species that they are called

    @classmethod
    def of(cls, names: Mapping[str, str], original: Mapping[str, str] | None, source: str) -> Self:
        """From the file's own tables; a category that is no person and no vehicle is an animal of some species."""
        own = {str(number): str(name).strip().lower() for number, name in {**(original or {}), **names}.items()}
        kinds = {number: _kind(name) for number, name in own.items()}
        return cls(own, kinds)

    def kind(self, number: str) -> str:
        """Of a box; one that the file does not list keeps its number and counts as no animal."""
        if number not in self.kinds:
            return f"category {number}"
        if self.kinds[number] == ANIMAL and meaning_of(self.names[number]) is None:
            self.species[self.names[number]] = self.species.get(self.names[number], 0) + 1
        return self.kinds[number]

    def note(self, remarks: Remarks) -> None:
        """Tell of boxes that are called after species."""
        shown = ", ".join(list(self.species)[:MOST_NAMED]) + (", …" if len(self.species) > MOST_NAMED else "")
        remarks.add(
            f"box called after a species ({shown}): taken for a box of an animal, with the detector's own confidence "
            "where the file has it",
            sum(self.species.values()),
            shown,
        )


def _kind(name: str) -> str:
    meaning = meaning_of(name)
    return _OF_MEANING.get(meaning, ANIMAL) if meaning else ANIMAL


@dataclass
class Struck:
    """Boxes that do not count, with why, how many, and the first image."""

    found: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, why: str, image: object) -> None:
        """Count one."""
        count, example = self.found.get(why, (0, str(image)))
        self.found[why] = (count + 1, example)

    def odd(self, image: object) -> None:
        """Count one that cannot be read."""
        self.add("box without a category, a confidence or four numbers: left out", image)

    def note(self, remarks: Remarks) -> None:
        """Tell of them."""
        for why, (count, example) in self.found.items():
            remarks.add(why, count, example)


def boxes_of_entries(
    entries: Sequence[tuple[object, list[Detection] | None]], categories: Categories, struck: Struck
) -> dict[str, NDArray[Any]]:
    """`counts` of the boxes of each image, (N,), and `category`, `confidence` and `boxes` of all that count, (B,)."""
    counts: list[int] = []
    kinds: list[str] = []
    confidences: list[float] = []
    boxes: list[Sequence[float]] = []
    for image, detections in entries:
        before = len(kinds)
        for box in detections or ():
            kind, confidence = categories.kind(str(box.category)), box.conf
            if box.prev_category is not None and kind == ANIMAL:  # a classifier's name and confidence
                kind = categories.kind(str(box.prev_category))
            if kind == ANIMAL and box.prev_conf is not None:
                confidence = box.prev_conf
            if reason := why_no_box(kind, confidence, box.bbox):
                struck.add(reason, image)
                continue
            kinds.append(kind)
            confidences.append(confidence)
            boxes.append(box.bbox)
        counts.append(len(kinds) - before)
    return {
        "counts": np.array(counts, dtype=np.int64),
        "category": np.array(kinds, dtype=object),
        "confidence": np.array(confidences, dtype=np.float32),
        "boxes": np.array(boxes, dtype=np.float32).reshape(-1, 4),
    }


def why_no_box(kind: str, confidence: float, bbox: tuple[float, float, float, float]) -> str:
    """Why a box does not count; "" where it does."""
    if confidence < 0:
        return "box that was struck out (negative confidence, as of repeated detections): left out"
    if not kind:
        return "box of the category empty: left out"
    if confidence > 1:
        return "box with a confidence above 1: left out"
    if bbox[2] <= 0 or bbox[3] <= 0:
        return "box without width or height: left out"
    return ""
