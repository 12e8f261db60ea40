"""Which images are worth a look, the most telling first."""

from enum import StrEnum

import pandas as pd

from wildcam.evaluation.ground_truth import NOT_READ, RIGHT
from wildcam.evaluation.label_errors import suspected_labels
from wildcam.evaluation.likelihood import likelihoods

INSPECTION_COLUMNS = ("image_id", "path", "location", "ground_truth", "label", "confidence", "why")


class ReviewReason(StrEnum):
    """Why an image is worth a look."""

    HIGH_CONFIDENCE_ERROR = "sure and wrong"
    HARDEST = "hardest"
    DISAGREEING = "views disagree"
    LABEL = "label in doubt"


def inspect(scored: pd.DataFrame, worth: ReviewReason, *, two_stages: bool) -> pd.DataFrame:
    """`INSPECTION_COLUMNS`, the most telling first; `why` is a sentence. From a table of `truth.JUDGED_COLUMNS`."""
    rows = scored[scored["outcome"] != NOT_READ]
    match worth:
        case ReviewReason.HIGH_CONFIDENCE_ERROR:
            rows = rows[rows["outcome"] != RIGHT].sort_values("confidence", ascending=False, kind="stable")
            why = [
                f"{share:.0%} sure of {label}" for share, label in zip(rows["confidence"], rows["label"], strict=True)
            ]
        case ReviewReason.HARDEST:
            likely = likelihoods(rows, two_stages=two_stages)
            p = pd.Series(
                [of.get(name, 0.0) for of, name in zip(likely, rows["ground_truth"], strict=True)], index=rows.index
            )
            rows = rows.loc[p.sort_values(kind="stable").index]
            why = [f"{share:.0%} for {name}" for share, name in zip(p[rows.index], rows["ground_truth"], strict=True)]
        case ReviewReason.DISAGREEING:
            rows = rows[(rows["views"] > 1) & (rows["agreement"] < rows["views"])]
            rows = rows.loc[(rows["agreement"] / rows["views"]).sort_values(kind="stable").index]
            columns = (rows["agreement"], rows["views"], rows["label"])
            why = [f"{agree} of {votes} say {label}" for agree, votes, label in zip(*columns, strict=True)]
        case ReviewReason.LABEL:
            found = suspected_labels(rows, likelihoods(rows, two_stages=two_stages)).set_index("image_id")
            rows = rows.set_index("image_id").loc[found.index].reset_index()
            columns = (found["suggested_label"], found["p_suggested"], found["p_target"])
            why = [f"rather {name}: {p:.0%} against {given:.0%}" for name, p, given in zip(*columns, strict=True)]
    return rows.assign(why=why)[list(INSPECTION_COLUMNS)].reset_index(drop=True)
