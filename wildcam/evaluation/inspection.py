"""Which photographs are worth a look, the most telling first."""

from enum import StrEnum

import pandas as pd

from wildcam.evaluation.label_errors import suspected_labels
from wildcam.evaluation.likelihood import likelihoods
from wildcam.evaluation.truth import NOT_READ, RIGHT

INSPECTION_COLUMNS = ("image_id", "path", "location", "truth", "label", "confidence", "why")


class Worth(StrEnum):
    """Why a photograph is worth a look."""

    SURE_AND_WRONG = "sure and wrong"
    HARDEST = "hardest"
    DISAGREEING = "views disagree"
    LABEL = "label in doubt"


def inspect(judged: pd.DataFrame, worth: Worth, *, two_stages: bool) -> pd.DataFrame:
    """`INSPECTION_COLUMNS`, the most telling first; `why` is a sentence. From a table of `truth.JUDGED_COLUMNS`."""
    rows = judged[judged["outcome"] != NOT_READ]
    match worth:
        case Worth.SURE_AND_WRONG:
            rows = rows[rows["outcome"] != RIGHT].sort_values("confidence", ascending=False, kind="stable")
            why = [
                f"{share:.0%} sure of {label}" for share, label in zip(rows["confidence"], rows["label"], strict=True)
            ]
        case Worth.HARDEST:
            likely = likelihoods(rows, two_stages=two_stages)
            p = pd.Series([of.get(name, 0.0) for of, name in zip(likely, rows["truth"], strict=True)], index=rows.index)
            rows = rows.loc[p.sort_values(kind="stable").index]
            why = [f"{share:.0%} for {name}" for share, name in zip(p[rows.index], rows["truth"], strict=True)]
        case Worth.DISAGREEING:
            rows = rows[(rows["views"] > 1) & (rows["agreement"] < rows["views"])]
            rows = rows.loc[(rows["agreement"] / rows["views"]).sort_values(kind="stable").index]
            columns = (rows["agreement"], rows["views"], rows["label"])
            why = [f"{agree} of {votes} say {label}" for agree, votes, label in zip(*columns, strict=True)]
        case Worth.LABEL:
            found = suspected_labels(rows, likelihoods(rows, two_stages=two_stages)).set_index("image_id")
            rows = rows.set_index("image_id").loc[found.index].reset_index()
            columns = (found["rather"], found["p_rather"], found["p_truth"])
            why = [f"rather {name}: {p:.0%} against {given:.0%}" for name, p, given in zip(*columns, strict=True)]
    return rows.assign(why=why)[list(INSPECTION_COLUMNS)].reset_index(drop=True)
