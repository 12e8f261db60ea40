import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError
from wildcam.images import load_square
from wildcam.serving import classifier as classifier_module
from wildcam.serving import engine
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import write_bundle
from wildcam.serving.classifier import Classifier, scale_temperature, stack
from wildcam.serving.engine import open_engine, with_onnx_runtime, with_openvino
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.two_stage import Thresholds, VerdictSource
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage
from wildcam.settings import PROJECT_DIR


@pytest.fixture
def two_stage(write_model):
    return load_two_stage(write_model("tiny-empty", Task.EMPTY), write_model("tiny-species", Task.SPECIES))


@pytest.fixture
def images():
    """Different in every one, uint8, (20, 12, 12, 3)."""
    return (
        np.random.default_rng(0).integers(0, 256, (20, 1, 1, 3)).astype(np.uint8).repeat(12, axis=1).repeat(12, axis=2)
    )


def expected_species(images):
    logits = images.astype(np.float64).mean(axis=(1, 2)) / 255 * 12
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_probabilities_are_those_of_the_graph_in_the_order_of_the_images(two_stage, images):
    found = two_stage.species.predict(images)
    assert (found.dtype, found.shape) == (np.float32, (20, 3))
    assert found == pytest.approx(expected_species(images), abs=1e-5)
    assert found.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)


def test_a_image_gets_the_same_answer_alone_and_in_a_batch(two_stage, images):
    alone = np.concatenate([two_stage.species.predict(images[k : k + 1]) for k in range(20)])
    assert alone == pytest.approx(two_stage.species.predict(images), abs=1e-6)


def test_no_images_give_no_rows(two_stage):
    assert two_stage.species.predict(np.empty((0, 12, 12, 3), np.uint8)).shape == (0, 3)


def test_threads_that_share_a_model_do_not_mix_their_answers(two_stage, images):
    def predict(k):
        return two_stage.species.predict(images[k % 20 : k % 20 + 1])[0]

    with ThreadPoolExecutor(8) as pool:
        found = np.stack(list(pool.map(predict, range(200))))
    assert found == pytest.approx(np.tile(expected_species(images), (10, 1)), abs=1e-5)


def test_both_engines_give_the_same_probabilities(write_graph, images):
    graph = write_graph(Task.SPECIES)
    on_runtime = with_onnx_runtime(graph, "CPUExecutionProvider", {})
    assert on_runtime(images) == pytest.approx(with_openvino(graph)(images), abs=1e-6)


@pytest.mark.parametrize(
    ("driver", "providers", "expected"),
    [
        (None, ["CUDAExecutionProvider"], "openvino"),
        ("/usr/bin/nvidia-smi", ["CPUExecutionProvider"], "openvino"),
        ("/usr/bin/nvidia-smi", ["CUDAExecutionProvider"], "CUDAExecutionProvider"),
    ],
)
def test_a_cuda_device_is_used_where_driver_and_runtime_have_it(monkeypatch, tmp_path, driver, providers, expected):
    monkeypatch.setattr(engine.shutil, "which", lambda _: driver)
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: providers)
    monkeypatch.setattr(engine, "with_openvino", lambda path, bfloat16: "openvino")
    monkeypatch.setattr(engine, "with_onnx_runtime", lambda path, provider, options: provider)
    assert open_engine(tmp_path / "model.onnx") == expected


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        ({"side": 16}, r"takes images u8 \[\?,16,16,3\], expected images u8 \[\?,12,12,3\]"),
        ({"batch": 1}, r"takes images u8 \[1,12,12,3\]"),
        ({"name": "pixels"}, r"takes pixels u8"),
        ({"dtype": TensorProto.FLOAT}, r"takes images f32"),
        ({"last": "Identity"}, r"gives values that are no probabilities"),
    ],
)
def test_a_graph_that_does_not_fit_its_card_is_refused(write_graph, make_card, models_dir, graph, reason):
    bundle = write_bundle(models_dir / "odd", write_graph(Task.SPECIES, **graph), make_card(Task.SPECIES))
    with pytest.raises(BundleError, match=reason):
        Classifier(bundle)


def test_a_card_with_another_number_of_classes_is_refused(write_graph, make_card, models_dir):
    card = make_card(Task.SPECIES, classes=("deer", "fox"))
    with pytest.raises(BundleError, match=r"shape \(2, 3\); expected \(2, 2\)"):
        Classifier(write_bundle(models_dir / "odd", write_graph(Task.SPECIES), card))


def test_a_file_that_is_no_graph_is_refused(make_card, models_dir, tmp_path):
    (tmp_path / "not.onnx").write_bytes(b"this is no graph")
    bundle = write_bundle(models_dir / "odd", tmp_path / "not.onnx", make_card(Task.SPECIES))
    with pytest.raises(BundleError, match="'odd' cannot be loaded"):
        Classifier(bundle)


