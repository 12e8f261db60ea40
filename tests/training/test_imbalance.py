"""How often a class comes, and what its images weigh, by hand."""

import math

import numpy as np
import pytest

from wildcam.training.imbalance import class_weights, count_classes, epoch_order, log_priors, loss_terms
from wildcam.training.inputs.batches import shuffled
from wildcam.training.recipe import ImbalanceStrategy, Recipe


def targets_of(*sizes: int) -> np.ndarray:
    return np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes))


def comings(targets: np.ndarray, order: np.ndarray) -> list[list[int]]:
    """For each class, how often each of its images comes, the most frequent first."""
    times = np.bincount(order, minlength=len(targets))
    return [sorted(times[targets == position].tolist(), reverse=True) for position in np.unique(targets)]


def test_every_class_comes_equally_often_when_balanced_and_its_images_take_turns():
    targets = targets_of(9, 2, 1)  # 12 images, 4 for each class
    order = epoch_order(ImbalanceStrategy.BALANCED, targets, seed=3, epoch=1)
    assert len(order) == 12
    assert comings(targets, order) == [[1, 1, 1, 1, 0, 0, 0, 0, 0], [2, 2], [4]]


def test_a_class_comes_by_the_root_of_its_size():
    targets = targets_of(9, 4, 1)  # roots 3, 2, 1 of 6: 7, 4 2/3 and 2 1/3 of 14 images
    counts = np.array(
        [
            count_classes(targets[epoch_order(ImbalanceStrategy.SQUARE_ROOT, targets, 0, epoch)], 3)
            for epoch in range(1, 301)
        ]
    )
    assert (counts.sum(axis=1) == 14).all()
    assert {tuple(row) for row in counts} <= {(7, 5, 2), (7, 4, 3)}
    np.testing.assert_allclose(counts.mean(axis=0), [7, 14 / 3, 7 / 3], atol=0.1)


@pytest.mark.parametrize("imbalance_strategy", [ImbalanceStrategy.BALANCED, ImbalanceStrategy.SQUARE_ROOT])
def test_the_order_follows_from_seed_and_epoch_alone(imbalance_strategy):
    targets = targets_of(9, 4, 1)

    def order(seed, epoch):
        return epoch_order(imbalance_strategy, targets, seed, epoch).tolist()

    assert order(1, 5) == order(1, 5)
    assert order(1, 5) != order(1, 6)
    assert order(1, 5) != order(2, 5)


def test_a_class_that_has_no_images_never_comes():
    targets = targets_of(3, 0, 1)
    assert sorted(targets[epoch_order(ImbalanceStrategy.BALANCED, targets, 0, 1)].tolist()) == [0, 0, 2, 2]


def test_remedies_of_the_loss_leave_the_order_as_it_is():
    targets = targets_of(9, 4, 1)
    for imbalance_strategy in (
        ImbalanceStrategy.NONE,
        ImbalanceStrategy.CLASS_WEIGHTS,
        ImbalanceStrategy.FOCAL,
        ImbalanceStrategy.LOGIT_ADJUSTMENT,
    ):
        assert (epoch_order(imbalance_strategy, targets, 2, 7) == shuffled(14, 2, 7)).all()


def test_images_weigh_by_the_effective_number_of_their_class_and_one_in_the_mean():
    # 1 and 3 images have the effective numbers 1 and 1 + 0.999 + 0.999²; 4 images weigh 4.
    ratio = 1 + 0.999 + 0.999**2
    np.testing.assert_allclose(class_weights(np.array([1, 3])), [4 * ratio / (ratio + 3), 4 / (ratio + 3)], rtol=1e-6)
    counts = np.array([74_000, 900, 50, 1, 0])
    weights = class_weights(counts)
    assert (weights * counts).sum() == pytest.approx(counts.sum(), rel=1e-5)
    assert weights[3] == weights[4] == pytest.approx(1000 * weights[0], rel=1e-3)  # beta bounds the ratio


def test_priors_are_the_shares_of_the_images():
    np.testing.assert_allclose(log_priors(np.array([6, 2, 0])), np.log([6 / 8, 2 / 8, 1 / 8]), rtol=1e-6)


@pytest.mark.parametrize("imbalance_strategy", ImbalanceStrategy)
def test_a_strategy_sets_its_own_term_of_the_loss_only(imbalance_strategy):
    recipe = Recipe.of("cards", "efficientnet_b0", imbalance_strategy=imbalance_strategy, label_smoothing=0.1)
    terms = loss_terms(recipe, np.array([0, 0, 0, 1]), 2)
    assert (terms.weights[1] > terms.weights[0]) == (imbalance_strategy is ImbalanceStrategy.CLASS_WEIGHTS)
    adjusted = imbalance_strategy is ImbalanceStrategy.LOGIT_ADJUSTMENT
    np.testing.assert_allclose(terms.log_priors, [math.log(3 / 4), math.log(1 / 4)] if adjusted else [0, 0], rtol=1e-6)
    assert (terms.focus, terms.smoothing) == (2.0 if imbalance_strategy is ImbalanceStrategy.FOCAL else 0.0, 0.1)
