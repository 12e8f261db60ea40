"""Scores of cross-validated answers, with intervals by the bootstrap over the groups that were left out."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap
from wildcam.serving import knowledge
from wildcam.serving.knowledge import Estimate, GroupScore


def stage_1_scores(
    p_empty: NDArray[np.float32], is_empty: NDArray[np.bool_], groups: NDArray[np.str_], threshold: float
) -> tuple[list[Estimate], list[GroupScore]]:
    """Of empty against animal, (N,) each; also the AUC of each group that has both."""
    of_groups = [
        GroupScore(
            group=str(group),
            images=int(mine.sum()),
            metric=knowledge.AUC,
            value=float(roc_auc_score(is_empty[mine], p_empty[mine])),
        )
        for group, mine in _each(groups)
        if 0 < is_empty[mine].sum() < mine.sum()
    ]
    estimates = []
    if of_groups:
        names = pd.Series([score.group for score in of_groups])
        auc = LocationBootstrap(names).mean(np.array([score.value for score in of_groups]))
        estimates.append(_estimate(knowledge.AUC, auc, sum(score.images for score in of_groups)))
    for metric, chosen, right in (
        (knowledge.RECALL_EMPTY, is_empty, p_empty >= threshold),
        (knowledge.RECALL_ANIMAL, ~is_empty, p_empty < threshold),
    ):
        estimates += _mean(metric, right[chosen], groups[chosen])
    return estimates, of_groups


def species_scores(
    probabilities: NDArray[np.float32],
    targets: NDArray[np.int64],
    groups: NDArray[np.str_],
    unseen_confidence: NDArray[np.float32],
    unseen_groups: NDArray[np.str_],
    threshold: float,
) -> tuple[list[Estimate], list[GroupScore]]:
    """Of species. `probabilities`: of the images of known species, (N, C); `unseen_confidence`: of the others, (M,)."""
    if not len(targets):
        return [], []
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right, named = predicted == targets, confidence >= threshold
    f1 = LocationBootstrap(pd.Series(groups)).macro_f1(targets, predicted, probabilities.shape[1])
    estimates = [
        *_mean(knowledge.ACCURACY, right, groups),
        _estimate(knowledge.MACRO_F1, f1, len(targets)),
        *_mean(knowledge.NAMED, named, groups),
        *_mean(knowledge.NAMED_CORRECT, right[named], groups[named]),
        *_mean(knowledge.UNSEEN_NAMED, unseen_confidence >= threshold, unseen_groups),
    ]
    of_groups = [
        GroupScore(group=str(group), images=int(mine.sum()), metric=knowledge.ACCURACY, value=float(right[mine].mean()))
        for group, mine in _each(groups)
    ]
    return estimates, of_groups


def _each(groups: NDArray[np.str_]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for group in np.unique(groups):
        yield str(group), groups == group


def _mean(metric: str, right: NDArray[np.bool_], groups: NDArray[np.str_]) -> list[Estimate]:
    """None where there is nothing to take the mean of."""
    if not len(right):
        return []
    return [_estimate(metric, LocationBootstrap(pd.Series(groups)).mean(right.astype(np.float64)), len(right))]


def _estimate(metric: str, found: BootstrapEstimate, images: int) -> Estimate:
    interval = found.interval
    return Estimate(
        metric=metric,
        value=round(interval.value, 4),
        low=round(interval.low, 4),
        high=round(interval.high, 4),
        images=images,
    )
