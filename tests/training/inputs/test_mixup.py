import numpy as np

from wildcam.training.inputs.mixup import blend, mix, one_hot

GREYS = np.array([0, 100, 201], np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)


def test_pixels_and_classes_are_blended_in_the_same_shares():
    own, partners = np.array([0.75, 1.0, 0.5], np.float32), np.array([1, 0, 0])
    images, shares = blend(GREYS, one_hot(np.array([0, 1, 2]), 4), own, partners)
    assert images.dtype == np.uint8
    assert images[:, 0, 0, 0].tolist() == [25, 100, 100]  # 100.5 is rounded to even
    np.testing.assert_array_equal(shares, [[0.75, 0.25, 0, 0], [0, 1, 0, 0], [0.5, 0, 0.5, 0]])


def test_the_larger_share_is_an_images_own_and_a_draw_repeats_itself():
    shares = np.eye(3, dtype=np.float32)
    images, mixed = mix(GREYS, shares, 0.4, (1, 2, 3))
    assert mixed.dtype == np.float32
    np.testing.assert_allclose(mixed.sum(axis=1), 1)
    assert mixed.argmax(axis=1).tolist() == [0, 1, 2]
    again, _ = mix(GREYS, shares, 0.4, (1, 2, 3))
    other, _ = mix(GREYS, shares, 0.4, (1, 2, 4))
    assert (images == again).all()
    assert (images != other).any()
