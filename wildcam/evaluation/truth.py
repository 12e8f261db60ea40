"""Predictions beside what their data set says that the photographs show."""

import pandas as pd

from wildcam.data.catalog import Dataset
from wildcam.data.labels import LabelRole
from wildcam.errors import DataError
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.question import Question
from wildcam.serving.two_stage import FAILED, UNKNOWN

JUDGED_COLUMNS = (
    "image_id", "path", "location", "sequence_id", "taken_at",
    "truth",  # a species, or `empty`; of stage 1 alone `animal` or `empty`
    "label",  # the verdict: a species, `animal`, `empty`, `unknown` or `failed`
    "confidence", "agreement", "views", "p_empty", "top_labels", "top_probabilities",
    "outcome",  # OUTCOMES
)  # fmt: skip

RIGHT = "right"
LOST = "animal lost"  # stage 1 called an animal empty
KEPT = "empty kept"  # stage 1 called an empty photograph an animal
WRONG = "wrong species"  # stage 2
ABSTAINED = "not named"  # an animal, and stage 2 left it open
NOT_READ = "failed"
OUTCOMES = (RIGHT, LOST, KEPT, WRONG, ABSTAINED, NOT_READ)
"""What became of a photograph; each but the first names where the error comes from."""


def judge(table: pd.DataFrame, dataset: Dataset, question: Question = Question.BOTH) -> pd.DataFrame:
    """`JUDGED_COLUMNS` of the predictions whose photograph the data set labels as an animal or as empty.

    Of models that only name species those with animals. Raises `DataError` where it labels none of them.
    """
    roles = [LabelRole.ANIMAL] if question is Question.SPECIES else [LabelRole.ANIMAL, LabelRole.EMPTY]
    index = dataset.index.set_index("image_id")
    known = index[index["label"].notna() & index["role"].isin(roles)]
    judged = table[table["image_id"].isin(known.index)].copy()
    if judged.empty:
        raise DataError(
            f"Data set {dataset.name!r} labels none of these photographs: there is nothing to judge them by."
        )
    rows = known.loc[judged["image_id"]]
    shown = what_is_shown(rows)
    judged["truth"] = (shown if question is not Question.EMPTY else shown.where(shown == EMPTY, ANIMAL)).to_numpy()
    judged["outcome"] = list(map(outcome, judged["truth"], judged["label"]))
    return judged[list(JUDGED_COLUMNS)].reset_index(drop=True)


def what_is_shown(rows: pd.DataFrame) -> pd.Series:
    """The label of labelled rows of a catalog's table, `empty` for whatever the data set calls an empty photograph."""
    return rows["label"].astype("str").where(rows["role"] != LabelRole.EMPTY, EMPTY)


def outcome(truth: str, label: str) -> str:
    """One of `OUTCOMES`, from what a photograph shows and the verdict on it."""
    if label == FAILED:
        return NOT_READ
    if truth == EMPTY:
        return RIGHT if label == EMPTY else KEPT
    if label == EMPTY:
        return LOST
    if label == UNKNOWN:
        return ABSTAINED
    return RIGHT if label == truth else WRONG