def test_an_altered_graph_is_never_loaded(write_model, write_graph):
    bundle = write_model("finder", Task.SPECIES)
    bundle.graph_path.write_bytes(write_graph(Task.EMPTY).read_bytes())
    with pytest.raises(BundleError, match="not the one on its card"):
        Classifier(bundle)


def test_the_stages_cannot_be_swapped(two_stage):
    with pytest.raises(BundleError, match="'tiny-species' predicts species"):
        TwoStageClassifier(two_stage.species, two_stage.species)
    with pytest.raises(BundleError, match="'tiny-empty' only predicts empty or animal"):
        TwoStageClassifier(two_stage.empty, two_stage.empty)


def test_temperature_scaling_lowers_confidence_without_changing_the_order():
    rows = np.array([[0.7, 0.2, 0.1], [1.0, 0.0, 0.0]], np.float32)
    assert scale_temperature(rows, 1) is rows
    by_hand = rows[0] ** 0.5 / (rows[0] ** 0.5).sum()
    scaled = scale_temperature(rows, 2)
    assert scaled[0] == pytest.approx(by_hand, abs=1e-6)
    assert scaled.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert scaled.dtype == np.float32


def test_a_image_is_identified(two_stage, image):
    for colours, expected in [((210, 40, 40), "deer"), ((40, 210, 40), "fox"), ((40, 40, 210), "hare")]:
        verdict = two_stage.identify(image(*colours))
        assert (verdict.label, verdict.source, len(verdict.views)) == (expected, VerdictSource.STAGE_2, 4)
    dark = two_stage.identify(image(10, 10, 10))
    assert (dark.label, dark.source, dark.agreement) == ("empty", VerdictSource.STAGE_1, 4)


def test_a_path_and_its_bytes_get_the_same_verdict(two_stage, image, tmp_path):
    content = image(200, 90, 60, size=(1024, 747))
    (tmp_path / "frame.jpg").write_bytes(content)
    assert two_stage.identify(tmp_path / "frame.jpg") == two_stage.identify(content)


def test_stage_2_sees_what_training_saw(two_stage, image, tmp_path):
    content = image(200, 90, 60, size=(1024, 747))
    seen = stack(two_stage.load_inputs(content).species, two_stage.views(InferenceOptions(views=4)))
    assert (seen.shape, seen.dtype) == ((4, 12, 12, 3), np.uint8)
    assert (seen[0] == load_square(content, 12)).all()
    vote = two_stage.identify(content, InferenceOptions(views=4)).views[2]
    assert vote.p_species == pytest.approx(two_stage.species.predict(seen)[2].max(), abs=1e-6)


def test_stages_of_far_sizes_each_see_their_own_decoding(two_stage, write_graph, make_card, models_dir, image):
    large = write_bundle(
        models_dir / "large", write_graph(Task.SPECIES, side=300), make_card(Task.SPECIES, image_size=300)
    )
    content = image(200, 90, 60, size=(1024, 747))
    verdict = TwoStageClassifier(two_stage.empty, Classifier(large)).identify(content, InferenceOptions(views=1))
    at_300 = Classifier(large).predict(load_square(content, 300)[None])[0]
    at_8 = two_stage.empty.predict(load_square(content, 8)[None])[0]
    assert verdict.views[0].p_species == pytest.approx(at_300.max(), abs=1e-6)
    assert verdict.views[0].p_empty == pytest.approx(at_8[0], abs=1e-6)


def test_an_unreadable_image_gets_a_failed_verdict(two_stage, tmp_path):
    for source in (b"", b"a text", tmp_path / "absent.jpg"):
        verdict = two_stage.identify(source)
        assert (verdict.label, verdict.source) == ("failed", VerdictSource.FAILURE)
        assert verdict.failure.endswith(".")


def test_a_model_that_gives_no_numbers_is_a_failure_not_an_empty_frame(two_stage, image):
    two_stage.empty._engine = lambda images: np.full((len(images), 2), np.nan, np.float32)
    assert two_stage.identify(image(10, 10, 10)).label == "failed"


def test_thresholds_come_from_the_cards_unless_given(write_model, image):
    grey = image(110, 110, 110)  # stage 1 is sure of an animal; three equal species
    empty, species = write_model("e", Task.EMPTY), write_model("s", Task.SPECIES)
    assert load_two_stage(empty, species).identify(grey, InferenceOptions(views=1)).label == "unknown"
    cautious = replace(species, card=species.card.model_copy(update={"unknown_threshold": 0.2}))
    assert load_two_stage(empty, cautious).identify(grey, InferenceOptions(views=1)).label in species.card.classes
    assert (
        load_two_stage(empty, species)
        .identify(grey, InferenceOptions(views=1, thresholds=Thresholds(0.0001, 0.4)))
        .label
        == "empty"
    )


