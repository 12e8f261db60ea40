"""A closer look: where it looks, what it gets, and how it is weighed."""

import io

import numpy as np
import pytest
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.images import load_window
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.serving.closer_look import Closer
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.one_model import OneModelClassifier
from wildcam.serving.trials import CloserTrial, Gain
from wildcam.serving.two_stage import Aggregation, Thresholds, decide
from wildcam.serving.two_stage_classifier import load_two_stage


def photo(size=(800, 600), animal=(500, 300, 640, 420), colour=(60, 250, 60), around=(120, 20, 20)):
    """A reddish photo with something of another colour in it, as a PNG."""
    pixels = np.empty((size[1], size[0], 3), np.uint8)
    pixels[:] = around
    left, top, right, bottom = animal
    pixels[top:bottom, left:right] = colour
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def pair(write_model):
    return load_two_stage(write_model("e", Task.EMPTY, evidence=True), write_model("s", Task.SPECIES, evidence=True))


def test_a_window_is_read_at_full_resolution():
    window = load_window(photo(), 120, (0.6, 0.45, 0.25, 0.3))  # 200 × 180 px
    assert window.shape == (120, 120, 3)
    green = (window[..., 1] > 200).mean()
    assert green == pytest.approx(140 * 120 / (200 * 180), abs=0.04)
    assert (window[..., 1] > 240).any()


def test_a_part_of_a_jpeg_has_its_full_detail():
    stripes = np.zeros((1200, 1600, 3), np.uint8)
    stripes[:, ::4] = stripes[:, 1::4] = 255  # two px wide: a reduced scale would make them grey
    content = io.BytesIO()
    Image.fromarray(stripes).save(content, "JPEG", quality=95)
    window = load_window(content.getvalue(), 224, (0.5, 0.5, 0.14, 0.1867))  # 224 × 224 px
    assert window.std() > 80


def test_the_look_goes_to_the_strongest_evidence_and_changes_the_answer(pair):
    options = InferenceOptions(views=1, closer_weight=0.9, thresholds=Thresholds(0.5, 0.0))
    plain = pair.identify(photo(), InferenceOptions(views=1, thresholds=Thresholds(0.5, 0.0)))
    assert (plain.label, plain.closer) == ("deer", None)  # the photo as a whole is red
    verdict = pair.identify(photo(animal=(440, 300, 760, 560)), options)
    left, top, width, height = verdict.closer.window
    assert (width, height) == (0.5, 0.5)
    assert left > 0.3
    assert top > 0.3
    assert not verdict.closer.of_detector
    assert (verdict.closer.species, verdict.label) == ("fox", "fox")
    assert verdict.timings.closer > 0


def test_a_detectors_box_comes_first(pair):
    box = (500 / 800, 300 / 600, 140 / 800, 120 / 600)
    verdict = pair.identify(photo(), InferenceOptions(views=1, closer_weight=0.8), box=box)
    assert verdict.closer.of_detector
    assert verdict.closer.window == box
    assert verdict.label == "fox"


def test_no_look_is_taken_at_an_empty_photo_or_without_evidence(pair, write_model):
    options = InferenceOptions(views=1, closer_weight=0.5)
    assert pair.identify(photo(colour=(0, 0, 0), around=(0, 0, 0)), options).closer is None
    blind = load_two_stage(write_model("e2", Task.EMPTY), write_model("s2", Task.SPECIES))
    assert blind.identify(photo(), options).closer is None
    assert blind.identify(photo(), options, box=(0.6, 0.5, 0.2, 0.2)).closer is not None


def test_one_model_takes_a_closer_look_by_its_own_evidence(write_model):
    species = OneModelClassifier(Classifier(write_model("s", Task.SPECIES, evidence=True)))
    assert species.identify(photo(), InferenceOptions(views=1, closer_weight=0.5)).closer is not None
    stage_1 = OneModelClassifier(Classifier(write_model("e", Task.EMPTY, evidence=True)))
    assert stage_1.identify(photo(), InferenceOptions(views=1, closer_weight=0.5)).closer is None


@pytest.mark.parametrize("aggregation", list(Aggregation), ids=str)
def test_the_look_is_weighed_with_the_mean_of_the_views(aggregation):
    closer = Closer((0, 0, 0.5, 0.5), False, np.float32([0.1, 0.9]), 0.5)
    verdict = decide(
        p_empty=np.float32([0, 0]),
        species_probabilities=np.float32([[0.8, 0.2], [0.6, 0.4]]),
        classes=("deer", "fox"),
        thresholds=Thresholds(0.5, 0.4),
        aggregation=aggregation,
        closer=closer,
    )
    assert verdict.label == "fox"
    assert verdict.confidence == pytest.approx(0.5 * 0.3 + 0.5 * 0.9)
    assert verdict.agreement == 0  # no view of the whole votes for it
    assert not verdict.ties
    assert verdict.closer.p_species == pytest.approx(0.9)
    assert verdict.top[0].probability == pytest.approx(0.6)


def test_the_default_weight_is_that_of_validation(make_card):
    gain = Gain(value=0.02, low=0.01, high=0.03, cost=1.8, images=100)
    card: ModelCard = make_card(Task.SPECIES, closer_trial=CloserTrial(weight=0.3, gain=gain))
    assert card.closer_weight == 0.3
    assert card.closer_trial.describe() == (
        "Closer look: weight 0.3 gave +2.0 points (95 % CI 1.0 to 3.0), 1.8 × the time, with this model's own evidence "
        "(in a pair, stage 1's evidence comes first)."
    )
    useless = make_card(Task.SPECIES, closer_trial=CloserTrial(weight=0.0, gain=gain))
    assert useless.closer_weight == make_card(Task.SPECIES).closer_weight == 0.5
    assert useless.closer_trial.describe() == "Closer look: does not help this model."


def test_a_gain_on_a_handful_of_photos_sets_no_weight(make_card):
    trial = CloserTrial(weight=1.0, gain=Gain(value=0.0, low=0.0, high=0.0, cost=2.1, images=3))
    assert make_card(Task.SPECIES, closer_trial=trial).closer_weight == 0.5
    assert trial.describe() == "Closer look: too few validation photos (3) to tell whether it helps this model."
    more = trial.model_copy(update={"gain": Gain(value=0.0, low=-0.1, high=0.1, cost=2.1, images=300)})
    assert more.describe().startswith("Closer look: no certain gain; weight 1.0 gave +0.0 points")
