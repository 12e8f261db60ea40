"""Which images of a data set take no part in a run, and why: with those that do, they are all of the data set."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wildcam.counting import counted
from wildcam.data.catalog import Status
from wildcam.data.labels import LabelRole
from wildcam.evaluation.ground_truth import ground_truth_of
from wildcam.training.recipe import Recipe


def left_out_of(
    index: pd.DataFrame, recipe: Recipe, in_split: pd.Series, used: pd.Series, classes: tuple[str, ...]
) -> dict[str, int]:
    """Images by reason, the most frequent first; each image counts for the first reason that applies.

    `index`: the catalog. `in_split`, `used`: image ids of a split and of the selection. `classes`: those that are
    trained.
    """
    rest = index[~index["image_id"].isin(used)]
    target = ground_truth_of(rest, recipe.task)
    reasons = {
        "file missing or damaged": rest["status"] != Status.OK,
        "no label": rest["label"].isna(),
        "empty, and only species are told apart": target.isna() & (rest["role"] == LabelRole.EMPTY),
        "label that is neither an animal nor empty": target.isna(),
        "in no subset of the split": ~rest["image_id"].isin(in_split),
        "class with too few training photos, or held out": ~target.isin(classes),
    }
    not_drawn = f"not among those drawn for training, at most {recipe.max_train_images:,}"
    found = np.select([mask.to_numpy(bool) for mask in reasons.values()], list(reasons), not_drawn)
    return {str(reason): int(images) for reason, images in pd.Series(found).value_counts().items()}


def describe_left_out(used: int, left_out: Mapping[str, int]) -> str:
    """The sum in one sentence."""
    total = used + sum(left_out.values())
    if not left_out:
        return f"All {counted(total, 'photo')} of the data set take part."
    reasons = "; ".join(f"{images:,} ({reason})" for reason, images in left_out.items())
    return f"{used:,} of {counted(total, 'photo')} take part. Left out: {reasons}."
