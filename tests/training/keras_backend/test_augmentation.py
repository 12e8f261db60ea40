import keras
import numpy as np
import pytest

from wildcam.augmentation import Augmentation
from wildcam.training.keras_backend.augmentation import augmentation_layers, for_training

pytestmark = pytest.mark.slow

NOTHING = Augmentation(flip=False)
EVERYTHING = Augmentation(rotation_degrees=10, zoom=0.1, brightness=0.1, contrast=0.1)
SIDE = 32


@pytest.fixture(scope="module")
def images():
    """Eight times the same image: dark on the left, bright on the right. uint8, (8, 32, 32, 3)."""
    ramp = np.linspace(60, 180, SIDE).astype(np.uint8)
    return np.broadcast_to(ramp[None, None, :, None], (8, SIDE, SIDE, 3)).copy()


def images_of(augmentation, images, *, training):
    """What a network behind the augmentation would see. float32, (N, S, S, 3)."""
    augmented = keras.Input((SIDE, SIDE, 3))
    model = for_training(keras.Model(augmented, augmented + 0), augmentation)
    keras.utils.set_random_seed(0)
    return np.array(model(images, training=training))


@pytest.mark.parametrize(("augmentation", "training"), [(EVERYTHING, False), (NOTHING, True)])
def test_images_pass_as_they_are_outside_training_and_without_ranges(augmentation, training, images):
    np.testing.assert_array_equal(images_of(augmentation, images, training=training), images)


def test_each_image_is_changed_on_its_own_and_stays_within_0_to_255(images):
    seen = images_of(EVERYTHING, images, training=True)
    assert len({image.tobytes() for image in seen}) == len(images)
    assert seen.min() >= 0
    assert seen.max() <= 255


@pytest.mark.parametrize(
    ("augmentation", "lowest", "highest"),
    [
        (Augmentation(flip=False, brightness=0.1), 10.0, 25.6),  # of the full scale of 255
        (Augmentation(flip=False, contrast=0.1), 1.0, 6.1),  # of the distance from the mean, 60 at most
        (Augmentation(flip=False, zoom=0.1), 1.0, 12.0),
        (Augmentation(flip=False, rotation_degrees=10), 1.0, 25.0),
        (Augmentation(), 115.0, 120.0),  # a flip
    ],
)
def test_a_range_is_the_most_that_an_image_changes(augmentation, lowest, highest, images):
    assert len(augmentation_layers(augmentation)) == 1
    change = np.abs(images_of(augmentation, images, training=True) - images).max()
    assert lowest <= change <= highest
