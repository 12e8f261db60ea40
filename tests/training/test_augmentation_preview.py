"""What training's transforms make of an image, shown without a framework."""

import dataclasses

import numpy as np
import pytest

from wildcam.architectures.presets import Framework
from wildcam.augmentation import FASTAI_SHARE, Augmentation
from wildcam.serving.tta import View
from wildcam.training.augmentation_preview import draw_training_views

RANGES = Augmentation(rotation_degrees=10, zoom=0.1, brightness=0.2, contrast=0.3, warp=0.2)


def drawn(framework: Framework, augmentation: Augmentation = RANGES) -> dict[str, np.ndarray]:
    views = draw_training_views(augmentation, framework, 2000, seed=1)
    return {field.name: np.array([getattr(view, field.name) for view in views]) for field in dataclasses.fields(View)}


def test_draws_fill_their_ranges_and_half_are_mirrored() -> None:
    values = drawn(Framework.KERAS)
    assert values["flipped"].mean() == pytest.approx(0.5, abs=0.05)
    for name, centre, reach in (
        ("rotation_degrees", 0, 10),
        ("zoom", 1, 0.1),
        ("brightness", 0, 0.2),
        ("contrast", 1, 0.3),
        ("warp_x", 0, 0.2),
    ):
        away = np.abs(values[name] - centre)
        assert 0.98 * reach < away.max() <= reach
        assert away.mean() == pytest.approx(reach / 2, rel=0.05)


def test_fastai_leaves_out_each_kind_of_change_now_and_then() -> None:
    turned = drawn(Framework.FASTAI)["rotation_degrees"] != 0
    assert turned.mean() == pytest.approx(FASTAI_SHARE, abs=0.04)
    assert (drawn(Framework.KERAS)["rotation_degrees"] != 0).all()


def test_what_is_switched_off_is_never_drawn_and_a_seed_repeats_itself() -> None:
    nothing = Augmentation(flip=False)
    assert set(draw_training_views(nothing, Framework.KERAS, 5)) == {View()}
    assert draw_training_views(RANGES, Framework.KERAS, 3, seed=4) == draw_training_views(
        RANGES, Framework.KERAS, 3, seed=4
    )
    assert draw_training_views(RANGES, Framework.KERAS, 3, seed=4) != draw_training_views(
        RANGES, Framework.KERAS, 3, seed=5
    )
