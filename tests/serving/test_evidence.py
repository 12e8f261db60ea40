"""Where a model sees what it names: maps, boxes and windows by hand, and over a graph."""

import io

import numpy as np
import pytest
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError
from wildcam.serving.bundle import write_bundle
from wildcam.serving.classifier import Classifier
from wildcam.serving.evidence import (
    Evidence,
    evidence_box,
    find_evidence,
    map_of_animal,
    map_of_class,
    strongest_window,
)
from wildcam.serving.heat import photo_under_evidence
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.one_model import OneModelClassifier
from wildcam.serving.two_stage_classifier import load_two_stage


def spot(row, column, *, size=7, value=1.0):
    """Evidence in one cell, against it elsewhere."""
    values = np.full((size, size), -0.1, np.float32)
    values[row, column] = value
    return values


def test_a_class_stands_out_against_the_others():
    evidence = np.float32([[[3, 1, 2]]])
    assert map_of_class(evidence, 0).item() == 1.5
    assert map_of_animal(evidence, ("empty", "deer", "fox")).item() == -1.5
    assert map_of_animal(evidence, ("deer", "fox", "hare")).item() == 1  # of the deer, over the mean of all


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 3), (6, 6), (1, 5)])
def test_the_box_lies_around_the_spot(row, column):
    left, top, width, height = evidence_box(spot(row, column))
    assert left <= (column + 0.5) / 7 <= left + width
    assert top <= (row + 0.5) / 7 <= top + height
    assert 0 < width < 0.3
    assert 0 < height < 0.3


def test_the_largest_region_wins_and_not_the_strongest():
    values = spot(6, 6, value=1.2)
    values[0:2, 0:3] = 1.0
    left, top, width, height = evidence_box(values)
    assert (left, top) == (0, 0)
    assert width > height
    assert left + width < 0.6


def test_where_nothing_speaks_for_it_there_is_no_box():
    found = find_evidence("animal", np.full((7, 7), -1, np.float32))
    assert found.box is None
    assert not found.map.any()


def test_the_heat_is_relative_to_the_strongest():
    found = find_evidence("fox", np.float32([[0, 2], [1, -3]]))
    assert found.heat == ((0, 255), (128, 0))
    assert found.map.max() == 1


@pytest.mark.parametrize(
    ("row", "column", "window"), [(0, 0, (0, 0, 0.5, 0.5)), (6, 6, (0.5, 0.5, 0.5, 0.5)), (6, 0, (0, 0.5, 0.5, 0.5))]
)
def test_the_window_lies_where_the_evidence_is(row, column, window):
    values = np.full((7, 7), -1.0, np.float32)
    values[row, column] = 1
    values[min(row + 1, 6) if row < 3 else row - 1, column] = 0.5
    assert strongest_window(values) == pytest.approx(window, abs=0.15)
    left, top, width, height = strongest_window(spot(3, 3))
    assert left <= 0.5 <= left + width
    assert top <= 0.5 <= top + height


def test_a_photo_is_shown_under_its_evidence_with_its_frame(image):
    found = find_evidence("animal", spot(1, 1))
    shown = np.asarray(photo_under_evidence(image(90, 90, 90), found), int)
    assert shown.shape == (240, 320, 3)
    hot, cold = shown[40:50, 62:72].mean(axis=(0, 1)), shown[200:230, 280:310].mean(axis=(0, 1))
    assert hot[0] - hot[2] > cold[0] - cold[2] + 40  # yellow against violet
    plain = photo_under_evidence(image(90, 90, 90), Evidence("animal", found.heat, None))
    assert np.abs(np.asarray(plain, int) - shown).max() > 30  # the frame


def two_parts(colour_left, colour_right):
    """A photo of two colours side by side, as a PNG."""
    pixels = np.empty((300, 400, 3), np.uint8)
    pixels[:, :200], pixels[:, 200:] = colour_left, colour_right
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def pair(write_model):
    """Both models show their evidence."""
    return load_two_stage(write_model("e", Task.EMPTY, evidence=True), write_model("s", Task.SPECIES, evidence=True))


def test_a_verdict_shows_where_the_animal_is(pair, write_model):
    verdict = pair.identify(two_parts((0, 0, 0), (60, 250, 60)), InferenceOptions(views=4))
    assert verdict.label == "fox"
    assert verdict.evidence.subject == "animal"
    left, _, width, height = verdict.evidence.box  # the first view is not mirrored
    assert 0.4 < left < 0.6
    assert left + width == 1
    assert height == 1
    without = load_two_stage(write_model("e2", Task.EMPTY), write_model("s2", Task.SPECIES))
    assert without.identify(two_parts((0, 0, 0), (60, 250, 60))).evidence is None


def test_the_evidence_is_that_of_stage_2_where_stage_1_has_none(write_model):
    pair = load_two_stage(write_model("e", Task.EMPTY), write_model("s", Task.SPECIES, evidence=True))
    evidence = pair.identify(two_parts((90, 90, 90), (60, 250, 60))).evidence
    assert evidence.box[0] > 0.4


def test_one_model_shows_its_evidence_too(write_model):
    alone = OneModelClassifier(Classifier(write_model("e", Task.EMPTY, evidence=True)))
    assert alone.identify(two_parts((0, 0, 0), (250, 250, 250))).evidence.box[0] > 0.4


def test_evidence_that_does_not_add_up_is_refused(write_graph, make_card, models_dir, tmp_path):
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(write_graph(Task.SPECIES, evidence=True))
    graph.graph.initializer.append(numpy_helper.from_array(np.float32([0, 0, 5]), "wrong"))
    graph.graph.node[-1].input[1] = "wrong"
    onnx.save(graph, tmp_path / "wrong.onnx")
    bundle = write_bundle(models_dir / "wrong", tmp_path / "wrong.onnx", make_card(Task.SPECIES))
    with pytest.raises(BundleError, match="does not add up to its probabilities"):
        Classifier(bundle)
