"""Which images a person should review, the most telling first."""

import pandas as pd

from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.evaluation.ground_truth import IN_THE_PHOTO, Outcome
from wildcam.evaluation.label_errors import suspected_labels
from wildcam.serving.card import ANIMAL, EMPTY

REVIEW_COLUMNS = ("image_id", "path", "location", "ground_truth", "label", "confidence", "why")


class ReviewReason(Choice):
    """Why an image is in the review queue."""

    HIGH_CONFIDENCE_ERROR = "high_confidence_error", "High-confidence errors"
    HARDEST = "hardest", "Hardest photos"
    DISAGREEMENT = "disagreement", "Votes disagree"
    LABEL_ERROR = "label_error", "Suspected label errors"


def review_queue(scored: pd.DataFrame, reason: ReviewReason, *, two_stages: bool) -> pd.DataFrame:
    """`REVIEW_COLUMNS`, the most telling first; `why` is a short text.

    From a table of `ground_truth.SCORED_COLUMNS`.
    """
    rows = scored[scored["outcome"] != Outcome.FAILED]
    match reason:
        case ReviewReason.HIGH_CONFIDENCE_ERROR:
            rows = rows[~rows["outcome"].isin(IN_THE_PHOTO)].sort_values("confidence", ascending=False, kind="stable")
            why = [f"confidence {share:.0%} for {label}" for share, label in _pairs(rows, "confidence", "label")]
        case ReviewReason.HARDEST:
            by_class = class_probabilities(rows, two_stages=two_stages)
            p = pd.Series(
                [of.get(name, 0.0) for of, name in zip(by_class, rows["ground_truth"], strict=True)], index=rows.index
            )
            rows = rows.loc[p.sort_values(kind="stable").index].assign(p_target=p)
            why = [f"{share:.0%} for {name}" for share, name in _pairs(rows, "p_target", "ground_truth")]
        case ReviewReason.DISAGREEMENT:
            rows = rows[(rows["views"] > 1) & (rows["agreement"] < rows["views"])]
            rows = rows.loc[(rows["agreement"] / rows["views"]).sort_values(kind="stable").index]
            why = [
                f"{agree} of {counted(votes, 'vote')} for {label}"
                for agree, votes, label in zip(rows["agreement"], rows["views"], rows["label"], strict=True)
            ]
        case ReviewReason.LABEL_ERROR:
            found = suspected_labels(rows, class_probabilities(rows, two_stages=two_stages)).set_index("image_id")
            rows = rows.set_index("image_id").loc[found.index].reset_index()
            columns = (found["suggested_label"], found["p_suggested"], found["p_target"])
            why = [
                f"suggested label {name}: {p:.0%} against {given:.0%}" for name, p, given in zip(*columns, strict=True)
            ]
    return rows.assign(why=why)[list(REVIEW_COLUMNS)].reset_index(drop=True)


def class_probabilities(scored: pd.DataFrame, *, two_stages: bool) -> pd.Series:
    """The probability of each class, as far as rows of predictions hold it: of the most probable species, and of empty.

    A dict of class to probability, 0–1, for each row of `ground_truth.SCORED_COLUMNS`; a class that is not in it is
    less probable. `two_stages`: the species' probabilities hold where there is an animal,
    and are multiplied by that of one.
    """
    scales = 1 - scored["p_empty"].fillna(0) if two_stages else pd.Series(1.0, index=scored.index)
    columns = (scored["outcome"], scored["p_empty"], scales, scored["top_labels"], scored["top_probabilities"])
    found: list[dict[str, float]] = []
    for outcome, p_empty, scale, names, shares in zip(*columns, strict=True):
        species = {name: float(scale * share) for name, share in zip(names, shares, strict=True)}
        empty = {} if pd.isna(p_empty) else {EMPTY: float(p_empty), ANIMAL: float(1 - p_empty)}
        found.append({} if outcome == Outcome.FAILED else species | empty)
    return pd.Series(found, index=scored.index, dtype=object)


def _pairs(rows: pd.DataFrame, first: str, second: str) -> "zip[tuple[float, str]]":
    return zip(rows[first], rows[second], strict=True)
