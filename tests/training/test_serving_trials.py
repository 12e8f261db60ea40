"""How a model serves best is tried on validation images: views, and the closer look."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.serving.inference_options import preferred_views
from wildcam.serving.trials import LEAST_IMAGES, Gain, ViewTrial, best_views, describe_views
from wildcam.serving.tta import ViewSet
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.serving_trials import TRIAL_IMAGES, try_closer, try_views
from wildcam.training.trainer import Examples

IMAGES, GROUPS = 24, 8


@pytest.fixture
def phases() -> list[str]:
    return []


@pytest.fixture
def write_examples(tmp_path: Path) -> Callable[..., Examples]:
    """So many copies of one photo, in groups of three, all of one class."""

    def write(pixels: np.ndarray, size: int, target: int, count: int = IMAGES) -> Examples:
        paths = [tmp_path / f"{number}.png" for number in range(count)]
        for path in paths:
            Image.fromarray(pixels).save(path)
        groups = tuple(f"burst {number % GROUPS}" for number in range(count))
        return Examples(ImageSet(paths, size), np.full(count, target), groups=groups)

    return write


@dataclass
class LeftEdge:
    """Sees the left edge only: bright is a fox, with twice the confidence that a dark one is a deer."""

    card: ModelCard
    has_evidence: bool = False
    asked: int = 0

    def predict(self, images: np.ndarray) -> np.ndarray:
        self.asked += len(images)
        bright = images[:, :, 0].mean(axis=(1, 2)) > 128
        return np.where(bright[:, None], np.float32([[0.05, 0.9, 0.05]]), np.float32([[0.55, 0.4, 0.05]]))


def half_bright(left: int, right: int) -> np.ndarray:
    pixels = np.full((12, 12, 3), left, np.uint8)
    pixels[:, 6:] = right
    return pixels


def test_views_that_help_are_chosen_with_their_gain(make_card, write_examples, phases) -> None:
    model = LeftEdge(make_card(Task.SPECIES))
    trials = try_views(model, write_examples(half_bright(20, 230), 12, target=1), phases.append)
    by_set = {(trial.view_set, trial.views): trial.gain for trial in trials}
    mirror = by_set[ViewSet.LIGHT, 2]
    assert (mirror.value, mirror.low, mirror.high) == (1, 1, 1)  # a tie goes to the higher mean
    assert by_set[ViewSet.LIGHT, 4].value == 0  # three dark views outvote the mirror image
    assert phases == ["trying views"]
    assert all(gain.images == IMAGES for gain in by_set.values())
    assert all(gain.cost >= 1 for gain in by_set.values())


def test_views_that_change_nothing_leave_one(make_card, write_examples, phases) -> None:
    model = LeftEdge(make_card(Task.SPECIES))
    trials = try_views(model, write_examples(half_bright(230, 230), 12, target=1), phases.append)
    assert {trial.gain.value for trial in trials} == {0}
    card = make_card(Task.SPECIES, view_trials=trials)
    assert (card.views, card.view_set) == (1, ViewSet.LIGHT)
    assert describe_views(trials).startswith("1 view: more views do not help this model; ")


def test_only_so_many_images_are_tried(make_card, write_examples, phases) -> None:
    model = LeftEdge(make_card(Task.SPECIES))
    trials = try_views(model, write_examples(half_bright(9, 9), 12, 0, count=TRIAL_IMAGES + 5), phases.append)
    assert trials[0].gain.images == TRIAL_IMAGES
    assert model.asked == 6 * TRIAL_IMAGES  # each distinct view once


def trial(view_set: ViewSet, views: int, value: float, low: float) -> ViewTrial:
    return ViewTrial(
        view_set=view_set,
        views=views,
        gain=Gain(value=value, low=low, high=2 * value - low, cost=3.1, images=300),
    )


def test_the_card_takes_the_largest_certain_gain(make_card) -> None:
    trials = (
        trial(ViewSet.LIGHT, 2, 0.01, 0.002),
        trial(ViewSet.TURNS, 4, 0.02, 0.003),
        trial(ViewSet.LIGHT, 4, 0.05, -0.01),
    )
    card = make_card(Task.SPECIES, view_trials=trials)
    assert (card.views, card.view_set) == (4, ViewSet.TURNS)
    assert describe_views(trials) == (
        "4 views (mirror, then turned left and right): +2.0 points (95 % CI 0.3 to 3.7), 3.1 × the time."
    )
    unmeasured = make_card(Task.EMPTY)
    assert (unmeasured.views, describe_views(())) == (4, "")
    one = make_card(Task.EMPTY, view_trials=trials[2:])
    assert preferred_views(one, card) == (4, ViewSet.TURNS)  # of the model that wants most
    assert preferred_views(one, one) == (1, ViewSet.LIGHT)


def test_one_cluster_makes_no_gain_certain() -> None:
    assert not Gain(value=0.1, low=0.1, high=0.1, cost=2, images=300).is_certain


def test_a_few_images_make_no_gain_certain() -> None:
    few = Gain(value=0.2, low=0.1, high=0.3, cost=2, images=LEAST_IMAGES - 1)
    assert not few.is_certain
    trials = (ViewTrial(view_set=ViewSet.LIGHT, views=4, gain=few),)
    assert (
        describe_views(trials) == "1 view: too few validation photos (19) to tell whether more views help this model."
    )
    assert best_views(trials) is None


def red_with_green(side: int = 96) -> np.ndarray:
    pixels = np.empty((side, side, 3), np.uint8)
    pixels[:] = (120, 20, 20)
    pixels[side // 2 :, side // 2 :] = (90, 230, 60)
    return pixels


@pytest.mark.parametrize(("target", "helps"), [(1, True), (0, False)], ids=["fox", "deer"])
def test_the_closer_look_gets_the_weight_that_validation_prefers(
    write_model, write_examples, phases, target: int, helps: bool
) -> None:
    model = Classifier(write_model("s", Task.SPECIES, evidence=True))
    found = try_closer(model, write_examples(red_with_green(), 12, target), phases.append)
    assert found is not None
    assert (found.weight > 0) is helps
    assert found.gain.cost > 1
    assert phases == ["trying a closer look"]


def test_a_model_without_evidence_or_of_stage_1_is_not_tried(write_model, write_examples, phases) -> None:
    examples = write_examples(red_with_green(), 12, 0)
    assert try_closer(Classifier(write_model("s", Task.SPECIES)), examples, phases.append) is None
    assert try_closer(Classifier(write_model("e", Task.EMPTY, evidence=True)), examples, phases.append) is None
    assert not phases
