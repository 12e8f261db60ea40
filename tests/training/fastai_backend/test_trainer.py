"""ResNet-50 is trained on tiny images: two classes, told apart by colour, from random weights."""

import math
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.training.recording import RecordingReporter
from tests.training.whole_run import (
    CLEAN,
    METRICS,
    assert_reported_under_common_names,
    assert_validation_is_kept,
    plan_on,
    train_whole,
)
from wildcam.architectures.pretrained import pretrained_file
from wildcam.errors import ImageError, RunError
from wildcam.serving.bundle import write_bundle
from wildcam.serving.classifier import Classifier
from wildcam.settings import PROJECT_DIR
from wildcam.training.checkpoints import Checkpoints
from wildcam.training.fastai_backend import lr_finder
from wildcam.training.fastai_backend.callbacks import validation
from wildcam.training.fastai_backend.checkpoint import FastaiState
from wildcam.training.fastai_backend.trainer import FastaiTrainer
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.recipe import Recipe
from wildcam.training.scores import Scores, score_clean
from wildcam.training.trainer import Examples, Outcome, StopRequested

# isort: split
from torchvision.models import resnet50

pytestmark = pytest.mark.slow

SIZE = 32
STEPS = 4  # 40 images in batches of at most 12
VALIDATION_STEPS = 2  # 20 images
HEAD_EPOCHS, EPOCHS = 2, 8  # of the run that most tests look at; EPOCHS counts both phases
WHOLE = {"head_epochs": HEAD_EPOCHS, "epochs": EPOCHS - HEAD_EPOCHS, "learning_rate": 0.004}
sys.modules["tensorboard.compat.notf"] = ModuleType("notf")  # its readers would load TensorFlow
PHOTOS = Path(os.environ.get("WILDCAM_PHOTOS", PROJECT_DIR.parent / "shared" / "photos"))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """On images this small, a second thread mostly waits for the first, and for long on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def plan_of(images, folder, **changes):
    values = {
        "weights": "random",
        "image_size": SIZE,
        "batch_size": 12,
        "head_epochs": 1,
        "epochs": 1,
        "find_learning_rate": False,
        **changes,
    }
    return plan_on(images, folder, Recipe.of("colours", "resnet50", **values), ("brown", "green"))


@pytest.fixture
def make_plan(images, tmp_path):
    return partial(plan_of, images, tmp_path)


@pytest.fixture(scope="module")
def whole(images, tmp_path_factory):
    return train_whole(FastaiTrainer, plan_of(images, tmp_path_factory.mktemp("whole"), **WHOLE))


def weights_of(plan, epoch, name="model"):
    return torch.load(plan.checkpoint_dir / f"epoch-{epoch:04d}" / f"{name}.pt", weights_only=True)


def same(weights, others):
    return all(torch.equal(value, others[name]) for name, value in weights.items())


def test_it_learns_and_reports_every_step_and_epoch_under_the_common_names(whole):
    plan, trainer, outcome, log = whole
    assert log.phases == ["building the network", *["training", "validating"] * EPOCHS]
    assert_reported_under_common_names(log, EPOCHS, STEPS)
    assert log.steps[-1][3]["step_loss"] == log.epochs[EPOCHS]["train_loss"]
    accuracies = [metrics["val_accuracy"] for metrics in log.epochs.values()]
    assert outcome == Outcome(1 + int(np.argmax(accuracies)), EPOCHS, max(accuracies), stopped=False)
    assert outcome.best_value >= 0.75  # 0.5 by chance; rounding differs among processors
    predicted = trainer.predict(plan.val.images.batch(range(20))).argmax(axis=1)
    assert (predicted == plan.val.targets).mean() == outcome.best_value


def test_what_validation_said_of_every_image_is_kept_for_the_last_and_the_best_epoch(whole):
    assert_validation_is_kept(whole, tolerance=1e-4)


EVERYTHING = {
    "imbalance_strategy": "class_weights",
    "label_smoothing": 0.1,
    "mixup": 0.4,
    "clean_train_loss": 100,
    "weights": "random",
}
CLEAN_STEPS = 4  # all 40 images


def test_a_run_with_strategy_smoothing_mixup_and_clean_loss_goes_on_as_if_it_had_never_stopped(
    make_plan, images, tmp_path
):
    plan, log = make_plan(**EVERYTHING), RecordingReporter()
    trainer = FastaiTrainer(plan)
    outcome = trainer.fit(log)
    assert all(metrics.keys() == METRICS | CLEAN for metrics in log.epochs.values())
    scores = score_clean(trainer.predict(plan.train.images.batch(range(40))), plan.train.targets)
    for name, value in scores.model_dump().items():
        assert log.epochs[outcome.best_epoch][name] == pytest.approx(value, rel=1e-3)
    plan, part = plan_of(images, tmp_path / "stopped", **EVERYTHING), RecordingReporter(STEPS + VALIDATION_STEPS + 2)
    assert FastaiTrainer(plan).fit(part).last_epoch == 0
    assert part.phases[-1] == "measuring the clean training loss"
    part = RecordingReporter(STEPS + VALIDATION_STEPS + CLEAN_STEPS + 2)
    assert FastaiTrainer(plan).fit(part).last_epoch == 1
    FastaiTrainer(plan).fit(resumed := RecordingReporter())
    assert part.epochs | resumed.epochs == log.epochs


def event_curves(plan):
    """What TensorBoard will draw: step and value, curve by curve."""
    events = EventAccumulator(str(plan.run_folder / "tensorboard"))
    events.Reload()
    return {name: [(event.step, event.value) for event in events.Scalars(name)] for name in events.Tags()["scalars"]}


def test_an_event_log_for_tensorboard_is_written_under_the_metrics_names(whole):
    plan, _, _, log = whole
    curves = event_curves(plan)
    assert curves.keys() == METRICS
    for name, curve in curves.items():
        assert curve == [(epoch, pytest.approx(metrics[name], rel=1e-6)) for epoch, metrics in log.epochs.items()]
    assert "tensorflow" not in sys.modules


def test_each_phase_is_one_cycle(whole):
    plan, _, _, log = whole
    rates = [row[3]["learning_rate"] for row in log.steps]
    head, everything = rates[: HEAD_EPOCHS * STEPS], rates[HEAD_EPOCHS * STEPS :]
    peak = plan.recipe.learning_rate
    assert 0.9 * peak < max(head) <= peak
    assert max(everything) == pytest.approx(peak / 2, rel=0.05)
    assert everything[0] == pytest.approx(peak / 2 / 5)
    assert everything[-1] < peak / 100


def test_imagenets_body_stays_as_it_is_until_the_whole_network_is_trained(make_plan):
    plan = make_plan(weights="imagenet")
    imagenet = resnet50(weights=None).state_dict()
    path = plan.downloads_dir / pretrained_file("resnet50").path
    path.parent.mkdir(parents=True)
    torch.save(imagenet, path)
    FastaiTrainer(plan).fit(RecordingReporter())
    ours, theirs = "0.4.0.conv1.weight", "layer1.0.conv1.weight"
    assert torch.equal(weights_of(plan, 1)[ours], imagenet[theirs])
    assert not torch.equal(weights_of(plan, 2)[ours], imagenet[theirs])


def test_a_run_stopped_again_and_again_ends_as_if_it_had_never_stopped(whole, make_plan):
    expected_plan, _, expected, whole_log = whole
    plan = make_plan(**WHOLE)
    log = RecordingReporter()
    for done, since in ((1, 1), (2, 1), (4, 2)):  # in the head's phase, between the phases, in the second phase
        questions = since * (STEPS + VALIDATION_STEPS) + 2
        part = RecordingReporter(questions)
        outcome = FastaiTrainer(plan).fit(part)
        assert (outcome.last_epoch, outcome.stopped) == (done, True)
        assert part.steps[-1][:2] == (done + 1, 2)  # not a step more
        log.epochs |= part.epochs
    assert FastaiTrainer(plan).fit(part := RecordingReporter()) == expected
    assert log.epochs | part.epochs == whole_log.epochs
    assert part.steps == [row for row in whole_log.steps if row[0] > 4]
    assert event_curves(plan) == event_curves(expected_plan)
    assert same(weights_of(plan, EPOCHS), weights_of(expected_plan, EPOCHS))
    assert same(weights_of(plan, EPOCHS, "best"), weights_of(expected_plan, EPOCHS, "best"))


def test_a_stop_before_the_first_epoch_ends_leaves_nothing_to_use(make_plan):
    trainer, log = FastaiTrainer(make_plan()), RecordingReporter(2)
    outcome = trainer.fit(log)
    assert len(log.steps) == 2
    assert (outcome.best_epoch, outcome.last_epoch, outcome.stopped) == (0, 0, True)
    with pytest.raises(RunError, match="no finished epoch yet"):
        trainer.export(Path("model.onnx"))


def test_a_stop_is_heeded_while_validating(make_plan):
    log = RecordingReporter(STEPS + 1)
    outcome = FastaiTrainer(make_plan()).fit(log)
    assert log.phases[-1] == "validating"
    assert (log.epochs, outcome.last_epoch, outcome.stopped) == ({}, 0, True)


def test_a_stop_is_heeded_while_the_rate_is_searched_for(make_plan):
    log = RecordingReporter(2)
    outcome = FastaiTrainer(make_plan(find_learning_rate=True)).fit(log)
    assert log.phases[-1] == "running the learning-rate finder"
    assert (log.steps, outcome.stopped) == ([], True)


def test_the_rate_found_is_used_also_after_a_stop_and_finding_it_changes_nothing_else(
    make_plan, images, tmp_path, monkeypatch
):
    steps, curves = 8, []
    monkeypatch.setattr(lr_finder, "STEPS", steps)
    monkeypatch.setattr(lr_finder, "suggest_rate", lambda *curve: curves.append(curve) or 0.004)
    plan = make_plan(find_learning_rate=True, learning_rate=5.0)
    log, resumed = RecordingReporter(steps + STEPS + VALIDATION_STEPS + 1), RecordingReporter()
    assert FastaiTrainer(plan).fit(log).last_epoch == 1
    FastaiTrainer(plan).fit(resumed)
    assert log.facts.learning_rate_found == 0.004
    assert [len(values) for values in curves[0]] == [steps, steps]
    assert [step[:2] for step in log.finder_steps] == [(step, steps) for step in range(1, steps + 1)]
    assert [[step[2][name] for step in log.finder_steps] for name in ("finder_learning_rate", "finder_loss")] == list(
        curves[0]
    )
    assert resumed.facts.learning_rate_found is None
    plain = plan_of(images, tmp_path / "plain", learning_rate=0.004)
    FastaiTrainer(plain).fit(RecordingReporter())
    assert same(weights_of(plan, 2), weights_of(plain, 2))


def test_the_rate_finder_alone_trains_nothing_and_times_its_steps(make_plan, monkeypatch):
    monkeypatch.setattr(lr_finder, "STEPS", 8)
    monkeypatch.setattr(lr_finder, "suggest_rate", lambda *curve: None)
    plan, log = make_plan(), RecordingReporter()
    test = FastaiTrainer(plan).run_lr_finder(log)
    assert test.suggested is None
    assert 0 < test.seconds_per_step < 5
    assert (len(log.finder_steps), log.epochs) == (8, {})
    assert log.finder_steps[0][2]["finder_raw_loss"] == pytest.approx(log.finder_steps[0][2]["finder_loss"])
    assert not plan.checkpoint_dir.exists()
    with pytest.raises(StopRequested):
        FastaiTrainer(plan).run_lr_finder(RecordingReporter(2))


def test_no_rate_is_suggested_where_the_loss_does_not_fall():
    rates = np.geomspace(1e-7, 10, 100).tolist()
    falling = [3 - 2 / (1 + np.exp(-12 * (np.log10(rate) + 3))) for rate in rates]
    assert 1e-4 < lr_finder.suggest_rate(rates, falling) < 1
    assert lr_finder.suggest_rate(rates, sorted(falling)) is None
    assert lr_finder.suggest_rate(rates, [*falling[:9], *[math.nan] * 91]) is None
    assert lr_finder.suggest_rate(rates[:12], falling[:12]) is None


def test_a_finished_run_is_not_trained_again(whole):
    plan, _, outcome, _ = whole
    log = RecordingReporter()
    assert FastaiTrainer(plan).fit(log) == outcome
    assert log.phases == []


def test_a_checkpoint_of_another_network_is_refused(whole):
    with pytest.raises(RunError, match="belongs to another network"):
        FastaiTrainer(replace(whole[0], classes=("brown", "green", "blue"))).predict(
            np.zeros((1, SIZE, SIZE, 3), np.uint8)
        )


def test_an_altered_file_of_a_checkpoint_is_noticed(whole, tmp_path):
    folder = tmp_path / "checkpoint" / "epoch-0001"
    folder.mkdir(parents=True)
    state = (whole[0].checkpoint_dir / f"epoch-{EPOCHS:04d}" / "state.json").read_bytes()
    (folder / "state.json").write_bytes(state)
    checkpoints = Checkpoints(folder.parent, FastaiState)
    torch.save({"weight": torch.ones(1000)}, folder / "model.pt")
    assert checkpoints.latest() is not None
    content = bytearray((folder / "model.pt").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.pt").write_bytes(content)
    assert checkpoints.latest() is None


SCRIPT = [(1.0, 0.5), (0.9, 0.6), (0.95, 0.8), (0.91, 0.7), (0.1, 0.9)]  # validation loss and accuracy


def test_training_stops_where_the_loss_no_longer_falls_and_the_best_epoch_is_kept(make_plan, monkeypatch):
    script = (Scores(val_loss=loss, val_accuracy=accuracy, val_macro_f1=0) for loss, accuracy in SCRIPT)
    monkeypatch.setattr(validation, "score", lambda probabilities, targets: next(script))
    plan = make_plan(head_epochs=2, epochs=3, early_stopping_patience=2)
    outcome = FastaiTrainer(plan).fit(RecordingReporter())
    assert outcome == Outcome(best_epoch=3, last_epoch=4, best_value=0.8, stopped=False)
    assert same(weights_of(plan, 4, "best"), weights_of(plan, 3))
    assert not same(weights_of(plan, 4, "best"), weights_of(plan, 4))
    assert FastaiTrainer(plan).fit(RecordingReporter()) == outcome


def test_an_image_that_vanished_ends_the_run_with_its_name(make_plan, tmp_path):
    missing = Examples(ImageSet([tmp_path / "gone.jpg"] * 4, SIZE), np.array([0, 1, 0, 1]))
    with pytest.raises(ImageError, match="gone.jpg"):
        FastaiTrainer(replace(make_plan(), train=missing)).fit(RecordingReporter())


@pytest.fixture(scope="module")
def graph_path(whole, tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    whole[1].export(path)
    return path


@pytest.fixture
def classifier(graph_path, whole, make_card, tmp_path):
    recipe = whole[0].recipe
    card = make_card(recipe.task, classes=whole[0].classes, image_size=SIZE, augmentation=recipe.augmentation)
    return Classifier(write_bundle(tmp_path / "colours", graph_path, card))


def test_the_exported_graph_takes_any_number_of_images_and_is_one_file(graph_path):
    assert [path.name for path in graph_path.parent.iterdir()] == ["model.onnx"]
    graph = onnx.load(graph_path).graph
    ends = [(value.name, value.type.tensor_type) for value in (*graph.input, *graph.output)]
    assert [
        (name, kind.elem_type, [size.dim_param or size.dim_value for size in kind.shape.dim]) for name, kind in ends
    ] == [
        ("images", onnx.TensorProto.UINT8, ["N", SIZE, SIZE, 3]),
        ("probabilities", onnx.TensorProto.FLOAT, ["N", 2]),
    ]


def test_the_served_graph_answers_as_the_trainer_does(classifier, whole):
    plan, trainer, _, _ = whole
    images = plan.val.images.batch(range(20))
    for count in (1, 2, 11):
        np.testing.assert_allclose(classifier.predict(images[:count]), trainer.predict(images[:count]), atol=1e-4)
    assert trainer.predict(images[:0]).shape == (0, 2)


def test_with_half_precision_it_learns_and_answers_in_full_precision(make_plan):
    plan, log = make_plan(precision="bfloat16", head_epochs=0, epochs=2), RecordingReporter()
    trainer = FastaiTrainer(plan)
    outcome = trainer.fit(log)
    assert outcome.last_epoch == 2
    losses = [metrics["train_loss"] for metrics in log.epochs.values()]
    assert losses[1] < losses[0]
    probabilities = trainer.predict(plan.val.images.batch(range(4)))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_the_largest_batch_is_searched_for(make_plan):
    assert FastaiTrainer(make_plan(batch_size=12)).largest_batch(RecordingReporter()) == 24  # of 40 images


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="no real photos: set WILDCAM_PHOTOS to a folder of them")
def test_the_served_graph_answers_as_the_trainer_does_on_real_images(classifier, whole):
    paths = sorted(PHOTOS.glob("*/*.[jJ][pP][gG]"))[::40][:12]
    images = ImageSet(paths, SIZE).batch(range(len(paths)))
    asked, answered = (_log_shares(answer) for answer in (whole[1].predict(images), classifier.predict(images)))
    assert np.ptp(asked) > 1  # they differ, so that agreeing says something
    np.testing.assert_allclose(answered, asked, atol=0.05)


def _log_shares(probabilities):
    """Of the first class, which a model of two colours gives hardly anything on real images."""
    return np.log(np.maximum(probabilities[:, 0], 1e-9))
