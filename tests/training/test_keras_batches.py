import numpy as np
import pytest
from PIL import Image

from wildcam.errors import PhotographError
from wildcam.training.keras_batches import Batches
from wildcam.training.photographs import Photographs
from wildcam.training.trainer import Examples

pytestmark = pytest.mark.slow


@pytest.fixture
def examples(tmp_path):
    """Photograph number k is all of brightness 10 k, and of class k."""
    paths = [tmp_path / f"{number}.png" for number in range(11)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (10 * number,) * 3).save(path)
    return Examples(Photographs(paths, 32), np.arange(11))


def test_every_epoch_deals_every_photograph_once_in_an_order_of_its_own(examples):
    batches = Batches(examples, batch_size=4, seed=1, sigmoid=False)
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
    images, targets = Batches(examples, batch_size=4, seed=1, sigmoid=True)[0]
    assert (images.dtype, images.shape) == (np.uint8, (4, 32, 32, 3))
    assert (targets.dtype, targets.shape) == (np.float32, (4, 1))


def test_an_unreadable_photograph_is_remembered_as_the_failure(examples, tmp_path):
    (tmp_path / "3.png").unlink()
    batches = Batches(examples, batch_size=11, seed=1, sigmoid=False)
    assert batches.failure is None
    with pytest.raises(PhotographError, match=r"3\.png is missing"):
        batches[0]
    assert "3.png" in str(batches.failure)
