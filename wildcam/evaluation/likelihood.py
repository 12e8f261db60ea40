"""How likely each class was, as far as a row of predictions says: the likeliest species, and empty."""

import pandas as pd

from wildcam.evaluation.ground_truth import NOT_READ
from wildcam.serving.card import ANIMAL, EMPTY


def likelihoods(scored: pd.DataFrame, *, two_stages: bool) -> pd.Series:
    """A dict of class to probability, 0–1, for each row of `truth.JUDGED_COLUMNS`; a class that is not in it is unlikelier.

    `two_stages`: the species' probabilities hold where there is an animal, and are multiplied by that of one.
    """
    scales = 1 - scored["p_empty"].fillna(0) if two_stages else pd.Series(1.0, index=scored.index)
    columns = (scored["outcome"], scored["p_empty"], scales, scored["top_labels"], scored["top_probabilities"])
    found: list[dict[str, float]] = []
    for outcome, p_empty, scale, names, shares in zip(*columns, strict=True):
        species = {name: float(scale * share) for name, share in zip(names, shares, strict=True)}
        empty = {} if pd.isna(p_empty) else {EMPTY: float(p_empty), ANIMAL: float(1 - p_empty)}
        found.append({} if outcome == NOT_READ else species | empty)
    return pd.Series(found, index=scored.index, dtype=object)
