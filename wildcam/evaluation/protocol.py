"""Whether a figure may be believed: had training seen these images, and how do known and new cameras differ?"""

from collections.abc import Sequence

import pandas as pd

from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitSpec, Subset, make_split
from wildcam.evaluation.ground_truth import ground_truth_of
from wildcam.serving.card import ModelCard


def what_training_saw(cards: Sequence[ModelCard], dataset: Dataset, subset: str, spec: SplitSpec) -> str:
    """A sentence where images of training may be among those of this side ("" for all of the data set); else nothing."""
    learned = [card for card in cards if card.dataset == dataset.name]
    if not learned:
        return ""
    if subset in ("", Subset.TRAIN):
        return "The models learned from photos that are among these: the figures flatter. Choose the side val or test."
    fingerprint = make_split(dataset.index, spec).fingerprint
    if any(card.split_fingerprint != fingerprint for card in learned):
        return (
            "The models learned by another split of this data set, so photos of their training may be among these: "
            "the figures may flatter. Choose the split that they were trained by."
        )
    return ""


def train_sizes(dataset: Dataset, subset: str, spec: SplitSpec) -> pd.Series:
    """Images of each label on the train side, on which head, middle and tail rest; of all of it where no side is named."""
    rows = dataset.index[dataset.index["label"].notna()]
    if subset:
        subsets = make_split(dataset.index, spec).table.set_index("image_id")["subset"]
        rows = rows[rows["image_id"].map(subsets) == Subset.TRAIN]
    return ground_truth_of(rows).value_counts()


def known_and_new_locations(cards: Sequence[ModelCard], names: Sequence[str]) -> pd.DataFrame:
    """From the cards: `model, score, id_val, val, difference`, where a model was measured on both. One view, one model alone."""
    rows = []
    for card, name in zip(cards, names, strict=False):  # of predictions read from a file no card is known
        scores = {(score.metric, score.subset): score.value for score in card.scores}
        for metric in ("accuracy", "balanced_accuracy", "macro_f1"):
            known, new = scores.get((metric, Subset.ID_VAL)), scores.get((metric, Subset.VAL))
            if known is not None and new is not None:
                rows.append({"model": name, "score": metric, "id_val": known, "val": new, "difference": known - new})
    return pd.DataFrame(rows, columns=["model", "score", "id_val", "val", "difference"])
