"""A probe from pixels to graph: features once, the head, the export with its evidence, stop and resume."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnxruntime import InferenceSession

from tests.training.recording import RecordingReporter
from wildcam.changed import changed
from wildcam.errors import BundleError, ImageError, UsageError
from wildcam.training.inputs import image_set
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.probe_backend.backbone_graph import backbone_graph
from wildcam.training.probe_backend.epochs_trainer import EpochProbeTrainer
from wildcam.training.probe_backend.features import FeatureExtractor
from wildcam.training.probe_backend.head import STRENGTHS
from wildcam.training.probe_backend.trainer import ProbeTrainer
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan
from wildcam.training.validation_table import read_validation

SIZE = 32
TINY = "test_efficientnet"


@pytest.fixture(scope="module")
def weights_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module")
def graph(weights_dir):
    return backbone_graph(weights_dir / "backbones", TINY, SIZE, pretrained=False)


@pytest.fixture
def cache(tmp_path):
    with PixelCache(tmp_path / "features", 10**8) as cache:
        yield cache


@pytest.fixture
def plan(images, cache, weights_dir, tmp_path, graph):
    train, val = images
    recipe = Recipe.of("cards", "probe", backbone=TINY, weights="random", image_size=SIZE, task="empty")
    groups = tuple(str(number // 4) for number in range(len(train)))
    train = Examples(ImageSet(train.images._reader.paths, SIZE), train.targets, train.image_ids, groups)
    val = Examples(ImageSet(val.images._reader.paths, SIZE), val.targets, val.image_ids)
    return Plan(recipe, ("empty", "animal"), train, val, tmp_path / "run" / "checkpoint", weights_dir, cache)


@pytest.fixture
def decoded(monkeypatch):
    """Paths that were decoded."""
    paths, load = [], image_set.load_square
    monkeypatch.setattr(image_set, "load_square", lambda path, *rest: paths.append(path) or load(path, *rest))
    return paths


def test_a_probe_learns_and_reports_every_strength(plan):
    reporter = RecordingReporter()
    outcome = ProbeTrainer(plan).fit(reporter)
    assert (outcome.last_epoch, outcome.stopped) == (len(STRENGTHS), False)
    assert sorted(reporter.epochs) == list(range(1, len(STRENGTHS) + 1))
    best = reporter.epochs[outcome.best_epoch]
    assert best["val_accuracy"] >= 0.9
    assert outcome.best_value == max(epoch["cv_macro_f1"] for epoch in reporter.epochs.values())
    assert reporter.facts.trainable_parameters < reporter.facts.total_parameters
    assert len(read_validation(plan.run_folder)) == len(plan.val)


def test_what_cross_validation_found_is_kept_with_the_head(plan):
    trainer = ProbeTrainer(plan)
    trainer.fit(RecordingReporter())
    held_out = trainer.held_out()
    assert held_out.probabilities.shape == (len(plan.train), 2)
    assert held_out.groups.tolist() == list(plan.train.groups)
    assert held_out.known.all()
    assert (held_out.probabilities.argmax(axis=1) == plan.train.targets).mean() >= 0.9
    assert np.isnan(held_out.unseen).all()  # stage 1 has no species to leave out


def test_species_are_left_out_in_turn(plan):
    recipe = changed(plan.recipe, task="species")
    trainer = ProbeTrainer(replace(plan, recipe=recipe, classes=("fox", "hare")))
    trainer.fit(RecordingReporter())
    assert np.isnan(trainer.held_out().unseen).all()  # of two species none can be left out


def test_by_epochs_the_curves_are_live_and_the_head_is_that_of_the_best_epoch(plan, tmp_path):
    recipe = Recipe.of(
        "cards",
        "probe_epochs",
        backbone=TINY,
        weights="random",
        image_size=SIZE,
        task="empty",
        epochs=12,
        learning_rate=0.01,
        batch_size=8,
        imbalance_strategy="focal",
        early_stopping_patience=0,
    )
    trainer, reporter = EpochProbeTrainer(replace(plan, recipe=recipe)), RecordingReporter()
    outcome = trainer.fit(reporter)
    assert list(reporter.epochs) == list(range(1, 13))
    assert len(reporter.steps) == 12 * 5
    assert outcome.best_value == max(epoch["val_macro_f1"] for epoch in reporter.epochs.values()) >= 0.9
    batch = plan.val.images.batch(range(len(plan.val)))
    predicted = trainer.predict(batch).argmax(axis=1)
    assert (predicted == plan.val.targets).mean() == reporter.epochs[outcome.best_epoch]["val_accuracy"]
    assert trainer.held_out() is None
    trainer.export(tmp_path / "model.onnx")
    session = InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"images": batch})[0], trainer.predict(batch), atol=2e-3)


def test_by_epochs_a_stop_is_heeded_between_steps(plan):
    recipe = Recipe.of("cards", "probe_epochs", backbone=TINY, weights="random", image_size=SIZE, task="empty")
    outcome = EpochProbeTrainer(replace(plan, recipe=recipe)).fit(RecordingReporter(stop_at=20))
    assert outcome.stopped


def test_inputs_that_are_scaled_twice_have_other_features(weights_dir, graph, plan):
    twice = backbone_graph(weights_dir / "backbones", TINY, SIZE, pretrained=False, normalised_first=True)
    assert twice.identity != graph.identity
    images = plan.val.images
    right, wrong = (FeatureExtractor(one, None).extract(images) for one in (graph, twice))
    assert wrong.std(axis=0).mean() < 0.2 * right.std(axis=0).mean()  # next to nothing of the image is left


def test_features_are_computed_once_for_all_runs(plan, decoded, tmp_path, images):
    ProbeTrainer(plan).fit(RecordingReporter())
    assert len(decoded) == len(plan.train) + len(plan.val)
    again = Plan(
        plan.recipe, plan.classes, plan.train, plan.val, tmp_path / "again", plan.downloads_dir, plan.feature_cache
    )
    ProbeTrainer(again).fit(RecordingReporter())
    assert len(decoded) == len(plan.train) + len(plan.val)


def test_the_exported_graph_answers_as_the_probe_and_shows_its_evidence(plan, tmp_path):
    trainer = ProbeTrainer(plan)
    trainer.fit(RecordingReporter())
    trainer.export(tmp_path / "model.onnx")
    batch = plan.val.images.batch(range(5))
    session = InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    probabilities, evidence = session.run(None, {"images": batch})
    np.testing.assert_allclose(probabilities, trainer.predict(batch), atol=2e-3)
    assert evidence.ndim == 4
    assert evidence.shape[0] == 5
    assert evidence.shape[3] == 2
    logits = evidence.mean(axis=(1, 2))  # the class activation map is exact
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(softmax, probabilities, atol=1e-4)


def test_large_tensors_are_stored_in_half_precision(plan, tmp_path):
    trainer = ProbeTrainer(plan)
    trainer.fit(RecordingReporter())
    trainer.export(tmp_path / "model.onnx")
    types = {
        tensor.data_type for tensor in onnx.load(tmp_path / "model.onnx").graph.initializer if len(tensor.dims) > 1
    }
    assert onnx.TensorProto.FLOAT16 in types


def test_a_stop_keeps_the_features_and_a_resume_goes_on(plan, decoded):
    stopped = ProbeTrainer(plan).fit(RecordingReporter(stop_at=3))
    assert stopped.stopped
    assert 0 < len(decoded) < len(plan.train) + len(plan.val)
    outcome = ProbeTrainer(plan).fit(RecordingReporter())
    assert (outcome.last_epoch, outcome.stopped) == (len(STRENGTHS), False)
    assert len(decoded) == len(plan.train) + len(plan.val)  # none twice
    assert ProbeTrainer(plan).fit(RecordingReporter()) == outcome  # a finished run's outcome comes at once


def test_a_damaged_image_is_left_out(plan, tmp_path, graph):
    paths = [*plan.train.images._reader.paths[:3], tmp_path / "damaged.png"]
    paths[3].write_bytes(b"no image")
    features = FeatureExtractor(graph, None).extract(ImageSet(paths, SIZE))
    assert np.isfinite(features[:3]).all()
    assert np.isnan(features[3]).all()


def test_a_damaged_cache_is_computed_anew(plan, cache, tmp_path, graph):
    images = plan.val.images
    before = FeatureExtractor(graph, cache).extract(images)
    for shard in (tmp_path / "features").rglob("*.pixels"):
        content = bytearray(shard.read_bytes())
        content[-2000:] = bytes(2000)
        shard.write_bytes(content)
    with PixelCache(tmp_path / "features", 10**8) as reopened:
        np.testing.assert_array_equal(FeatureExtractor(graph, reopened).extract(images), before)


def test_mirrored_features_are_those_of_the_mirror_image(plan, graph, tmp_path):
    from PIL import Image, ImageOps

    path = plan.train.images._reader.paths[0]
    mirrored = tmp_path / "mirrored.png"
    ImageOps.mirror(Image.open(path)).save(mirrored)
    extractor = FeatureExtractor(graph, None)
    np.testing.assert_allclose(
        extractor.extract(ImageSet([path], SIZE), mirrored=True),
        extractor.extract(ImageSet([mirrored], SIZE)),
        atol=1e-2,
    )


def test_a_size_that_the_backbone_refuses_is_refused_with_the_right_one(tmp_path):
    with pytest.raises(BundleError, match=r"test_vit does not take images of 50 px: .* pretrained at 160 px"):
        backbone_graph(tmp_path, "test_vit", 50, pretrained=False)


def test_a_probe_has_no_learning_rate(plan):
    with pytest.raises(UsageError, match="no learning rate"):
        ProbeTrainer(plan).run_lr_finder(RecordingReporter())


def test_a_disk_out_of_reach_ends_the_work(plan, graph, monkeypatch):
    def fail(path, *rest):
        raise ImageError("gone") from OSError(5, "Input/output error")

    monkeypatch.setattr(image_set, "load_square", fail)
    with pytest.raises(ImageError, match="gone"):
        FeatureExtractor(graph, None).extract(ImageSet(plan.val.images._reader.paths, SIZE))
