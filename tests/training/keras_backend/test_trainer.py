"""The small CNN is trained on tiny images: empty and animal, told apart by colour."""

import json
import shutil
from functools import partial

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from tests.training.recording import RecordingReporter
from tests.training.whole_run import (
    CLEAN,
    METRICS,
    assert_reported_under_common_names,
    assert_validation_is_kept,
    plan_on,
    train_whole,
)
from wildcam.errors import ImageError, RunError
from wildcam.training import checkpoints, lr_range_test
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.keras_backend.callbacks import validation
from wildcam.training.keras_backend.trainer import KerasTrainer
from wildcam.training.recipe import Recipe
from wildcam.training.scores import Scores, score_clean
from wildcam.training.trainer import Examples, Outcome, Plan, StopRequested

pytestmark = pytest.mark.slow

SIDE = 32
STEPS, VAL_STEPS = 10, 5  # 40 and 20 images in batches of 4
EPOCHS = 5


def plan_of(images, folder, preset="empty_cnn", **changes):
    values = {"image_size": SIDE, "batch_size": 4, "epochs": EPOCHS, "learning_rate": 0.003, **changes}
    return plan_on(images, folder, Recipe.of("colours", preset, **values), ("empty", "animal"))


@pytest.fixture
def make_plan(images, tmp_path):
    return partial(plan_of, images, tmp_path)


@pytest.fixture(scope="module")
def whole(images, tmp_path_factory):
    return train_whole(KerasTrainer, plan_of(images, tmp_path_factory.mktemp("whole")))


@pytest.fixture
def copied(whole, make_plan):
    """The finished run once more, to be changed by a test."""
    plan = make_plan()
    shutil.copytree(whole[0].checkpoint_dir, plan.checkpoint_dir)
    return plan


def arrays_of(plan, epoch, name):
    with np.load(plan.checkpoint_dir / f"epoch-{epoch:04d}" / f"{name}.npz") as arrays:
        return [arrays[key] for key in arrays.files]


def state_of(plan, epoch):
    return json.loads((plan.checkpoint_dir / f"epoch-{epoch:04d}" / "state.json").read_text())


def assert_same_run(plan, other, *, tolerance=1e-5):
    """Weights, optimizer, random states and counters after the last epoch are the same."""
    for name in ("model", "optimizer", "best"):
        for found, expected in zip(arrays_of(plan, EPOCHS, name), arrays_of(other, EPOCHS, name), strict=True):
            np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    found, expected = state_of(plan, EPOCHS), state_of(other, EPOCHS)
    assert found.pop("plateau") == pytest.approx(expected.pop("plateau"), rel=tolerance)
    assert found.pop("patience") == pytest.approx(expected.pop("patience"), rel=tolerance)
    assert found == pytest.approx(expected, rel=tolerance)


def test_it_learns_and_reports_every_step_and_epoch_under_the_common_names(whole):
    _, _, outcome, log = whole
    assert outcome.last_epoch == EPOCHS
    assert_reported_under_common_names(log, EPOCHS, STEPS)
    assert outcome.best_value == log.epochs[outcome.best_epoch]["val_accuracy"] >= 0.9
    assert log.epochs[EPOCHS]["train_loss"] < log.epochs[1]["train_loss"] / 2
    assert log.steps[-1][3]["step_loss"] == pytest.approx(log.epochs[EPOCHS]["train_loss"])


def test_what_validation_said_of_every_image_is_kept_for_the_last_and_the_best_epoch(whole):
    assert_validation_is_kept(whole, tolerance=1e-5)


EVERYTHING = {
    "imbalance_strategy": "class_weights",
    "label_smoothing": 0.1,
    "mixup": 0.4,
    "clean_train_loss": 16,
    "epochs": 2,
}
CLEAN_STEPS = 4  # 16 images


