"""Labels that a person should look at again, by confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068) with cleanlab.

A class is believed of an image where it is as likely as it is on average for the images that carry its label. Where
the likeliest class that is believed is not the label, the label is suspected. They are ranked by the margin between the two.
"""

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray

SUSPECT_COLUMNS = ("image_id", "path", "location", "ground_truth", "suggested_label", "p_target", "p_suggested")


def suspected_labels(scored: pd.DataFrame, likely: pd.Series) -> pd.DataFrame:
    """`SUSPECT_COLUMNS`, the most suspected first. `likely`: `likelihood.likelihoods` of the same rows.

    Of images that the model did not learn from: of those that it did, it repeats the label.
    """
    classes = pd.Index(sorted(scored["ground_truth"].unique()))
    if len(classes) < 2:
        return pd.DataFrame(columns=list(SUSPECT_COLUMNS))
    probabilities = _probabilities(likely, classes)
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


def _probabilities(likely: pd.Series, classes: pd.Index) -> NDArray[np.float32]:
    """Of these classes, (N, C), rows sum to 1: what no class is said to have is spread over those not mentioned."""
    table = np.full((len(likely), len(classes)), np.nan, np.float32)
    position = {name: k for k, name in enumerate(classes)}
    for row, of in zip(table, likely, strict=True):
        for name in of.keys() & position.keys():
            row[position[name]] = of[name]
    silent = np.isnan(table)
    rest = np.maximum(1 - np.nansum(table, axis=1), 1e-6) / np.maximum(silent.sum(axis=1), 1)
    table = np.where(silent, rest[:, None], table)
    return table / table.sum(axis=1, keepdims=True)
