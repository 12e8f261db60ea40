import numpy as np
import pytest

from wildcam.augmentation import Augmentation
from wildcam.errors import UsageError
from wildcam.serving.tta import View, ViewSet, apply_view, make_views

STRONG = Augmentation(rotation_degrees=45, zoom=0.5, brightness=0.5, contrast=0.5, warp=0.5)


@pytest.fixture
def image():
    """A smooth, asymmetric image, uint8, (48, 48, 3)."""
    down, across = np.mgrid[0:48, 0:48] / 47
    return (np.stack([down, across, down * across], axis=2) * 200 + 20).astype(np.uint8)


def test_the_first_view_is_the_image_as_it_is(image):
    first = make_views(4, STRONG)[0]
    assert first.describe() == "original"
    assert (apply_view(image, first) == image).all()


def test_random_views_are_the_same_for_a_seed_however_many_are_asked_for():
    random = ViewSet.RANDOM
    assert make_views(9, STRONG, random)[:4] == make_views(4, STRONG, random)
    assert make_views(4, STRONG, random, seed=1)[1:] != make_views(4, STRONG, random)[1:]
    assert len(set(make_views(9, STRONG, random))) == 9


def strengths(views):
    """Every change of every view, as a row; no change is zero."""
    return np.array([(v.rotation_degrees, v.zoom - 1, v.warp_x, v.warp_y, v.brightness, v.contrast - 1) for v in views])


@pytest.mark.parametrize("view_set", [ViewSet.LIGHT, ViewSet.TURNS], ids=str)
@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize(
    "ranges", [STRONG, Augmentation(), Augmentation(flip=False)], ids=["strong", "none", "no_flip"]
)
def test_the_changes_of_a_designed_set_cancel_out(view_set, count, ranges):
    views = make_views(count, ranges, view_set)
    assert len(views) == count
    assert views[0] == View()
    assert strengths(views).sum(axis=0) == pytest.approx(0, abs=1e-9)
    assert any(view.flipped for view in views) is (ranges.flip and count % 2 == 0)
    assert len(set(views)) == (
        count if ranges.flip or count % 2 else count - 1
    )  # without mirror the photo counts twice


def test_random_views_lean_to_one_side_and_designed_ones_do_not():
    lean = strengths(make_views(4, STRONG, ViewSet.RANDOM)).sum(axis=0)
    assert abs(lean[0]) > 5  # degrees
    assert abs(lean[4]) > 0.1


def test_each_designed_set_begins_with_what_it_is_named_for():
    assert [view.describe() for view in make_views(4, STRONG, ViewSet.LIGHT)] == [
        "original",
        "mirrored",
        "brightness +25%",
        "brightness -25%",
    ]
    turned = make_views(4, STRONG, ViewSet.TURNS)
    assert [view.rotation_degrees for view in turned] == [0, 0, 22.5, -22.5]


@pytest.mark.parametrize("view_set", list(ViewSet), ids=str)
def test_views_stay_within_the_ranges_of_training(view_set):
    ranges = Augmentation(flip=False, rotation_degrees=10, zoom=0.1, brightness=0.2, contrast=0.3, warp=0.05)
    views = [view for seed in range(50) for view in make_views(9, ranges, view_set, seed)]
    assert not any(view.flipped for view in views)
    reached = np.abs(strengths(views)).max(axis=0)
    limits = np.array([10, 0.1, 0.05, 0.05, 0.2, 0.3])
    assert (reached <= limits + 1e-9).all()
    if view_set is ViewSet.RANDOM:
        assert (reached > 0.8 * limits).all()


@pytest.mark.parametrize("count", [0, 10])
def test_a_number_of_views_outside_1_to_9_is_refused(count):
    with pytest.raises(UsageError, match=f"{count} views"):
        make_views(count, STRONG)


@pytest.mark.parametrize("view", [view for seed in range(5) for view in make_views(9, STRONG, ViewSet.RANDOM, seed)])
def test_a_view_keeps_shape_and_type_and_shows_nothing_but_the_image(view):
    white = np.full((48, 48, 3), 255, np.uint8)
    seen = apply_view(white, View(view.flipped, view.rotation_degrees, view.zoom, view.warp_x, view.warp_y))
    assert seen.dtype == np.uint8
    assert (seen == white).all()  # black beyond the edge would show


def test_beyond_the_edge_the_image_is_mirrored(image):
    shrunk = apply_view(image, View(zoom=0.5))
    inner = shrunk[12:36, 12:36].astype(int)
    assert np.abs(inner - image[::2, ::2]).max() <= 8
    assert np.abs(shrunk[:12, 12:36].astype(int) - inner[11::-1]).max() <= 12


def test_a_mirrored_view_is_exact(image):
    assert (apply_view(image, View(flipped=True)) == image[:, ::-1]).all()


def test_a_quarter_turn_is_exact(image):
    assert (apply_view(image, View(rotation_degrees=90)) == np.rot90(image, -1)).all()  # clockwise


def test_coming_closer_keeps_the_middle_in_the_middle():
    spot = np.zeros((48, 48, 3), np.uint8)
    spot[23:25, 23:25] = 255
    near = apply_view(spot, View(zoom=3.0)).astype(float)[..., 0]
    assert np.abs(near - near[::-1, ::-1]).max() <= 1
    assert near.sum() == pytest.approx(9 * 4 * 255, rel=0.05)


def test_a_tilt_keeps_the_straight_edges_where_they_are():
    stripes = np.zeros((48, 48, 3), np.uint8)
    stripes[:, :24] = 255
    left_share = (apply_view(stripes, View(warp_x=0.3))[..., 0] > 127).mean(axis=1)
    assert left_share == pytest.approx(np.full(48, left_share[0]), abs=0.03)  # still upright
    assert abs(left_share[0] - 0.5) > 0.1  # and moved


def test_light_changes_as_training_changes_it():
    grey = np.array([[[100, 100, 100], [140, 140, 140]], [[100, 100, 100], [140, 140, 140]]], np.uint8)  # mean 120
    assert apply_view(grey, View(contrast=1.5))[0, :, 0].tolist() == [90, 150]
    assert apply_view(grey, View(brightness=0.1))[0, :, 0].tolist() == [126, 166]  # halves to the even
    assert apply_view(grey, View(brightness=0.9)).max() == 255


def test_a_view_says_what_it_is():
    assert View(flipped=True, rotation_degrees=-4.2, zoom=1.08).describe() == "mirrored, rotated -4°, zoom 1.08"
    assert View(warp_y=0.1, brightness=-0.1, contrast=0.9).describe() == "tilted, brightness -10%, contrast 0.90"
