"""The map shows where a model looks that looks at one corner only."""

import numpy as np
import pytest

from wildcam.errors import UsageError
from wildcam.serving.heat import overlay
from wildcam.serving.occlusion import occlusion_map

SIDE = 64


def image() -> np.ndarray:
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    pixels[8:24, 40:56] = 255
    return pixels


def rests_on_the_white_square(images: np.ndarray) -> np.ndarray:
    white = images[:, 8:24, 40:56].mean(axis=(1, 2, 3)) / 255
    return np.stack([white, 1 - white], axis=1).astype(np.float32)


def test_the_heat_lies_where_the_answer_comes_from() -> None:
    heat = occlusion_map(rests_on_the_white_square, image(), 0)
    assert (heat.shape, heat.dtype) == ((SIDE, SIDE), np.float32)
    assert 0 <= heat.min() <= heat.max() <= 1
    top, left = np.unravel_index(heat.argmax(), heat.shape)
    assert 4 <= top <= 28
    assert 36 <= left <= 60
    assert heat[40:, :24].max() < 0.05


def test_the_heat_is_centred_on_the_pixels_that_matter() -> None:
    heat = occlusion_map(rests_on_the_white_square, image(), 0)
    places = np.indices(heat.shape)
    assert (places * heat).sum(axis=(1, 2)) / heat.sum() == pytest.approx((15.5, 47.5), abs=1.5)


def test_another_answer_rests_on_nothing_there() -> None:
    assert not occlusion_map(rests_on_the_white_square, image(), 1).any()


def test_a_model_that_ignores_the_image_has_no_map() -> None:
    assert not occlusion_map(lambda images: np.full((len(images), 2), 0.5, np.float32), image(), 0).any()


def test_the_image_shines_through_its_heat() -> None:
    shown = overlay(image(), occlusion_map(rests_on_the_white_square, image(), 0))
    assert (shown.shape, shown.dtype) == ((SIDE, SIDE, 3), np.uint8)
    assert shown[16, 48].mean() > shown[48, 8].mean()


def test_an_image_that_is_not_square_is_refused() -> None:
    with pytest.raises(UsageError, match="expected a square one"):
        occlusion_map(rests_on_the_white_square, np.zeros((4, 8, 3), np.uint8), 0)
