"""What the labels of a data set say that images show, and predictions beside it."""

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.choice import Choice
from wildcam.data.catalog import Dataset
from wildcam.data.labels import LabelRole
from wildcam.errors import DataError
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

SCORED_COLUMNS = (
    "image_id",
    "path",
    "location",  # "" where unknown
    "sequence_id",
    "taken_at",
    "camera",
    "utc_offset",
    "ground_truth",  # a species, or `empty`; of stage 1 alone `animal` or `empty`
    "second_species",  # what the photo shows beside it; "" where it shows nothing else
    "label",  # the verdict: a species, `animal`, `empty`, `unknown` or `failed`
    "confidence",
    "agreement",
    "views",
    "p_empty",
    "top_labels",
    "top_probabilities",
    "outcome",  # Outcome
)


class Outcome(Choice):
    """What became of an image; each but the first names the source of the error."""

    CORRECT = "correct", "Correct"
    MISSED_ANIMAL = "missed_animal", "Missed animal"  # stage 1 called an animal empty
    RETAINED_BLANK = "retained_blank", "Retained blank"  # stage 1 called an empty image an animal
    SECOND_SPECIES = "second_species", "Second species of the photo"  # it is there too, and is not the one that counts
    WRONG_SPECIES = "wrong_species", "Wrong species"  # stage 2
    NOT_IDENTIFIED = "not_identified", "Not identified"  # an animal, and stage 2 abstained
    FAILED = "failed", "Failed to read"


IN_THE_PHOTO = (Outcome.CORRECT, Outcome.SECOND_SPECIES)
"""The verdict is something that the photo shows: no confusion, and nothing to review."""


def ground_truth_of(index: pd.DataFrame, task: Task) -> pd.Series:
    """What each row of a catalog's table (`label`, `role`) shows, in the classes of a task; object, (N,).

    `empty` for every label with that role, whatever the source calls it; where the task is stage 1's, `animal` for
    every species. Missing where the image takes no part in the task: without a label, with one that is neither animal
    nor empty, and empty images where only species are told apart.
    """
    roles = [LabelRole.ANIMAL] if task is Task.SPECIES else [LabelRole.ANIMAL, LabelRole.EMPTY]
    shown = index["label"].astype(object).where(index["role"] != LabelRole.EMPTY, EMPTY)
    if task is Task.EMPTY:
        shown = shown.where(shown == EMPTY, ANIMAL)
    return shown.where(index["label"].notna() & index["role"].isin(roles))


def ground_truth_of_images(image_ids: pd.Series, dataset: Dataset, task: Task) -> pd.Series:
    """The ground truth of images by their ids, in the classes of a batch of this task; "" where unknown."""
    known = ground_truth_of(dataset.index, task)
    return image_ids.map(known.set_axis(dataset.index["image_id"])).astype(object).fillna("")


def second_species_of_images(image_ids: pd.Series, dataset: Dataset, task: Task) -> pd.Series:
    """The second label of images where it names an animal, by their ids; "" where there is none."""
    if task is Task.EMPTY:
        return pd.Series("", index=image_ids.index, dtype=object)
    read = dataset.info.labels.read(dataset.index["second_label"])
    known = read["label"].astype(object).where(read["role"] == LabelRole.ANIMAL)
    return image_ids.map(known.set_axis(dataset.index["image_id"])).astype(object).fillna("")


def score_predictions(table: pd.DataFrame, dataset: Dataset, task: Task = Task.ALL) -> pd.DataFrame:
    """`SCORED_COLUMNS` of the predictions whose images have a ground truth. Raises `DataError` where none has."""
    ground_truth = ground_truth_of_images(table["image_id"], dataset, task)
    scored = table[ground_truth != ""].assign(ground_truth=ground_truth[ground_truth != ""])
    if scored.empty:
        raise DataError(
            f"Data set {dataset.name!r} has no label that counts for any of these photos: an evaluation needs labels. "
            "Check how its labels are read (Explore, Species, Labels)."
        )
    scored["second_species"] = second_species_of_images(scored["image_id"], dataset, task)
    scored["outcome"] = list(map(outcome, scored["ground_truth"], scored["label"], scored["second_species"]))
    return scored[list(SCORED_COLUMNS)].reset_index(drop=True)


def outcome(ground_truth: str, label: str, second_species: str = "") -> Outcome:
    """From what an image shows, the verdict on it, and what else it shows ("" for nothing)."""
    if label == FAILED:
        return Outcome.FAILED
    if ground_truth == EMPTY:
        return Outcome.CORRECT if label == EMPTY else Outcome.RETAINED_BLANK
    if label == EMPTY:
        return Outcome.MISSED_ANIMAL
    if label == UNKNOWN:
        return Outcome.NOT_IDENTIFIED
    if label == ground_truth:
        return Outcome.CORRECT
    return Outcome.SECOND_SPECIES if second_species and label == second_species else Outcome.WRONG_SPECIES
