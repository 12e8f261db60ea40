"""Predictions beside what their data set says that the photographs show."""

import pandas as pd

from wildcam.data.catalog import Dataset
from wildcam.data.labels import LabelRole
from wildcam.errors import DataError
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

JUDGED_COLUMNS = (
    "image_id", "location", "taken_at",
    "truth",  # a species, or `empty`
    "label",  # the verdict: a species, `empty`, `unknown` or `failed`
    "confidence", "p_empty", "top_labels",
    "outcome",  # Outcome
)  # fmt: skip

RIGHT = "right"
LOST = "animal lost"  # stage 1 called an animal empty
KEPT = "empty kept"  # stage 1 called an empty photograph an animal
WRONG = "wrong species"  # stage 2
ABSTAINED = "not named"  # an animal, and stage 2 left it open
NOT_READ = "failed"
OUTCOMES = (RIGHT, LOST, KEPT, WRONG, ABSTAINED, NOT_READ)
"""What became of a photograph; each but the first names where the error comes from."""


def judge(table: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """`JUDGED_COLUMNS` of the predictions whose photograph the data set labels as an animal or as empty.

    Raises `DataError` where it labels none of them.
    """
    index = dataset.index.set_index("image_id")
    known = index[index["label"].notna() & index["role"].isin([LabelRole.ANIMAL, LabelRole.EMPTY])]
    judged = table[table["image_id"].isin(known.index)].copy()
    if judged.empty:
        raise DataError(
            f"Data set {dataset.name!r} labels none of these photographs: there is nothing to judge them by."
        )
    rows = known.loc[judged["image_id"]]
    judged["truth"] = rows["label"].astype("str").where(rows["role"] != LabelRole.EMPTY, EMPTY).to_numpy()
    judged["outcome"] = [_outcome(row.truth, row.label) for row in judged.itertuples()]
    return judged[list(JUDGED_COLUMNS)].reset_index(drop=True)


def _outcome(truth: str, label: str) -> str:
    if label == FAILED:
        return NOT_READ
    if truth == EMPTY:
        return RIGHT if label == EMPTY else KEPT
    if label == EMPTY:
        return LOST
    if label == UNKNOWN:
        return ABSTAINED
    return RIGHT if label == truth else WRONG
