import numpy as np
import pytest
from PIL import Image

from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.model_evaluation import decodable
from wildcam.training.trainer import Examples


@pytest.fixture
def examples(tmp_path):
    """Image number k is all of brightness 10 k, of class k and called by its number."""
    paths = [tmp_path / f"{number}.png" for number in range(8)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (10 * number,) * 3).save(path)
    groups = tuple(f"camera {number}" for number in range(8))
    return Examples(ImageSet(paths, 32), np.arange(8), tuple(map(str, range(8))), groups)


def test_a_sample_keeps_images_classes_and_ids_together_and_repeats_itself(examples):
    sample = examples.sample(5, seed=1)
    brightness = sample.images.batch(range(5))[:, 0, 0, 0]
    assert brightness.tolist() == (10 * sample.targets).tolist()
    assert list(map(int, sample.image_ids)) == sample.targets.tolist() == sorted(set(sample.targets))
    assert examples.sample(5, seed=1).image_ids == sample.image_ids
    assert len({examples.sample(5, seed=seed).image_ids for seed in range(9)}) > 1


def test_a_sample_of_more_than_all_is_all(examples):
    assert examples.sample(9, seed=1) is examples


def test_what_can_be_decoded_keeps_its_groups(examples, tmp_path):
    (tmp_path / "3.png").write_bytes(b"torn")
    kept = decodable(examples)
    assert kept.targets.tolist() == [0, 1, 2, 4, 5, 6, 7]
    assert kept.groups == tuple(f"camera {k}" for k in kept.targets)
    assert kept.image_ids == tuple(map(str, kept.targets))
