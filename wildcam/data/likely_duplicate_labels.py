"""Labels that may be two names of one class: spelled nearly alike, or a species under two genera."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cdist

from wildcam.choice import Choice
from wildcam.data.labels import OTHER_NAMES

LIKELY_DUPLICATE_COLUMNS = ("label", "other_label", "reason")
"""Columns of a table of likely duplicates: the label with more images, the other one, a `DuplicateReason`."""

LEAST_SIMILARITY = 0.85
"""Damerau–Levenshtein similarity, 0–1, of names that are taken for spellings of one: of iWildCam's 267 names it finds
ten pairs, all correct (`puma yagouaroundi`, `puma yaguaroundi`), where 0.8 begins to join different species."""


class DuplicateReason(Choice):
    """Why two labels may be one class."""

    SPELLING = "similar_spelling", "Similar spelling"
    EPITHET = "same_epithet", "Same species epithet, different genus"


def likely_duplicate_labels(images: pd.Series) -> pd.DataFrame:
    """Likely duplicates among the labels (the index) with their images (the values), `LIKELY_DUPLICATE_COLUMNS`.

    Those that matter most come first: both labels have images, and many. A biologist decides which of them are one
    class. An epithet that more than two genera share is a common adjective (`africanus`) and no hint.
    """
    names = sorted(str(name) for name in images.index if not _is_unknown(str(name)))
    pairs = dict.fromkeys(_of_one_epithet(names), DuplicateReason.EPITHET) | dict.fromkeys(
        _spelled_alike(names), DuplicateReason.SPELLING
    )
    sizes = images.to_dict()
    rows = [(*sorted(pair, key=lambda name: (-sizes[name], name)), reason) for pair, reason in pairs.items()]
    rows.sort(key=lambda row: (-sizes[row[1]], -sizes[row[0]], row))
    return pd.DataFrame(rows, columns=list(LIKELY_DUPLICATE_COLUMNS))


def _spelled_alike(names: list[str]) -> Iterable[tuple[str, str]]:
    folded = [" ".join(name.lower().split()) for name in names]
    similarity = cdist(folded, folded, scorer=DamerauLevenshtein.normalized_similarity)
    first, second = np.nonzero(np.triu(similarity >= LEAST_SIMILARITY, 1))
    return [(names[a], names[b]) for a, b in zip(first, second, strict=True)]


def _of_one_epithet(names: list[str]) -> Iterable[tuple[str, str]]:
    by_epithet: dict[str, list[str]] = {}
    for name in names:
        words = name.lower().split()
        if len(words) == 2 and words[1].strip(".") not in ("sp", "spp"):
            by_epithet.setdefault(words[1], []).append(name)
    return [(found[0], found[1]) for found in by_epithet.values() if len(found) == 2]


def _is_unknown(name: str) -> bool:
    """`unknown bat` and `unknown rat` are similar in spelling only."""
    return (name.lower().split() or [""])[0] in OTHER_NAMES
