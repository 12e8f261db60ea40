"""Stage 1 as a filter of empty images: missed animals and saved work at each threshold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from wildcam.evaluation.operating import THRESHOLDS
from wildcam.serving.card import EMPTY

LIMITS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1)
"""Shares of missed animals that may be acceptable."""

_MOST_POINTS = 500  # of a drawn curve


@dataclass(frozen=True)
class EmptyFilter:
    """Of images with a probability of empty; an animal is the positive class. Shares are 0–1."""

    images: int
    auroc: float
    average_precision: float
    roc: pd.DataFrame  # threshold, retained_blanks, animal_recall
    precision_recall: pd.DataFrame  # threshold, precision, recall
    costs: pd.DataFrame  # threshold, missed_animals, saved: of all images, those that need no review


def empty_filter(scored: pd.DataFrame) -> EmptyFilter | None:
    """From `ground_truth.SCORED_COLUMNS`, by scikit-learn; None where one class or every probability is missing."""
    rows = scored[scored["p_empty"].notna()]
    has_animal, p_empty = (rows["ground_truth"] != EMPTY).to_numpy(), rows["p_empty"].to_numpy(float)
    if not 0 < has_animal.sum() < len(rows):
        return None
    retained, recall_at, roc_at = roc_curve(has_animal, 1 - p_empty)
    precision, recall, at = precision_recall_curve(has_animal, 1 - p_empty)
    called = p_empty[:, None] >= THRESHOLDS  # (N, T)
    return EmptyFilter(
        images=len(rows),
        auroc=float(roc_auc_score(has_animal, 1 - p_empty)),
        average_precision=float(average_precision_score(has_animal, 1 - p_empty)),
        roc=_thin(threshold=1 - roc_at, retained_blanks=retained, animal_recall=recall_at),
        precision_recall=_thin(threshold=1 - np.append(at, 1.0), precision=precision, recall=recall),
        costs=pd.DataFrame(
            {"threshold": THRESHOLDS, "missed_animals": called[has_animal].mean(axis=0), "saved": called.mean(axis=0)}
        ),
    )


def operating_points(costs: pd.DataFrame) -> pd.DataFrame:
    """The lowest threshold for each of `LIMITS` on missed animals: `limit, threshold, missed_animals, saved`."""
    rows = [
        {"limit": limit, **costs[costs["missed_animals"] <= limit].iloc[0]}
        for limit in LIMITS
        if (costs["missed_animals"] <= limit).any()
    ]
    return pd.DataFrame(rows, columns=["limit", "threshold", "missed_animals", "saved"])


def _thin(**columns: np.ndarray) -> pd.DataFrame:
    """A table of so many rows as a chart can show, the ends among them."""
    table = pd.DataFrame(columns)
    if len(table) <= _MOST_POINTS:
        return table
    return table.iloc[np.linspace(0, len(table) - 1, _MOST_POINTS).round().astype(int)].reset_index(drop=True)