def test_a_run_with_strategy_smoothing_mixup_and_clean_loss_goes_on_as_if_it_had_never_stopped(
    make_plan, images, tmp_path
):
    log = RecordingReporter()
    KerasTrainer(make_plan(**EVERYTHING)).fit(log)
    assert all(metrics.keys() == METRICS | CLEAN for metrics in log.epochs.values())
    assert log.epochs[2]["train_loss"] > 0.4  # no certainty costs less, where a tenth of the target is elsewhere
    plan, part = (
        plan_of(images, tmp_path / "stopped", **EVERYTHING),
        RecordingReporter(STEPS + VAL_STEPS + CLEAN_STEPS + 2),
    )
    assert KerasTrainer(plan).fit(part).last_epoch == 1
    KerasTrainer(plan).fit(resumed := RecordingReporter())
    assert resumed.epochs[2] == pytest.approx(log.epochs[2], rel=1e-4)


def test_the_clean_loss_is_what_the_trained_network_says_of_untouched_images(make_plan):
    plan, log = make_plan(epochs=1, clean_train_loss=100), RecordingReporter()
    trainer = KerasTrainer(plan)
    trainer.fit(log)
    scores = score_clean(trainer.predict(plan.train.images.batch(range(40))), plan.train.targets)
    assert log.phases[-1] == "measuring the clean training loss"
    for name, value in scores.model_dump().items():
        assert log.epochs[1][name] == pytest.approx(value, rel=1e-4)


def test_a_stop_is_heeded_while_the_clean_loss_is_measured(make_plan):
    log = RecordingReporter(STEPS + VAL_STEPS + 1)
    assert KerasTrainer(make_plan(clean_train_loss=16)).fit(log).last_epoch == 0
    assert log.phases[-1] == "measuring the clean training loss"


def event_losses(plan, subset):
    """What TensorBoard will draw, epoch by epoch."""
    events = EventAccumulator(str(plan.checkpoint_dir.parent / "tensorboard" / subset))
    events.Reload()
    return [float(make_ndarray(event.tensor_proto)) for event in events.Tensors("epoch_loss")]


def test_an_event_log_for_tensorboard_is_written(whole):
    plan, _, _, log = whole
    for subset, name in (("train", "train_loss"), ("validation", "val_loss")):
        assert event_losses(plan, subset) == pytest.approx([metrics[name] for metrics in log.epochs.values()])


def test_a_stopped_run_is_resumed_as_if_it_had_never_stopped(whole, make_plan):
    plan = make_plan()
    log = RecordingReporter(stop_at=2 * (STEPS + VAL_STEPS) + 2)  # two epochs, and two steps
    outcome = KerasTrainer(plan).fit(log)
    assert outcome == Outcome(outcome.best_epoch, last_epoch=2, best_value=outcome.best_value, stopped=True)
    assert [step[:2] for step in log.steps][-1] == (3, 2)  # not a step more
    log = RecordingReporter()
    resumed = KerasTrainer(plan).fit(log)
    assert [step[:2] for step in log.steps][0] == (3, 1)
    assert list(log.epochs) == [3, 4, 5]
    for epoch, metrics in log.epochs.items():
        assert metrics == pytest.approx(whole[3].epochs[epoch], rel=1e-4)
    assert resumed.best_epoch == whole[2].best_epoch
    assert_same_run(plan, whole[0])
    assert event_losses(plan, "validation") == pytest.approx(event_losses(whole[0], "validation"), rel=1e-4)


def test_a_stop_before_the_first_epoch_ends_leaves_nothing_to_use(make_plan):
    plan = make_plan()
    outcome = KerasTrainer(plan).fit(RecordingReporter(1))
    assert (outcome.best_epoch, outcome.last_epoch, outcome.stopped) == (0, 0, True)
    with pytest.raises(RunError, match="no finished epoch yet"):
        KerasTrainer(plan).predict(np.zeros((1, SIDE, SIDE, 3), np.uint8))


def test_a_finished_run_is_not_trained_again(whole, copied):
    log = RecordingReporter()
    assert KerasTrainer(copied).fit(log) == whole[2]
    assert (log.steps, log.epochs) == ([], {})


@pytest.mark.parametrize("name", ["model.npz", "state.json"])
def test_a_damaged_checkpoint_costs_one_epoch(whole, copied, name):
    path = copied.checkpoint_dir / f"epoch-{EPOCHS:04d}" / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (copied.checkpoint_dir / ".epoch-0005.killed").mkdir()
    log = RecordingReporter()
    assert KerasTrainer(copied).fit(log).last_epoch == EPOCHS
    assert list(log.epochs) == [EPOCHS]
    assert_same_run(copied, whole[0])
    assert sorted(path.name for path in copied.checkpoint_dir.iterdir()) == ["epoch-0004", "epoch-0005"]