def test_real_awkward_images_are_answered_and_the_broken_one_says_why(two_stage):
    folder = Path(os.environ.get("WILDCAM_PHOTOS", PROJECT_DIR.parent / "shared" / "photos")) / "speciesnet_tests"
    if not folder.is_dir():
        pytest.skip(f"no real photos in {folder}: set WILDCAM_PHOTOS")
    verdicts = {path.name: two_stage.identify(path) for path in sorted(folder.glob("*.*"))}
    failures = [name for name, verdict in verdicts.items() if verdict.source is VerdictSource.FAILURE]
    assert failures == ["african_elephants_truncated_file.jpg"]
    assert "truncated" in verdicts[failures[0]].failure
    turned = verdicts["african_elephants_with_exif_orientation.jpg"]
    assert turned.p_empty == pytest.approx(verdicts["african_elephants.jpg"].p_empty, abs=0.02)


def test_a_model_of_crops_gets_the_box_of_the_detector(write_model, image):
    canvas = Image.new("RGB", (400, 300), (230, 40, 40))
    canvas.paste((40, 230, 40), (40, 60, 100, 120))  # a fox, small
    content = io.BytesIO()
    canvas.save(content, "PNG")
    empty = write_model("tiny-empty", Task.EMPTY)
    box = (0.1, 0.2, 0.15, 0.2)
    for crops, expected in ((True, "fox"), (False, "deer")):
        classifier = load_two_stage(empty, write_model(f"species-{crops}", Task.SPECIES, crops=crops, crop_margin=0.0))
        assert classifier.identify(content.getvalue(), box=box).label == expected
        assert classifier.identify(content.getvalue()).label == "deer"


def test_many_are_answered_in_order_and_few_are_read_ahead(two_stage, image):
    read = []

    def images():
        for number in range(60):
            read.append(number)
            colour = [(230, 60, 60), (60, 230, 60), (60, 60, 230)][number % 3]
            yield image(*colour, size=(40, 30)) if number % 7 else b"none", None

    verdicts = classify_images(two_stage.identify, images())
    first = next(verdicts)
    assert len(read) <= 2 * (os.cpu_count() or 1) + 1
    labels = [first.label, *(verdict.label for verdict in verdicts)]
    assert labels == ["failed" if number % 7 == 0 else ["deer", "fox", "hare"][number % 3] for number in range(60)]


def test_a_verdict_has_the_time_of_each_stage(two_stage, image):
    timings = two_stage.identify(image(60, 230, 60)).timings
    assert timings.reading > 0
    assert timings.stage_1 > 0
    assert timings.stage_2 > 0
    assert two_stage.identify(image(5, 5, 5)).timings.stage_2 == 0


@pytest.mark.parametrize(("changes", "used"), [(None, False), (0.004, True), (0.006, False)])
def test_bfloat16_is_used_only_where_hardly_an_answer_changes(write_model, monkeypatch, changes, used):
    asked = []
    monkeypatch.setattr(classifier_module, "has_bfloat16", lambda: True)
    monkeypatch.setattr(
        classifier_module, "open_engine", lambda path, bfloat16: asked.append(bfloat16) or with_openvino(path)
    )
    Classifier(write_model("measured", Task.SPECIES, bfloat16_changes=changes))
    assert asked == [used]


def test_a_quick_answer_takes_two_views_and_more_only_where_they_disagree(two_stage, image, monkeypatch):
    clear = two_stage.identify(image(60, 230, 60), InferenceOptions(quick=True))
    assert (clear.label, len(clear.views), clear.agreement) == ("fox", 2, 2)
    assert len(two_stage.identify(image(5, 5, 5), InferenceOptions(quick=True)).views) == 2
    views = iter(([0, 1], [0, 1, 0, 0]))  # what stage 2 says: two disagree, then three of four agree
    monkeypatch.setattr(two_stage.species, "predict", lambda images: np.eye(3, dtype=np.float32)[next(views)])
    torn = two_stage.identify(image(60, 230, 60), InferenceOptions(quick=True))
    assert (torn.label, len(torn.views), torn.agreement) == ("deer", 4, 3)


def test_without_more_than_two_views_quick_changes_nothing(two_stage, image):
    for views in (1, 2):
        content = image(60, 230, 60)
        assert two_stage.identify(content, InferenceOptions(views=views, quick=True)) == two_stage.identify(
            content, InferenceOptions(views=views)
        )
