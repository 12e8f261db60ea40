import numpy as np
import pytest
from PIL import Image

from wildcam.errors import ImageError
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.keras_backend.batches import Batches
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples

pytestmark = pytest.mark.slow


@pytest.fixture
def examples(tmp_path):
    """Image number k is all of brightness 10 k, and of class k."""
    paths = [tmp_path / f"{number}.png" for number in range(11)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (10 * number,) * 3).save(path)
    return Examples(ImageSet(paths, 32), np.arange(11))


def batches_of(examples, *, sigmoid=False, **changes):
    recipe = Recipe.of("greys", "efficientnet_b0", **{"batch_size": 4, "seed": 1, **changes})
    return Batches(examples, recipe, classes=11, sigmoid=sigmoid)


def test_every_epoch_deals_every_image_once_in_an_order_of_its_own(examples):
    batches = batches_of(examples)
    orders = []
    for epoch in (1, 2, 1):
        batches.start_epoch(epoch)
        parts = [batches[step] for step in range(len(batches))]
        assert all((images[:, 5, 5, 0] == 10 * targets).all() for images, targets in parts)
        assert [len(targets) for _, targets in parts] == [4, 4, 3]
        orders.append(np.concatenate([targets for _, targets in parts]).tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(11))
    assert orders[0] == orders[2] != orders[1]


def test_targets_of_a_sigmoid_are_a_column_of_floats(examples):
    images, targets = batches_of(examples, sigmoid=True)[0]
    assert (images.dtype, images.shape) == (np.uint8, (4, 32, 32, 3))
    assert (targets.dtype, targets.shape) == (np.float32, (4, 1))


@pytest.mark.parametrize("sigmoid", [True, False])
def test_targets_of_another_loss_are_shares_of_the_classes(examples, sigmoid):
    images, shares = batches_of(examples, sigmoid=sigmoid, imbalance_strategy="focal")[0]
    assert (shares.dtype, shares.shape) == (np.float32, (4, 11))
    assert (images[:, 5, 5, 0] == 10 * shares.argmax(axis=1)).all()
    assert (shares.max(axis=1) == 1).all()


def test_mixup_blends_pixels_and_classes_alike_and_repeats_itself(examples):
    batches = batches_of(examples, mixup=1.0)
    images, shares = batches[1]
    assert ((shares > 0) & (shares < 1)).any()
    np.testing.assert_allclose(images[:, 5, 5, 0], 10 * shares @ np.arange(11), atol=0.51)
    assert (batches[1][0] == images).all()
    batches.start_epoch(2)
    assert (batches[1][0] != images).any()


def test_a_strategy_that_chooses_fills_the_epoch_anew(examples):
    rare = Examples(examples.images, np.array([0] * 10 + [1]))
    batches = batches_of(rare, imbalance_strategy="balanced")
    assert len(batches) == 3
    counts = np.bincount(np.concatenate([batches[step][1] for step in range(3)]))
    assert sorted(counts.tolist()) == [5, 6]


def test_an_unreadable_image_is_remembered_as_the_failure(examples, tmp_path):
    (tmp_path / "3.png").unlink()
    batches = batches_of(examples, batch_size=11)
    assert batches.failure is None
    with pytest.raises(ImageError, match=r"3\.png is missing"):
        batches[0]
    assert "3.png" in str(batches.failure)