def test_a_checkpoint_of_another_network_is_refused(copied, make_plan):
    shutil.rmtree(copied.checkpoint_dir / "epoch-0005")
    with pytest.raises(RunError, match="belongs to another network"):
        KerasTrainer(make_plan(image_size=40)).fit(RecordingReporter())


def test_the_exported_graph_answers_as_the_framework_does(whole, tmp_path):
    _, trainer, _, _ = whole
    images = whole[0].val.images.batch(range(8))
    trainer.export(tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    (found,) = session.run(["probabilities"], {"images": images})
    expected = trainer.predict(images)
    assert np.abs(found - expected).max() < 1e-3
    assert (expected.argmax(axis=1) == whole[0].val.targets[:8]).mean() > 0.8
    assert trainer.predict(images[:0]).shape == (0, 2)


SCRIPT = {  # epoch: validation loss and accuracy
    1: (1.0, 0.5),
    2: (0.9, 0.6),
    3: (0.95, 0.8),
    4: (0.91, 0.7),
    5: (0.95, 0.8),
    6: (0.92, 0.7),
    7: (0.1, 0.9),
}


@pytest.fixture
def scripted(monkeypatch):
    """Validation says what SCRIPT says, epoch by epoch."""
    script = iter(SCRIPT.values())

    def say(probabilities, targets):
        loss, accuracy = next(script)
        return Scores(val_loss=loss, val_accuracy=accuracy, val_macro_f1=accuracy)

    monkeypatch.setattr(validation, "score", say)
    monkeypatch.setattr(checkpoints, "KEPT_EPOCHS", 99)


@pytest.mark.usefixtures("scripted")
def test_the_rate_shrinks_after_two_epochs_and_training_stops_after_four_without_a_better_loss(make_plan):
    plan, log = make_plan(epochs=30, learning_rate=0.001), RecordingReporter()
    outcome = KerasTrainer(plan).fit(log)
    rates = [metrics["learning_rate"] for metrics in log.epochs.values()]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-3, 1e-3, 2e-4, 2e-4])
    # By accuracy the third epoch is the best, and the earliest of equals.
    assert outcome == Outcome(best_epoch=3, last_epoch=6, best_value=0.8, stopped=False)
    assert state_of(plan, 6)["finished"]
    best, third = arrays_of(plan, 6, "best"), arrays_of(plan, 3, "best")
    assert all((one == other).all() for one, other in zip(best, third, strict=True))
    changed = zip(best, arrays_of(plan, 4, "model"), strict=False)
    assert any(one.shape != other.shape or (one != other).any() for one, other in changed)


@pytest.mark.usefixtures("scripted")
def test_the_rate_shrinks_no_further_than_its_least_and_zero_patience_never_stops(make_plan):
    plan, log = (
        make_plan(epochs=7, learning_rate=4e-6, early_stopping_patience=0, monitor="val_loss"),
        RecordingReporter(),
    )
    outcome = KerasTrainer(plan).fit(log)
    rates = [metrics["learning_rate"] for metrics in log.epochs.values()]
    assert rates == pytest.approx([4e-6, 4e-6, 4e-6, 4e-6, 1e-6, 1e-6, 1e-6])
    assert (outcome.best_epoch, outcome.best_value) == (7, 0.1)


