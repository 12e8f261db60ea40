import time

import numpy as np
import pytest
from PIL import Image

from wildcam.errors import DataError, ImageError
from wildcam.training.inputs.batches import BATCHES_AHEAD, Reader, in_order
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.trainer import Examples

SIDE = 32


@pytest.fixture
def examples(tmp_path):
    """Image number k is all of brightness 10 k; classes 0 0 0 0 1 1 1 1 2."""
    paths = [tmp_path / f"{number}.png" for number in range(9)]
    for number, path in enumerate(paths):
        Image.new("RGB", (SIDE, SIDE), (10 * number,) * 3).save(path)
    return Examples(ImageSet(paths, SIDE), np.array([0, 0, 0, 0, 1, 1, 1, 1, 2]))


def damage(tmp_path, *numbers):
    for number in numbers:
        (tmp_path / f"{number}.png").write_bytes(b"not an image")


def numbers_of(images):
    return (images[:, 5, 5, 0] // 10).tolist()


def test_a_batch_has_its_images_in_their_order_with_their_targets(examples):
    images, targets = Reader(examples).read(np.array([7, 0, 3, 3]))
    assert (images.dtype, images.shape) == (np.uint8, (4, SIDE, SIDE, 3))
    assert numbers_of(images) == [7, 0, 3, 3]
    assert targets.tolist() == [1, 0, 0, 0]


def test_a_damaged_image_is_replaced_by_the_next_of_its_class_every_time(examples, tmp_path, capsys):
    damage(tmp_path, 1, 3, 6)
    for _ in range(2):
        images, targets = Reader(examples).read(np.array([0, 1, 2, 3, 6]))
        assert numbers_of(images) == [0, 2, 2, 0, 7]
        assert targets.tolist() == [0, 0, 0, 0, 1]
    assert capsys.readouterr().out.count("left out, unreadable") == 3
    assert np.flatnonzero(examples.images.damaged()).tolist() == [1, 3, 6]


def test_where_a_class_has_no_other_the_replacement_brings_its_own_target(examples, tmp_path):
    damage(tmp_path, 8)
    images, targets = Reader(examples).read(np.array([8]))
    assert (numbers_of(images), targets.tolist()) == ([0], [0])


def test_a_list_without_a_single_image_is_refused(examples, tmp_path):
    damage(tmp_path, *range(9))
    with pytest.raises(DataError, match=r"None of 9 photos can be read.*4\.png is not a photo"):
        Reader(examples).read(np.array([4]))


def test_a_file_that_vanished_has_no_replacement(examples, tmp_path):
    (tmp_path / "3.png").unlink()
    with pytest.raises(ImageError, match=r"3\.png is missing"):
        Reader(examples).read(np.array([0, 3]))


def test_batches_are_read_ahead_of_their_use(examples):
    begun = []
    read = examples.images.read

    def note(index, image):
        begun.append(index)
        read(index, image)

    examples.images.read = note
    batches = [np.array([number]) for number in range(9)]
    coming = Reader(examples).ahead(batches)
    first, _ = next(coming)
    deadline = time.monotonic() + 5
    while len(begun) <= BATCHES_AHEAD and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sorted(begun) == list(range(1 + BATCHES_AHEAD))
    assert numbers_of(first) == [0]
    assert [numbers_of(images) for images, _ in coming] == [[number] for number in range(1, 9)]


def test_all_come_in_their_order_for_validation(examples):
    assert sum(map(numbers_of, in_order(examples, batch_size=4)), []) == list(range(9))
