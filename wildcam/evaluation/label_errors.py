"""Labels that a person should review, by confident learning (Northcutt et al. 2021, arXiv:1911.00068) with cleanlab.

A class is confident for an image where it is as probable as it is on average for the images with that label. Where
the most probable confident class is not the label, the label is suspected. They are ranked by the margin between both.
"""

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray

SUSPECT_COLUMNS = ("image_id", "path", "location", "ground_truth", "suggested_label", "p_target", "p_suggested")


def suspected_labels(scored: pd.DataFrame, by_class: pd.Series) -> pd.DataFrame:
    """`SUSPECT_COLUMNS`, the most suspected first. `by_class`: `inspection.class_probabilities` of the same rows.

    Of images that the model was not trained on: for those that it was, it repeats the label.
    """
    classes = pd.Index(sorted(scored["ground_truth"].unique()))
    if len(classes) < 2:
        return pd.DataFrame(columns=list(SUSPECT_COLUMNS))
    probabilities = _probabilities(by_class, classes)
    labels = classes.get_indexer(scored["ground_truth"])
    found = find_label_issues(
        labels, probabilities, filter_by="confident_learning", return_indices_ranked_by="normalized_margin", n_jobs=1
    )
    best = probabilities[found].argmax(axis=1)
    rows = scored.iloc[found][["image_id", "path", "location", "ground_truth"]].reset_index(drop=True)
    return rows.assign(
        suggested_label=classes[best],
        p_target=probabilities[found, labels[found]],
        p_suggested=probabilities[found, best],
    )[list(SUSPECT_COLUMNS)]


def _probabilities(by_class: pd.Series, classes: pd.Index) -> NDArray[np.float32]:
    """Of these classes, (N, C), rows sum to 1: what is left is spread over the classes without a probability."""
    table = np.full((len(by_class), len(classes)), np.nan, np.float32)
    position = {name: k for k, name in enumerate(classes)}
    for row, of in zip(table, by_class, strict=True):
        for name in of.keys() & position.keys():
            row[position[name]] = of[name]
    missing = np.isnan(table)
    rest = np.maximum(1 - np.nansum(table, axis=1), 1e-6) / np.maximum(missing.sum(axis=1), 1)
    table = np.where(missing, rest[:, None], table)
    return table / table.sum(axis=1, keepdims=True)
