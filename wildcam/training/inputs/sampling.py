"""Which images an epoch shows and in which order, cut into batches: the same for either framework."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from wildcam.training.recipe import ImbalanceStrategy, Recipe

Positions = NDArray[np.int64]

_SHARE_EXPONENT = {ImbalanceStrategy.BALANCED: 0.0, ImbalanceStrategy.SQUARE_ROOT: 0.5}
_ORDER_STREAM = 1  # beside the stream of `shuffled`


def sample_epoch(recipe: Recipe, targets: NDArray[np.int64], epoch: int) -> list[Positions]:
    """The batches of an epoch: positions of their images. Epochs count from 1."""
    return even_batches(epoch_order(recipe.imbalance_strategy, targets, recipe.seed, epoch), recipe.batch_size)


def epoch_order(imbalance_strategy: ImbalanceStrategy, targets: NDArray[np.int64], seed: int, epoch: int) -> Positions:
    """Positions of the images of an epoch, (N,): as many as there are, whatever the strategy.

    Depends on nothing but the arguments, so a resumed run sees the same. Where a strategy resamples, a class comes
    in proportion to a power of its size, and none of its images comes again before all have come.
    """
    if imbalance_strategy not in _SHARE_EXPONENT:
        return shuffled(len(targets), seed, epoch)
    random = np.random.default_rng((seed, epoch, _ORDER_STREAM))
    members = [np.flatnonzero(targets == position) for position in np.unique(targets)]
    shares = np.array([len(own) for own in members]) ** _SHARE_EXPONENT[imbalance_strategy]
    quotas = _quotas(len(targets) * shares / shares.sum(), random.random())
    sampled = [_take(own, quota, random) for own, quota in zip(members, quotas, strict=True)]
    return random.permutation(np.concatenate(sampled))


def shuffled(count: int, seed: int, epoch: int) -> Positions:
    """Every image once, (N,): the order depends on seed and epoch only, so a resumed run sees the same."""
    return np.random.default_rng((seed, epoch)).permutation(count)


def even_batches(positions: Positions, batch_size: int) -> list[Positions]:
    """Cut into batches as equal in size as can be; none has a single image, which batch normalisation refuses.

    So that this holds, batches of two may grow to three.
    """
    steps = min(ceil(len(positions) / batch_size), len(positions) // 2)
    return np.array_split(positions, max(steps, 1))


def _quotas(expected: NDArray[np.float64], offset: float) -> NDArray[np.int64]:
    """Whole numbers with the sum and, over offsets from 0 to 1, the means of the expected ones."""
    ends = np.cumsum([0.0, *expected])
    ends[-1] = round(ends[-1])  # rounding errors must not lose an image
    stops = np.floor(ends + offset).astype(np.int64)
    return stops[1:] - stops[:-1]


def _take(own: Positions, quota: int, random: np.random.Generator) -> Positions:
    rounds, rest = divmod(int(quota), len(own))
    return np.concatenate([*[own] * rounds, random.permutation(own)[:rest]])
