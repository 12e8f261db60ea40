"""The linear head of a probe: multinomial logistic regression with an L2 penalty, along a path of strengths."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from wildcam.training.imbalance import class_weights, log_priors
from wildcam.training.recipe import ImbalanceStrategy

STRENGTHS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""scikit-learn's C: the inverse of the penalty's strength, from the strongest penalty to the weakest. A factor of three
in either direction changes little."""

MOST_STEPS = 300
TOLERANCE = 1e-3  # of the gradient: ten times smaller changes no answer and takes three times as long

_ABSENT = -30.0
"""Logit of a class that a fold never saw: as good as impossible, but finite."""


@dataclass(frozen=True)
class LinearHead:
    """Logits of features: `features @ weights + bias`."""

    weights: NDArray[np.float32]  # (F, C)
    bias: NDArray[np.float32]  # (C,)

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, F) → (N, C), rows sum to 1."""
        logits = features @ self.weights + self.bias
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), np.float32)


def fit_path(
    features: NDArray[np.float32],
    targets: NDArray[np.int64],
    classes: int,
    strategy: ImbalanceStrategy,
    strengths: Sequence[float] = STRENGTHS,
    shares: NDArray[np.float32] | None = None,
) -> Iterator[LinearHead]:
    """A head for each strength, each fit begun from the last. `features`: (N, F), finite; `targets`: (N,).

    `shares`: what each image counts beside the weight of its class, (N,); alike where none are given.
    """
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled, basis = _in_own_space((features - mean) / deviation)
    counts = np.bincount(targets, minlength=classes)
    weights = sample_weights(counts, strategy)[targets]
    if shares is not None:
        weights = weights * shares * len(shares) / shares.sum()
    model = LogisticRegression(max_iter=MOST_STEPS, tol=TOLERANCE, warm_start=True)
    for strength in strengths:
        model.set_params(C=strength)
        with warnings.catch_warnings(), single_threaded():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a weak penalty may take more steps than it is worth
            model.fit(scaled, targets, sample_weight=weights)
        head = _spread(model, classes, basis)
        if strategy is ImbalanceStrategy.LOGIT_ADJUSTMENT:  # post hoc (Menon et al. 2021, section 4.1)
            head = LinearHead(head.weights, np.where(counts > 0, head.bias - log_priors(counts), head.bias))
        yield _unscaled(head, mean, deviation)


def single_threaded() -> AbstractContextManager[Any]:
    """Linear algebra in one thread.

    The products of a fit are small: on two busy cores, threads that wait for each other made a fit of 2 s one of 43 s.
    """
    return threadpool_limits(limits=1, user_api="blas")


def sample_weights(counts: NDArray[np.int64], strategy: ImbalanceStrategy) -> NDArray[np.float32]:
    """What an image of each class weighs, (C,); the mean over all images is one.

    A sampling strategy of other backends becomes the weights that it amounts to on average.
    """
    filled = np.maximum(counts, 1)
    if strategy is ImbalanceStrategy.CLASS_WEIGHTS:
        return class_weights(counts)
    exponent = {ImbalanceStrategy.BALANCED: 1.0, ImbalanceStrategy.SQUARE_ROOT: 0.5}.get(strategy, 0.0)
    weights = filled**-exponent
    return np.asarray(weights * counts.sum() / (weights * counts).sum(), np.float32)


def _in_own_space(scaled: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Fewer images than features lie in a space of their own: the same fit there costs a fraction.

    The penalty is the same in any orthonormal basis. Returns the images in it, (N, N), and the basis, (F, N); the
    images as they are and None where that would gain nothing.
    """
    if scaled.shape[0] >= scaled.shape[1]:
        return scaled, None
    basis, _ = np.linalg.qr(scaled.T)  # (F, N)
    return np.ascontiguousarray(scaled @ basis), basis


def _spread(model: LogisticRegression, classes: int, basis: NDArray[np.float32] | None) -> LinearHead:
    """The fitted model in the space of the features, with a column for every class, those never seen included."""
    coefficients, intercept, seen = model.coef_, model.intercept_, model.classes_
    if len(seen) == 2:  # one column for two classes: half of it for either
        coefficients, intercept = np.concatenate([-coefficients, coefficients]) / 2, np.r_[-intercept, intercept] / 2
    if basis is not None:
        coefficients = coefficients @ basis.T
    weights = np.zeros((coefficients.shape[1], classes), np.float32)
    bias = np.full(classes, _ABSENT, np.float32)
    weights[:, seen], bias[seen] = coefficients.T, intercept
    return LinearHead(weights, bias)


def _unscaled(head: LinearHead, mean: NDArray[np.float32], deviation: NDArray[np.float32]) -> LinearHead:
    """The same head for features that are not standardised."""
    weights = head.weights / deviation[:, None]
    return LinearHead(weights.astype(np.float32), (head.bias - mean @ weights).astype(np.float32))
