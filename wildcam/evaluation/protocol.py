"""How far a figure can be trusted: leakage from training, and the gap between known and new locations."""

from collections.abc import Sequence

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitSpec, Subset, make_split
from wildcam.evaluation.ground_truth import ground_truth_of
from wildcam.serving.card import ModelCard


def leakage_warning(cards: Sequence[ModelCard], dataset: Dataset, subset: str, spec: SplitSpec) -> str:
    """A sentence where training images may be in the subset ("" for the whole data set); else nothing."""
    trained_on_it = [card for card in cards if card.dataset == dataset.name]
    if not trained_on_it:
        return ""
    if subset in ("", Subset.TRAIN):
        return (
            "The models were trained on some of these photos, so the scores are optimistic. Evaluate on the subset "
            "val or test instead."
        )
    fingerprint = make_split(dataset.index, spec).fingerprint
    if any(card.split_fingerprint != fingerprint for card in trained_on_it):
        return (
            "The models were trained on another split of this data set, so training photos may be among these and the "
            "scores may be optimistic. Evaluate on the split that they were trained on."
        )
    return ""


def train_sizes(dataset: Dataset, subset: str, spec: SplitSpec) -> pd.Series:
    """Training images of each label, for head, middle and tail; of the whole data set where no subset is named."""
    rows = dataset.index
    if subset:
        subsets = make_split(dataset.index, spec).table.set_index("image_id")["subset"]
        rows = rows[rows["image_id"].map(subsets) == Subset.TRAIN]
    return ground_truth_of(rows, Task.ALL).value_counts()


def known_and_new_locations(cards: Sequence[ModelCard], names: Sequence[str]) -> pd.DataFrame:
    """From the cards: `model, score, id_val, val, difference`, where a model was measured on both.

    One view, one model alone.
    """
    rows = []
    for card, name in zip(cards, names, strict=False):  # of predictions read from a file no card is known
        scores = {(score.metric, score.subset): score.value for score in card.scores}
        for metric in ("accuracy", "balanced_accuracy", "macro_f1"):
            known, new = scores.get((metric, Subset.ID_VAL)), scores.get((metric, Subset.VAL))
            if known is not None and new is not None:
                rows.append({"model": name, "score": metric, "id_val": known, "val": new, "difference": known - new})
    return pd.DataFrame(rows, columns=["model", "score", "id_val", "val", "difference"])
