"""Predictions beside what their data set says that the images show."""

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset
from wildcam.data.labels import LabelRole
from wildcam.errors import DataError
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

SCORED_COLUMNS = (
    "image_id",
    "path",
    "location",
    "sequence_id",
    "taken_at",
    "ground_truth",  # a species, or `empty`; of stage 1 alone `animal` or `empty`
    "label",  # the verdict: a species, `animal`, `empty`, `unknown` or `failed`
    "confidence",
    "agreement",
    "views",
    "p_empty",
    "top_labels",
    "top_probabilities",
    "outcome",  # OUTCOMES
)

RIGHT = "right"
MISSED_ANIMAL = "animal lost"  # stage 1 called an animal empty
RETAINED_BLANK = "empty kept"  # stage 1 called an empty image an animal
WRONG = "wrong species"  # stage 2
ABSTAINED = "not named"  # an animal, and stage 2 left it open
NOT_READ = "failed"
OUTCOMES = (RIGHT, MISSED_ANIMAL, RETAINED_BLANK, WRONG, ABSTAINED, NOT_READ)
"""What became of an image; each but the first names where the error comes from."""


def score_predictions(table: pd.DataFrame, dataset: Dataset, task: Task = Task.ALL) -> pd.DataFrame:
    """`SCORED_COLUMNS` of the predictions whose image the data set labels as an animal or as empty.

    Of models that only name species those with animals. Raises `DataError` where it labels none of them.
    """
    roles = [LabelRole.ANIMAL] if task is Task.SPECIES else [LabelRole.ANIMAL, LabelRole.EMPTY]
    index = dataset.index.set_index("image_id")
    known = index[index["label"].notna() & index["role"].isin(roles)]
    scored = table[table["image_id"].isin(known.index)].copy()
    if scored.empty:
        raise DataError(f"Data set {dataset.name!r} labels none of these photos: there is nothing to judge them by.")
    rows = known.loc[scored["image_id"]]
    shown = ground_truth_of(rows)
    scored["ground_truth"] = (shown if task is not Task.EMPTY else shown.where(shown == EMPTY, ANIMAL)).to_numpy()
    scored["outcome"] = list(map(outcome, scored["ground_truth"], scored["label"]))
    return scored[list(SCORED_COLUMNS)].reset_index(drop=True)


def ground_truth_of(rows: pd.DataFrame) -> pd.Series:
    """The label of labelled rows of a catalog's table, `empty` for whatever the data set calls an empty image."""
    return rows["label"].astype("str").where(rows["role"] != LabelRole.EMPTY, EMPTY)


def outcome(ground_truth: str, label: str) -> str:
    """One of `OUTCOMES`, from what an image shows and the verdict on it."""
    if label == FAILED:
        return NOT_READ
    if ground_truth == EMPTY:
        return RIGHT if label == EMPTY else RETAINED_BLANK
    if label == EMPTY:
        return MISSED_ANIMAL
    if label == UNKNOWN:
        return ABSTAINED
    return RIGHT if label == ground_truth else WRONG