def test_the_rate_finder_leaves_everything_but_the_rate_as_it_was(make_plan, images, tmp_path, monkeypatch):
    plain, found = make_plan(epochs=1), plan_of(images, tmp_path / "found", epochs=1, find_learning_rate=True)
    KerasTrainer(plain).fit(RecordingReporter())
    seen = []

    def suggest(rates, losses):
        seen.extend(zip(rates, losses, strict=True))
        return plain.recipe.learning_rate

    monkeypatch.setattr(lr_range_test, "suggest_rate", suggest)
    log = RecordingReporter()
    KerasTrainer(found).fit(log)
    assert log.facts.learning_rate_found == plain.recipe.learning_rate
    assert 50 < len(seen) <= lr_range_test.STEPS
    assert [step[:2] for step in log.finder_steps] == [(step, 100) for step in range(1, len(seen) + 1)]
    assert [(step[2]["finder_learning_rate"], step[2]["finder_raw_loss"]) for step in log.finder_steps] == seen
    np.testing.assert_allclose(
        [step[2]["finder_loss"] for step in log.finder_steps], lr_range_test.smoothed([loss for _, loss in seen])
    )
    for one, other in zip(arrays_of(plain, 1, "model"), arrays_of(found, 1, "model"), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_the_recipes_rate_is_kept_where_none_is_suggested(make_plan, monkeypatch):
    monkeypatch.setattr(lr_range_test, "suggest_rate", lambda rates, losses: None)
    monkeypatch.setattr(lr_range_test, "STEPS", 4)
    log = RecordingReporter()
    KerasTrainer(make_plan(epochs=1, find_learning_rate=True)).fit(log)
    assert log.epochs[1]["learning_rate"] == pytest.approx(0.003)
    assert "recipe's learning rate is kept" in log.facts.learning_rate_note


def test_the_rate_finder_alone_trains_nothing_and_times_its_steps(make_plan, monkeypatch):
    monkeypatch.setattr(lr_range_test, "suggest_rate", lambda rates, losses: None)
    monkeypatch.setattr(lr_range_test, "STEPS", 10)
    plan, log = make_plan(), RecordingReporter()
    test = KerasTrainer(plan).run_lr_finder(log)
    assert test.suggested is None
    assert 0 < test.seconds_per_step < 1
    assert (len(log.finder_steps), log.epochs) == (10, {})
    assert not plan.checkpoint_dir.exists()
    with pytest.raises(StopRequested):
        KerasTrainer(plan).run_lr_finder(RecordingReporter(2))


def test_an_image_that_vanishes_ends_the_run_with_its_name(tmp_path, make_plan):
    for number in range(8):
        Image.new("RGB", (SIDE, SIDE)).save(tmp_path / f"{number}.png")
    paths = [tmp_path / f"{number}.png" for number in range(8)]
    examples = Examples(ImageSet(paths, SIDE), np.arange(8) % 2)
    paths[5].unlink()
    plan = make_plan(epochs=1)
    with pytest.raises(ImageError, match=r"5\.png is missing"):
        KerasTrainer(Plan(**{**vars(plan), "train": examples})).fit(RecordingReporter())


def test_softmax_presets_learn_too(make_plan):
    """EfficientNet-B0, for one epoch of one batch: what differs is the loss and the penalties on weights."""
    plan, log = (
        make_plan("efficientnet_b0_top10", task="all", weights="random", epochs=1, batch_size=40),
        RecordingReporter(),
    )
    trainer = KerasTrainer(plan)
    trainer.fit(log)
    assert log.epochs[1]["train_loss"] < 2.0  # without the penalties
    assert trainer.predict(plan.val.images.batch([0, 1, 2])).shape == (3, 2)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_with_half_precision_it_learns_resumes_and_serves_in_full_precision(make_plan, tmp_path, precision):
    plan, log = make_plan(precision=precision, epochs=2, learning_rate=0.01), RecordingReporter()
    trainer = KerasTrainer(plan)
    assert trainer.fit(RecordingReporter(stop_at=STEPS + VAL_STEPS + 2)).stopped
    outcome = trainer.fit(log)
    assert (outcome.last_epoch, list(log.epochs)) == (2, [2])
    assert log.epochs[2]["train_loss"] < 0.7
    trainer.export(tmp_path / "model.onnx")
    images = plan.val.images.batch(range(4))
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"images": images})[0], trainer.predict(images), atol=1e-5)


def test_the_largest_batch_is_searched_for_and_leaves_the_training_as_it_would_have_been(make_plan, tmp_path):
    plan, log = make_plan(epochs=1), RecordingReporter()
    trainer = KerasTrainer(plan)
    assert trainer.largest_batch(log) == 32  # of 40 images
    trainer.fit(log)
    other = plan_of((plan.train, plan.val), tmp_path / "other", epochs=1)
    KerasTrainer(other).fit(RecordingReporter())
    for found, expected in zip(arrays_of(plan, 1, "best"), arrays_of(other, 1, "best"), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
