"""Names that may be two of one thing: labels or locations spelled alike, a species under two genera."""

import re
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cdist

from wildcam.choice import Choice
from wildcam.data.label_words import folded, meaning_of
from wildcam.data.moved_species import may_have_moved

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
    class. An epithet hints only where the species may have moved from one genus to the other
    (`moved_species.may_have_moved`): unrelated species share adjectives (`carolinensis`).
    """
    names = sorted(str(name) for name in images.index if not _is_unknown(str(name)))
    pairs = dict.fromkeys(_of_one_epithet(names), DuplicateReason.EPITHET) | dict.fromkeys(
        _spelled_alike(names), DuplicateReason.SPELLING
    )
    sizes = images.to_dict()
    rows = [(*sorted(pair, key=lambda name: (-sizes[name], name)), reason) for pair, reason in pairs.items()]
    rows.sort(key=lambda row: (-sizes[row[1]], -sizes[row[0]], row))
    return pd.DataFrame(rows, columns=list(LIKELY_DUPLICATE_COLUMNS))


def likely_duplicate_locations(images: pd.Series) -> pd.DataFrame:
    """Locations (the index) that may be one, with their images (the values), `LIKELY_DUPLICATE_COLUMNS`.

    The same letters and numbers, whatever stands between them: `CAM 01` and `cam1`, never `cam1` and `cam2`.
    """
    by_key: dict[tuple[str, ...], list[str]] = {}
    for name in images.index:
        parts = re.findall(r"\d+|[^\W\d]+", folded(str(name)))
        key = tuple(str(int(part)) if part.isdecimal() else part for part in parts)
        by_key.setdefault(key, []).append(str(name))
    sizes = {str(name): int(count) for name, count in images.items()}
    rows = [
        (first, other, DuplicateReason.SPELLING)
        for names in by_key.values()
        for first, *others in [sorted(names, key=lambda name: (-sizes[name], name))]
        for other in others
    ]
    return pd.DataFrame(rows, columns=list(LIKELY_DUPLICATE_COLUMNS))


def _spelled_alike(names: list[str]) -> Iterable[tuple[str, str]]:
    """Of two names with numbers, or with an epithet of another genus, the letters alone say nothing."""
    plain = [folded(name) for name in names]
    similarity = cdist(plain, plain, scorer=DamerauLevenshtein.normalized_similarity)
    first, second = np.nonzero(np.triu(similarity >= LEAST_SIMILARITY, 1))
    return [
        (names[a], names[b]) for a, b in zip(first, second, strict=True) if _numbers(plain[a]) == _numbers(plain[b])
    ]


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _of_one_epithet(names: list[str]) -> Iterable[tuple[str, str]]:
    by_epithet: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        words = folded(name).split()
        if len(words) == 2 and words[1] not in ("sp", "spp"):
            by_epithet.setdefault(words[1], []).append((words[0], name))
    return [
        (name, other)
        for epithet, found in by_epithet.items()
        for (genus, name), (other_genus, other) in combinations(found, 2)
        if may_have_moved(epithet, genus, other_genus, genera=len({genus for genus, _ in found}))
    ]


def _is_unknown(name: str) -> bool:
    """`unknown bat` and `unknown rat` are similar in spelling only."""
    return meaning_of(name) is not None
