"""How often a class comes in an epoch, by hand."""

import numpy as np
import pytest

from wildcam.training.inputs.sampling import epoch_order, even_batches, shuffled
from wildcam.training.recipe import ImbalanceStrategy


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
            np.bincount(targets[epoch_order(ImbalanceStrategy.SQUARE_ROOT, targets, 0, epoch)], minlength=3)
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


def test_strategies_of_the_loss_leave_the_order_as_it_is():
    targets = targets_of(9, 4, 1)
    for imbalance_strategy in (
        ImbalanceStrategy.NONE,
        ImbalanceStrategy.CLASS_WEIGHTS,
        ImbalanceStrategy.FOCAL,
        ImbalanceStrategy.LOGIT_ADJUSTMENT,
    ):
        assert (epoch_order(imbalance_strategy, targets, 2, 7) == shuffled(14, 2, 7)).all()


def test_batches_are_as_equal_in_size_as_can_be_and_none_has_a_single_image():
    assert [len(part) for part in even_batches(np.arange(9), 4)] == [3, 3, 3]
    assert [len(part) for part in even_batches(np.arange(5), 2)] == [3, 2]
