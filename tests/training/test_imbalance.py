"""How often a class comes, and what its photographs weigh, by hand."""

import math

import numpy as np
import pytest

from wildcam.training.batches import shuffled
from wildcam.training.imbalance import class_weights, count_classes, epoch_order, log_priors, loss_terms
from wildcam.training.recipe import Recipe, Remedy


def targets_of(*sizes: int) -> np.ndarray:
    return np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes))


def comings(targets: np.ndarray, order: np.ndarray) -> list[list[int]]:
    """For each class, how often each of its photographs comes, the most frequent first."""
    times = np.bincount(order, minlength=len(targets))
    return [sorted(times[targets == position].tolist(), reverse=True) for position in np.unique(targets)]


def test_every_class_comes_equally_often_when_balanced_and_its_photographs_take_turns():
    targets = targets_of(9, 2, 1)  # 12 photographs, 4 for each class
    order = epoch_order(Remedy.BALANCED, targets, seed=3, epoch=1)
    assert len(order) == 12
    assert comings(targets, order) == [[1, 1, 1, 1, 0, 0, 0, 0, 0], [2, 2], [4]]


def test_a_class_comes_by_the_root_of_its_size():
    targets = targets_of(9, 4, 1)  # roots 3, 2, 1 of 6: 7, 4 2/3 and 2 1/3 of 14 photographs
    counts = np.array(
        [count_classes(targets[epoch_order(Remedy.SQUARE_ROOT, targets, 0, epoch)], 3) for epoch in range(1, 301)]
    )
    assert (counts.sum(axis=1) == 14).all()
    assert {tuple(row) for row in counts} <= {(7, 5, 2), (7, 4, 3)}
    np.testing.assert_allclose(counts.mean(axis=0), [7, 14 / 3, 7 / 3], atol=0.1)


@pytest.mark.parametrize("remedy", [Remedy.BALANCED, Remedy.SQUARE_ROOT])
def test_the_order_follows_from_seed_and_epoch_alone(remedy):
    targets = targets_of(9, 4, 1)

    def order(seed, epoch):
        return epoch_order(remedy, targets, seed, epoch).tolist()

    assert order(1, 5) == order(1, 5)
    assert order(1, 5) != order(1, 6)
    assert order(1, 5) != order(2, 5)


def test_a_class_that_has_no_photographs_never_comes():
    targets = targets_of(3, 0, 1)
    assert sorted(targets[epoch_order(Remedy.BALANCED, targets, 0, 1)].tolist()) == [0, 0, 2, 2]


def test_remedies_of_the_loss_leave_the_order_as_it_is():
    targets = targets_of(9, 4, 1)
    for remedy in (Remedy.NONE, Remedy.CLASS_WEIGHTS, Remedy.FOCAL, Remedy.LOGIT_ADJUSTMENT):
        assert (epoch_order(remedy, targets, 2, 7) == shuffled(14, 2, 7)).all()


def test_photographs_weigh_by_the_effective_number_of_their_class_and_one_in_the_mean():
    # 1 and 3 photographs have the effective numbers 1 and 1 + 0.999 + 0.999²; 4 photographs weigh 4.
    ratio = 1 + 0.999 + 0.999**2
    np.testing.assert_allclose(class_weights(np.array([1, 3])), [4 * ratio / (ratio + 3), 4 / (ratio + 3)], rtol=1e-6)
    counts = np.array([74_000, 900, 50, 1, 0])
    weights = class_weights(counts)
    assert (weights * counts).sum() == pytest.approx(counts.sum(), rel=1e-5)
    assert weights[3] == weights[4] == pytest.approx(1000 * weights[0], rel=1e-3)  # beta bounds the ratio


def test_priors_are_the_shares_of_the_photographs():
    np.testing.assert_allclose(log_priors(np.array([6, 2, 0])), np.log([6 / 8, 2 / 8, 1 / 8]), rtol=1e-6)


@pytest.mark.parametrize("remedy", Remedy)
def test_a_remedy_sets_its_own_term_of_the_loss_only(remedy):
    recipe = Recipe.of("cards", "efficientnet_b0", remedy=remedy, label_smoothing=0.1)
    terms = loss_terms(recipe, np.array([0, 0, 0, 1]), 2)
    assert (terms.weights[1] > terms.weights[0]) == (remedy is Remedy.CLASS_WEIGHTS)
    adjusted = remedy is Remedy.LOGIT_ADJUSTMENT
    np.testing.assert_allclose(terms.log_priors, [math.log(3 / 4), math.log(1 / 4)] if adjusted else [0, 0], rtol=1e-6)
    assert (terms.focus, terms.smoothing) == (2.0 if remedy is Remedy.FOCAL else 0.0, 0.1)
