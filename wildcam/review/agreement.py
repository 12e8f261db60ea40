"""Where reviewers disagree, and how well they agree beyond chance."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from wildcam.data.reviews import SETTLES, Decision, Review

CONFLICT_COLUMNS = ("path", "reviewers", "labels")
AGREEMENT_COLUMNS = ("first", "second", "photos", "agreement", "kappa")


def opinions(history: Iterable[Review]) -> dict[str, dict[str, str]]:
    """By path, the last label of each reviewer who has not withdrawn it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for review in history:
        if review.decision == Decision.WITHDRAW:
            found[review.path].pop(review.reviewed_by, None)
        elif review.has_label:
            found[review.path][review.reviewed_by] = review.label
    return found


def conflicts(history: Iterable[Review]) -> pd.DataFrame:
    """`CONFLICT_COLUMNS`: photos of which reviewers say different things, and nobody has settled it since."""
    unsettled: list[Review] = []
    for review in history:
        if review.reason == SETTLES:
            unsettled = [earlier for earlier in unsettled if earlier.path != review.path]
        unsettled.append(review)
    rows = [
        {"path": path, "reviewers": list(said), "labels": list(said.values())}
        for path, said in opinions(unsettled).items()
        if len(set(said.values())) > 1
    ]
    return pd.DataFrame(rows, columns=list(CONFLICT_COLUMNS))


def agreement(history: Iterable[Review]) -> pd.DataFrame:
    """`AGREEMENT_COLUMNS`, a row for each two reviewers who labelled the same photos.

    `kappa`: Cohen (1960), 1 for full agreement, 0 for that of chance; NaN where both gave one and the same label only.
    """
    by_pair: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for said in opinions(history).values():
        for first, second in combinations(sorted(said), 2):
            by_pair[first, second].append((said[first], said[second]))
    rows = []
    for (first, second), pairs in sorted(by_pair.items()):
        same = float(np.mean([one == other for one, other in pairs]))
        rows.append((first, second, len(pairs), same, _kappa(pairs, same)))
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def _kappa(pairs: list[tuple[str, str]], observed: float) -> float:
    first, second = (pd.Series(labels).value_counts(normalize=True) for labels in zip(*pairs, strict=True))
    by_chance = float(first.mul(second, fill_value=0.0).sum())
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
