"""What an image costs under each imbalance strategy, by hand."""

import math

import numpy as np
import pytest

from wildcam.training.imbalance import class_weights, log_priors, loss_terms
from wildcam.training.recipe import ImbalanceStrategy, Recipe


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
