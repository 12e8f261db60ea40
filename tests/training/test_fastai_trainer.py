"""ResNet-50 is trained on tiny pictures: two classes, told apart by colour, from random weights."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image

from wildcam.architectures.pretrained import pretrained_file
from wildcam.data.labels import LabelPolicy
from wildcam.errors import PhotographError, RunError
from wildcam.serving.bundle import ModelCard, write_bundle
from wildcam.serving.classifier import Classifier
from wildcam.training.fastai_trainer import FastaiTrainer
from wildcam.training.photographs import Photographs
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan

# isort: split
from torchvision.models import resnet50

pytestmark = pytest.mark.slow

SIZE = 32
STEPS = 3  # 40 photographs in batches of at most 16
METRICS = {"train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_macro_f1", "learning_rate"}
PHOTOS = Path(os.environ.get("WILDCAM_PHOTOS", Path(__file__).parents[3] / "shared" / "photos"))


class Log:
    """A reporter that keeps all it is told, and asks for a stop after so many batches."""

    def __init__(self, batches_allowed: int | None = None):
        self.phases, self.steps, self.epochs, self.notes = [], [], [], {}
        self._asked, self._allowed = 0, batches_allowed

    def phase(self, text):
        if self.phases[-1:] != [text]:
            self.phases.append(text)

    def step(self, epoch, step, steps, metrics):
        self.steps.append((epoch, step, steps, dict(metrics)))

    def epoch(self, epoch, metrics):
        self.epochs.append((epoch, dict(metrics)))

    def note(self, name, value):
        self.notes[name] = value

    def stop_requested(self):
        self._asked += 1
        return self._allowed is not None and self._asked >= self._allowed


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """40 to train on and 20 to validate on: brownish or greenish noise."""
    folder = tmp_path_factory.mktemp("photographs")
    random = np.random.default_rng(0)
    sides = []
    for side, count in (("train", 40), ("val", 20)):
        targets = np.arange(count) % 2
        paths = []
        for number, target in enumerate(targets):
            colour = np.array([(150, 90, 40), (40, 120, 90)][target])
            pixels = np.clip(colour + random.normal(0, 25, (SIZE, SIZE, 3)), 0, 255).astype(np.uint8)
            paths.append(folder / f"{side}{number}.png")
            Image.fromarray(pixels).save(paths[-1])
        sides.append(Examples(Photographs(paths, SIZE, folder / f"{side}.npy"), targets.astype(np.int64)))
    return tuple(sides)


def plan_of(photographs, folder, **changes):
    values = {
        "weights": "random", "image_size": SIZE, "batch_size": 16, "head_epochs": 1, "epochs": 1,
        "find_learning_rate": False, **changes,
    }  # fmt: skip
    train, val = photographs
    return Plan(
        recipe=Recipe.of("colours", "resnet50", **values),
        classes=("brown", "green"),
        train=train,
        val=val,
        checkpoint_dir=folder / "checkpoint",
        downloads_dir=folder / "downloads",
    )


@pytest.fixture
def make_plan(photographs, tmp_path):
    return partial(plan_of, photographs, tmp_path)


def last_weights(plan):
    folder = max(plan.checkpoint_dir.glob("epoch-*"))
    return torch.load(folder / "model.pt", weights_only=True)


def test_head_and_whole_network_are_trained_and_every_epoch_is_reported(make_plan):
    plan, log = make_plan(epochs=4, learning_rate=0.01), Log()
    trainer = FastaiTrainer(plan)
    outcome = trainer.fit(log)
    assert log.phases == ["building the network", *["training", "validating"] * 5]
    assert [epoch for epoch, _ in log.epochs] == [1, 2, 3, 4, 5]
    assert all(metrics.keys() == METRICS for _, metrics in log.epochs)
    assert [row[:3] for row in log.steps] == [(epoch, step, STEPS) for epoch in range(1, 6) for step in range(1, 4)]
    assert all(row[3].keys() == {"step_loss", "step_accuracy", "learning_rate"} for row in log.steps)
    assert (log.notes["trainable_parameters"], log.notes["total_parameters"]) == trainer.parameters()
    accuracies = [metrics["val_accuracy"] for _, metrics in log.epochs]
    assert outcome.best_epoch == 1 + int(np.argmax(accuracies))
    assert outcome.best_value == max(accuracies) > 0.9
    assert (outcome.last_epoch, outcome.stopped) == (5, False)
    predicted = trainer.predict(plan.val.photographs.batch(range(20))).argmax(axis=1)
    assert (predicted == plan.val.targets).mean() == outcome.best_value


def test_imagenets_body_stays_as_it_is_until_the_whole_network_is_trained(make_plan):
    plan = make_plan(weights="imagenet")
    imagenet = resnet50(weights=None).state_dict()
    path = plan.downloads_dir / pretrained_file("resnet50").path
    path.parent.mkdir(parents=True)
    torch.save(imagenet, path)
    FastaiTrainer(plan).fit(Log())
    first, second = (
        torch.load(plan.checkpoint_dir / name / "model.pt", weights_only=True) for name in ("epoch-0001", "epoch-0002")
    )
    ours, theirs = "0.4.0.conv1.weight", "layer1.0.conv1.weight"
    assert torch.equal(first[ours], imagenet[theirs])
    assert not torch.equal(second[ours], imagenet[theirs])


@pytest.mark.parametrize(
    "finished", [1, 2, 3], ids=["in the head's phase", "between the phases", "in the second phase"]
)
def test_a_run_stopped_within_an_epoch_goes_on_as_if_it_had_not_been(make_plan, uninterrupted, finished):
    plan = make_plan(head_epochs=2, epochs=2, learning_rate=0.01)
    batches_of_an_epoch = STEPS + 2  # 20 photographs to validate on
    interrupted = Log(batches_allowed=finished * batches_of_an_epoch + 2)
    outcome = FastaiTrainer(plan).fit(interrupted)
    assert (outcome.last_epoch, outcome.stopped) == (finished, True)
    resumed = Log()
    outcome = FastaiTrainer(plan).fit(resumed)
    weights, log, expected = uninterrupted
    assert outcome == expected
    assert interrupted.epochs + resumed.epochs == log.epochs
    assert resumed.steps == [row for row in log.steps if row[0] > finished]
    for name, value in last_weights(plan).items():
        torch.testing.assert_close(value, weights[name], rtol=0, atol=0)


@pytest.fixture(scope="module")
def uninterrupted(photographs, tmp_path_factory):
    plan = plan_of(photographs, tmp_path_factory.mktemp("whole"), head_epochs=2, epochs=2, learning_rate=0.01)
    log = Log()
    outcome = FastaiTrainer(plan).fit(log)
    return last_weights(plan), log, outcome


def test_a_stop_ends_the_run_within_a_batch(make_plan):
    log = Log(batches_allowed=2)
    trainer = FastaiTrainer(make_plan())
    outcome = trainer.fit(log)
    assert len(log.steps) == 2
    assert log.epochs == []
    assert (outcome.best_epoch, outcome.last_epoch, outcome.stopped) == (0, 0, True)
    with pytest.raises(RunError, match="no finished epoch"):
        trainer.export(Path("model.onnx"))


def test_a_stop_is_heeded_while_validating(make_plan):
    log = Log(batches_allowed=STEPS + 1)
    outcome = FastaiTrainer(make_plan()).fit(log)
    assert log.phases[-1] == "validating"
    assert (log.epochs, outcome.last_epoch) == ([], 0)


def test_a_stop_is_heeded_while_the_rate_is_looked_for(make_plan):
    log = Log(batches_allowed=3)
    outcome = FastaiTrainer(make_plan(find_learning_rate=True)).fit(log)
    assert log.phases[-1] == "finding the learning rate"
    assert (log.steps, outcome.stopped) == ([], True)


def test_the_rate_found_is_the_peak_of_the_run_and_of_its_resumption(make_plan):
    plan, log = make_plan(head_epochs=2, find_learning_rate=True, learning_rate=5.0), Log(100 + 3 * STEPS)
    FastaiTrainer(plan).fit(log)
    found = log.notes["learning_rate_found"]
    assert 1e-7 < found < 1
    resumed = Log()
    FastaiTrainer(plan).fit(resumed)
    assert "learning_rate_found" not in resumed.notes
    head = [metrics["learning_rate"] for epoch, _, _, metrics in log.steps + resumed.steps if epoch <= 2]
    assert 0.5 * found < max(head) <= found


def test_a_finished_run_is_not_trained_again(make_plan):
    plan = make_plan()
    outcome = FastaiTrainer(plan).fit(Log())
    again = Log()
    assert FastaiTrainer(plan).fit(again) == outcome
    assert again.phases == []


def test_training_stops_early_where_the_validation_loss_no_longer_falls(make_plan):
    plan = make_plan(head_epochs=4, epochs=4, learning_rate=1e-9, early_stopping_patience=1)
    log = Log()
    outcome = FastaiTrainer(plan).fit(log)
    losses = [metrics["val_loss"] for _, metrics in log.epochs]
    assert outcome.last_epoch == len(losses) < 8
    assert losses[-1] >= min(losses[:-1])
    assert not outcome.stopped
    assert FastaiTrainer(plan).fit(Log()) == outcome


def test_a_photograph_that_vanished_ends_the_run_with_its_name(make_plan, tmp_path):
    plan = make_plan()
    missing = Examples(Photographs([tmp_path / "gone.jpg"] * 4, SIZE), np.array([0, 1, 0, 1]))
    with pytest.raises(PhotographError, match="gone.jpg"):
        FastaiTrainer(replace(plan, train=missing)).fit(Log())


@pytest.fixture(scope="module")
def served(photographs, tmp_path_factory):
    """A trainer after its run, and the graph that it exported."""
    folder = tmp_path_factory.mktemp("served")
    trainer = FastaiTrainer(plan_of(photographs, folder, learning_rate=0.01))
    trainer.fit(Log())
    trainer.export(folder / "model.onnx")
    return trainer, folder / "model.onnx"


def test_the_exported_graph_has_one_input_and_one_output_for_any_number_of_pictures(served):
    _, path = served
    assert [entry.name for entry in path.parent.iterdir() if entry.name.startswith("model")] == ["model.onnx"]
    graph = onnx.load(path).graph
    shapes = [
        (value.name, value.type.tensor_type.elem_type, [dim.dim_param or dim.dim_value for dim in dims(value)])
        for value in (*graph.input, *graph.output)
    ]
    assert shapes == [
        ("images", onnx.TensorProto.UINT8, ["N", SIZE, SIZE, 3]),
        ("probabilities", onnx.TensorProto.FLOAT, ["N", 2]),
    ]


def dims(value):
    return value.type.tensor_type.shape.dim


def test_the_served_graph_agrees_with_the_trainer(served, photographs):
    classifier, trainer = make_classifier(served), served[0]
    pictures = photographs[1].photographs.batch(range(20))
    for count in (1, 2, 11):
        np.testing.assert_allclose(classifier.predict(pictures[:count]), trainer.predict(pictures[:count]), atol=1e-4)
    assert trainer.predict(pictures[:0]).shape == (0, 2)


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="no real photographs: set WILDCAM_PHOTOS to a folder of them")
def test_the_served_graph_agrees_with_the_trainer_on_real_photographs(served):
    classifier, trainer = make_classifier(served), served[0]
    paths = sorted(PHOTOS.glob("*/*.[jJ][pP][gG]"))[::40][:12]
    pictures = Photographs(paths, SIZE).batch(range(len(paths)))
    probabilities = trainer.predict(pictures)
    assert np.ptp(probabilities[:, 0]) > 0.01  # they differ, so that agreeing says something
    np.testing.assert_allclose(classifier.predict(pictures), probabilities, atol=1e-3)


def make_classifier(served):
    trainer, path = served
    recipe = trainer._plan.recipe
    card = ModelCard(
        name="colours", task=recipe.task, classes=("brown", "green"), image_size=SIZE, preset="resnet50",
        dataset="colours", run_id="0", best_epoch=1, split_policy="random", split_fingerprint="",
        label_policy=LabelPolicy(), augmentation=recipe.augmentation, parity=0, created_at=datetime.now(UTC),
        sha256="",
    )  # fmt: skip
    return Classifier(write_bundle(path.parent / "colours", path, card, replace=True))
