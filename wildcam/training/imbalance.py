"""What is done about rare classes, without a framework: how often each comes, and what its images weigh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildcam.training.inputs.batches import Positions, even_batches, shuffled
from wildcam.training.recipe import ImbalanceStrategy, Recipe

EFFECTIVE_NUMBER_BETA = 0.999
"""How much a further image of a class still adds (Cui et al. 2019, arXiv:1901.05555): after n images
1 - 0.999 ** n of what a class can show is seen. 0 would weigh all alike, 1 by the inverse of their number."""

FOCUS = 2.0
"""The exponent gamma of the focal loss that Lin et al. 2017 (arXiv:1708.02002) found best."""

_SHARE_EXPONENT = {ImbalanceStrategy.BALANCED: 0.0, ImbalanceStrategy.SQUARE_ROOT: 0.5}
_ORDER_STREAM = 1  # beside the stream of `shuffled`


@dataclass(frozen=True)
class LossTerms:
    """All that turns the cross-entropy of C classes into the recipe's loss; both frameworks compute it alike.

    With the shares y of an image's classes, probabilities p = softmax(logits + `log_priors`), v = y · `weights`
    and q = (1 - `smoothing`) v + `smoothing` · sum(v) / C, an image costs sum(q · (1 - p) ** `focus` · -log p),
    a batch the mean of its images.
    """

    weights: NDArray[np.float32]  # (C,)
    log_priors: NDArray[np.float32]  # (C,)
    focus: float
    smoothing: float


def loss_terms(recipe: Recipe, targets: NDArray[np.int64], classes: int) -> LossTerms:
    """The recipe's loss for a train side of these targets, int64, (N,)."""
    counts, imbalance_strategy = count_classes(targets, classes), recipe.imbalance_strategy
    return LossTerms(
        weights=class_weights(counts)
        if imbalance_strategy is ImbalanceStrategy.CLASS_WEIGHTS
        else np.ones(classes, np.float32),
        log_priors=log_priors(counts)
        if imbalance_strategy is ImbalanceStrategy.LOGIT_ADJUSTMENT
        else np.zeros(classes, np.float32),
        focus=FOCUS if imbalance_strategy is ImbalanceStrategy.FOCAL else 0.0,
        smoothing=recipe.label_smoothing,
    )


def count_classes(targets: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Images of each class. int64, (C,)"""
    return np.bincount(targets, minlength=classes)


def class_weights(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """What an image of each class weighs, (C,): the inverse of the class's effective number (Cui et al. 2019).

    Scaled so that the mean over all images is one, and the loss of the size that it has without weights. A
    class without images weighs as if it had one.
    """
    weights = 1 / (1 - EFFECTIVE_NUMBER_BETA ** np.maximum(counts, 1))
    return (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)


def log_priors(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logarithm of each class's share of the images, (C,) (Menon et al. 2021, arXiv:2007.07314, with tau = 1).

    A class without images counts as if it had one.
    """
    return np.log(np.maximum(counts, 1) / counts.sum()).astype(np.float32)


def sample_epoch(recipe: Recipe, targets: NDArray[np.int64], epoch: int) -> list[Positions]:
    """The batches of an epoch, from 1: positions of their images."""
    return even_batches(epoch_order(recipe.imbalance_strategy, targets, recipe.seed, epoch), recipe.batch_size)


def epoch_order(imbalance_strategy: ImbalanceStrategy, targets: NDArray[np.int64], seed: int, epoch: int) -> Positions:
    """Positions of the images of an epoch, (N,): as many as there are, whatever the remedy.

    Depends on nothing but the arguments, so a resumed run sees the same. Where a remedy chooses, a class comes in
    proportion to a power of its size, and none of its images comes again before all have come.
    """
    if imbalance_strategy not in _SHARE_EXPONENT:
        return shuffled(len(targets), seed, epoch)
    random = np.random.default_rng((seed, epoch, _ORDER_STREAM))
    members = [np.flatnonzero(targets == position) for position in np.unique(targets)]
    shares = np.array([len(own) for own in members]) ** _SHARE_EXPONENT[imbalance_strategy]
    quotas = _quotas(len(targets) * shares / shares.sum(), random.random())
    chosen = [_take(own, quota, random) for own, quota in zip(members, quotas, strict=True)]
    return random.permutation(np.concatenate(chosen))


def _quotas(expected: NDArray[np.float64], offset: float) -> NDArray[np.int64]:
    """Whole numbers with the sum and, over offsets from 0 to 1, the means of the expected ones."""
    ends = np.cumsum([0.0, *expected])
    ends[-1] = round(ends[-1])  # rounding errors must not lose an image
    stops = np.floor(ends + offset).astype(np.int64)
    return stops[1:] - stops[:-1]


def _take(own: Positions, quota: int, random: np.random.Generator) -> Positions:
    rounds, rest = divmod(int(quota), len(own))
    return np.concatenate([*[own] * rounds, random.permutation(own)[:rest]])
