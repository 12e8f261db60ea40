"""The errors at each threshold on labelled images, so that an operating point can be chosen."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from wildcam.serving.card import EmptyCurve, SpeciesCurve

THRESHOLDS = np.arange(101) / 100
_DIGITS = 4


def empty_curve(p_empty: NDArray[np.float32], is_empty: NDArray[np.bool_]) -> EmptyCurve:
    """Of stage 1, from its probability of empty, (N,), and the ground truth, (N,).

    A class without images has no errors.
    """
    called = p_empty[:, None] >= THRESHOLDS  # (N, T)
    return EmptyCurve(
        images=len(p_empty), missed_animals=_shares(called[~is_empty]), retained_blanks=_shares(~called[is_empty])
    )


def species_curve(
    confidence: NDArray[np.float32], is_right: NDArray[np.bool_], unseen_confidence: NDArray[np.float32]
) -> SpeciesCurve:
    """Of stage 2, from the probability of the most likely species and whether it is the right one, (N,).

    `unseen_confidence`: the same of images of species left out of training, (M,). Where no image is named,
    the share of right answers counts as 1.
    """
    named = confidence[:, None] >= THRESHOLDS  # (N, T)
    right = (named & is_right[:, None]).sum(axis=0) / np.maximum(named.sum(axis=0), 1)
    return SpeciesCurve(
        images=len(confidence),
        named=_shares(named),
        correct=_rounded(np.where(named.any(axis=0), right, 1.0)),
        unseen_images=len(unseen_confidence),
        unseen_named=_shares(unseen_confidence[:, None] >= THRESHOLDS) if len(unseen_confidence) else (),
    )


def changed_answers(first: NDArray[np.float32], second: NDArray[np.float32], unknown_threshold: float = 0.0) -> float:
    """Share of images for which two ways give different classes, or only one gives a class.

    Probabilities, (N, C) each.
    """

    def answers(probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.where(probabilities.max(axis=1) >= unknown_threshold, probabilities.argmax(axis=1), -1)

    return float((answers(first) != answers(second)).mean())


def open_set_auroc(confidence: NDArray[np.float32], unseen_confidence: NDArray[np.float32]) -> float:
    """How often a known species has a higher confidence than one never seen, 0–1; 0.5 is chance.

    The score is the largest probability (Hendrycks and Gimpel 2017, arXiv:1610.02136). Both need an image.
    """
    known = np.concatenate([np.ones(len(confidence)), np.zeros(len(unseen_confidence))])
    return float(roc_auc_score(known, np.concatenate([confidence, unseen_confidence])))


def _shares(answers: NDArray[np.bool_]) -> tuple[float, ...]:
    """Share of the rows, at each threshold. (N, T) → T values; zeros of no rows."""
    return _rounded(answers.mean(axis=0) if len(answers) else np.zeros(len(THRESHOLDS)))


def _rounded(shares: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(share) for share in shares.round(_DIGITS))
