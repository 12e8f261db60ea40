"""Cross-validation of a head: a fold never sees its own groups, nor the classes that are left out."""

import numpy as np
import pytest

from wildcam.training.probe_backend.cross_validation import HeadSpec, cross_validate, on_unseen_classes
from wildcam.training.probe_backend.head import STRENGTHS
from wildcam.training.recipe import ImbalanceStrategy

NONE = ImbalanceStrategy.NONE


def spec_of(features, targets, groups, **changes):
    return HeadSpec(
        features.astype(np.float32), targets, np.asarray(groups, object), int(targets.max()) + 1, NONE, **changes
    )


@pytest.fixture
def clouds():
    """Three clouds of 30 points in 20 dimensions, and their classes."""
    random = np.random.default_rng(0)
    centres = random.normal(0, 3, (3, 20))
    targets = np.repeat([0, 1, 2], 30)
    return centres[targets] + random.normal(0, 1, (90, 20)), targets


def test_a_fold_never_sees_the_groups_that_it_answers_for():
    """Each location has its own background, and one class: only a head that saw the location knows its answer."""
    random = np.random.default_rng(2)
    locations = np.repeat(np.arange(12), 8)
    features = random.normal(0, 1, (12, 200))[locations] + random.normal(0, 0.01, (96, 200))
    targets = random.permutation(np.repeat([0, 1], 6))[locations]
    grouped = cross_validate(spec_of(features, targets, locations), 3, seed=0).probabilities[-1]
    single = cross_validate(spec_of(features, targets, np.zeros(96, int)), 3, seed=0).probabilities[-1]
    assert (single.argmax(axis=1) == targets).mean() > 0.95  # neighbours of the same location leak
    assert (grouped.argmax(axis=1) == targets).mean() < 0.8


def test_every_image_is_held_out_once(clouds):
    features, targets = clouds
    held_out = cross_validate(spec_of(features, targets, np.arange(90) // 3), 3, seed=0)
    assert held_out.probabilities.shape == (len(STRENGTHS), 90, 3)
    assert held_out.known.all()
    np.testing.assert_allclose(held_out.probabilities.sum(axis=2), 1, rtol=1e-5)


def test_an_image_of_a_class_that_only_its_group_has_is_not_known(clouds):
    features, targets = clouds
    groups = np.where(targets == 2, "lake", np.where(np.arange(90) % 2, "wood", "hill"))
    held_out = cross_validate(spec_of(features, targets, groups), 10, seed=0)  # each group by itself
    np.testing.assert_array_equal(held_out.known, targets != 2)
    assert held_out.probabilities[-1, targets == 2, 2].max() < 1e-6


def test_an_unseen_class_is_never_the_answer(clouds):
    features, targets = clouds
    answers = on_unseen_classes(spec_of(features, targets, np.arange(90) // 3), 0.1, np.array([1, 2]), 3, seed=0)
    assert np.isnan(answers[targets == 0]).all()  # not among those left out
    for left_out in (1, 2):
        rows = answers[targets == left_out]
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-5)
        assert rows[:, left_out].max() < 1e-6


def test_a_large_group_counts_by_the_square_root_of_its_size():
    """Two groups contradict each other: the large one still wins, but by less."""
    random = np.random.default_rng(3)
    groups = np.repeat(["large", "small"], [400, 25])
    targets = random.integers(0, 2, 425)
    signal = np.where(groups == "large", 1, -1) * (2 * targets - 1)
    features = np.stack([signal + random.normal(0, 1, 425)], axis=1)
    weights = [
        spec_of(features, targets, groups, balance_groups=balance).fit(np.arange(425), (1.0,))[0].weights[0, 1]
        for balance in (False, True)
    ]
    assert 0 < weights[1] < 0.9 * weights[0]


def test_what_asks_to_stop_ends_the_folds(clouds):
    features, targets = clouds

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        cross_validate(spec_of(features, targets, np.arange(90) // 3), 3, 0, stop)
