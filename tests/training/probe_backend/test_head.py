"""The linear head: what it learns, and what classes weigh."""

import numpy as np
import pytest

from wildcam.architectures.presets import find_preset
from wildcam.training.imbalance import class_weights
from wildcam.training.probe_backend.head import STRENGTHS, fit_path, sample_weights
from wildcam.training.recipe import ImbalanceStrategy

NONE = ImbalanceStrategy.NONE


@pytest.fixture
def clouds():
    """Three clouds of 30 points in 20 dimensions, and their classes."""
    random = np.random.default_rng(0)
    centres = random.normal(0, 3, (3, 20))
    targets = np.repeat([0, 1, 2], 30)
    return (centres[targets] + random.normal(0, 1, (90, 20))).astype(np.float32), targets


def test_each_strength_counts_as_an_epoch_of_the_preset():
    assert find_preset("probe").defaults["epochs"] == len(STRENGTHS)


def test_every_strength_gives_a_head_that_tells_the_classes_apart(clouds):
    features, targets = clouds
    heads = list(fit_path(features, targets, 3, NONE))
    assert len(heads) == len(STRENGTHS)
    probabilities = heads[-1].probabilities(features)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert (probabilities.argmax(axis=1) == targets).all()
    strong, weak = (np.abs(heads[k].weights).sum() for k in (0, -1))
    assert strong < weak  # the penalty holds the weights down


def test_two_classes_have_two_columns(clouds):
    features, targets = clouds[0][:60], clouds[1][:60]
    head = list(fit_path(features, targets, 2, NONE))[-1]
    assert head.weights.shape == (20, 2)
    assert (head.probabilities(features).argmax(axis=1) == targets).all()


def test_a_class_without_images_is_as_good_as_impossible(clouds):
    features, targets = clouds
    head = list(fit_path(features, np.where(targets == 1, 3, targets), 4, NONE))[-1]
    assert head.probabilities(features)[:, 1].max() < 1e-6


@pytest.mark.parametrize(
    ("strategy", "shares"),
    [
        (ImbalanceStrategy.NONE, [90, 9, 1]),
        (ImbalanceStrategy.BALANCED, [1, 1, 1]),
        (ImbalanceStrategy.SQUARE_ROOT, [90**0.5, 9**0.5, 1]),
    ],
)
def test_classes_count_in_the_shares_of_the_strategy(strategy, shares):
    counts = np.array([90, 9, 1])
    weighed = sample_weights(counts, strategy) * counts
    np.testing.assert_allclose(weighed / weighed.sum(), np.array(shares) / sum(shares), rtol=1e-5)
    assert weighed.sum() == pytest.approx(100, rel=1e-5)  # the loss keeps its size


def test_class_weights_are_those_of_the_other_frameworks():
    counts = np.array([90, 9, 1])
    np.testing.assert_array_equal(sample_weights(counts, ImbalanceStrategy.CLASS_WEIGHTS), class_weights(counts))


def test_logit_adjustment_raises_the_rare_class():
    random = np.random.default_rng(1)
    targets = np.repeat([0, 1], [95, 5])
    features = (random.normal(0, 1, (100, 5)) + 0.5 * targets[:, None]).astype(np.float32)
    plain, adjusted = (
        list(fit_path(features, targets, 2, strategy))[-1].probabilities(features)[:, 1].mean()
        for strategy in (NONE, ImbalanceStrategy.LOGIT_ADJUSTMENT)
    )
    assert adjusted > 3 * plain
