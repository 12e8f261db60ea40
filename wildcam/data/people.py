"""Which photos of a data set show people, by their labels and by a detector.

A vehicle counts as people, since its number plate and its driver do; so does the camera being set up, since somebody
stands before it.
"""

import re
from functools import cache

import pandas as pd

from wildcam.data.boxes import CONFIDENT_BOX
from wildcam.data.catalog import Dataset
from wildcam.data.importers.detector_boxes import PERSON, VEHICLE
from wildcam.data.label_words import NEGATIONS, Meaning, folded, meaning_of

PEOPLE_COLUMNS = ("image_id", "path", "reason")
"""A row a photo that shows people; `reason` says what calls it so."""

_CERTAIN_WORDS = """
human humans person persons people pedestrian pedestrians hiker hikers poacher poachers tourist tourists cyclist
cyclists vehicle vehicles
"""
_CERTAIN = frozenset(_CERTAIN_WORDS.split())
"""Words that mean people beside any other word, where `barn` (a child in Swedish) may be of an owl."""

_NOT = NEGATIONS | {"non"}

_WORK_WITHOUT_ANYBODY = """
timelapse, time lapse, time lapse image, zeitraffer, intervall, intervalle, bait, lure, baiting, koder, appat, cebo,
carnada, isca, lokaas, esca, przyneta, lockbete, bete, reference, sign, marker
"""
_NOBODY_NEEDED = frozenset(folded(word) for word in _WORK_WITHOUT_ANYBODY.split(","))
"""Labels of the camera's work at which nobody stands before it."""

_WORDS_BETWEEN = "and|with|und|mit|et|avec|y|con|e|com|en|met|och|med"
_JOINED = re.compile(rf"\s*(?:[/&+,;|]|(?<![^\W_])(?:{_WORDS_BETWEEN})(?![^\W_]))\s*")


@cache
def shows_people(label: str) -> bool:
    """Whether a label says that people, a vehicle or the set-up of the camera are seen, alone or beside an animal."""
    words = folded(label).split()
    if any(word in _CERTAIN and not _NOT & set(words[:k][-1:]) for k, word in enumerate(words)):
        return True
    return any(map(_means_people, (label, *_JOINED.split(label.casefold()))))


def _means_people(part: str) -> bool:
    meaning = meaning_of(part)
    if meaning is Meaning.SETUP:
        return folded(part) not in _NOBODY_NEEDED
    return meaning in (Meaning.PERSON, Meaning.VEHICLE)


def labelled_people(dataset: Dataset) -> pd.DataFrame:
    """The photos that labels or a detector call people, `PEOPLE_COLUMNS`, in the order of the index.

    Either of two labels is enough, and a box of a person or a vehicle from `CONFIDENT_BOX` on.
    """
    index = dataset.index
    reasons = pd.Series(None, index=index.index, dtype=object)
    boxes = dataset.detections
    boxes = boxes[boxes["category"].isin([PERSON, VEHICLE]) & (boxes["confidence"] >= CONFIDENT_BOX)]
    reasons[index["image_id"].isin(boxes["image_id"])] = "box of a detector"
    for column in ("second_label", "label"):
        names = [name for name in index[column].cat.categories if shows_people(str(name))]
        found = index[column].isin(names)
        reasons[found] = "label " + index.loc[found, column].astype(str)
    return index[["image_id", "path"]].assign(reason=reasons)[reasons.notna()]
