import numpy as np
import pytest
from PIL import Image

from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.trainer import Examples


@pytest.fixture
def examples(tmp_path):
    """Image number k is all of brightness 10 k, of class k and called by its number."""
    paths = [tmp_path / f"{number}.png" for number in range(8)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (10 * number,) * 3).save(path)
    return Examples(ImageSet(paths, 32), np.arange(8), tuple(map(str, range(8))))


def test_a_sample_keeps_images_classes_and_ids_together_and_repeats_itself(examples):
    sample = examples.sample(5, seed=1)
    brightness = sample.images.batch(range(5))[:, 0, 0, 0]
    assert brightness.tolist() == (10 * sample.targets).tolist()
    assert list(map(int, sample.image_ids)) == sample.targets.tolist() == sorted(set(sample.targets))
    assert examples.sample(5, seed=1).image_ids == sample.image_ids
    assert len({examples.sample(5, seed=seed).image_ids for seed in range(9)}) > 1


def test_a_sample_of_more_than_all_is_all(examples):
    assert examples.sample(9, seed=1) is examples
