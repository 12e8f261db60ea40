"""EfficientNet-Lite0: an epoch of the head and one of all layers, exported with its map.

Once from the installed weights, else with a tiny backbone that starts from the same random ones each time.
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from onnxruntime import InferenceSession

from tests.training.recording import RecordingReporter
from wildcam.architectures import fastai_models
from wildcam.architectures.backbones import load_backbone
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.changed import changed
from wildcam.errors import UsageError
from wildcam.settings import load_settings
from wildcam.training.checkpoints import Checkpoints
from wildcam.training.fastai_backend.checkpoint import FastaiState, restore_network
from wildcam.training.fastai_backend.trainer import FastaiTrainer, blend
from wildcam.training.recipe import Recipe
from wildcam.training.submit import missing_weights
from wildcam.training.trainer import Plan

SIZE = 32


def plan_of(images, folder):
    recipe = Recipe.of(
        "colours",
        "efficientnet_lite0",
        image_size=SIZE,
        batch_size=12,
        head_epochs=1,
        epochs=1,
        find_learning_rate=False,
        wise_ft=0.5,
    )
    return Plan(recipe, ("brown", "green"), *images, folder / "checkpoint", folder / "downloads")


@pytest.fixture(scope="module")
def trained(images, tmp_path_factory):
    plan = plan_of(images, tmp_path_factory.mktemp("lite0"))
    trainer = FastaiTrainer(plan)
    outcome = trainer.fit(RecordingReporter())
    return trainer, outcome, plan


@pytest.fixture
def tiny_backbone(monkeypatch):
    """Stands for the preset's backbone: what it starts from is the same each time."""

    def load(architecture, *, pretrained):
        torch.manual_seed(int(pretrained))
        return load_backbone("test_efficientnet", pretrained=False)

    monkeypatch.setattr(fastai_models, "load_backbone", load)
    return load


def test_the_answers_are_those_of_weights_between_start_and_end(tiny_backbone, images, tmp_path):
    plan = plan_of(images, tmp_path)
    batch, answers, reporter = plan.val.images.batch(range(5)), {}, RecordingReporter()
    for share in (1.0, 0.5, 0.0):
        trainer = FastaiTrainer(replace(plan, recipe=changed(plan.recipe, wise_ft=share)))
        outcome = trainer.fit(reporter)  # the second and third find it trained
        answers[share] = trainer.predict(batch)
    assert (outcome.last_epoch, outcome.stopped, list(reporter.epochs)) == (2, False, [1, 2])

    network = fastai_models.network_of(plan.recipe.preset, 2, weights_path=tmp_path)
    start = {name: value.clone() for name, value in network.module[0].state_dict().items()}
    checkpoint = Checkpoints(plan.checkpoint_dir, FastaiState).trained()
    restore_network(checkpoint.folder / "model.pt", network.module)
    assert [name for name, value in network.module[0].state_dict().items() if torch.equal(value, start[name])] == []
    restore_network(checkpoint.folder / "best.pt", network.module)
    end = {name: value.clone() for name, value in network.module[0].state_dict().items()}
    for share in answers:
        between = {name: share * value + (1 - share) * start[name] for name, value in end.items()}
        network.module[0].load_state_dict(between)
        serving = fastai_models.Serving(network).eval()
        with torch.inference_mode():
            probabilities = serving.probabilities(torch.from_numpy(batch))
        np.testing.assert_allclose(answers[share], probabilities.numpy(), atol=1e-5)


@pytest.mark.slow
def test_it_trains_both_phases_from_the_installed_weights(trained):
    trainer, outcome, _ = trained
    assert (outcome.last_epoch, outcome.stopped) == (2, False)
    assert trainer.backbone().sha256 == PACKAGED_WEIGHTS["tf_efficientnet_lite0"].sha256


@pytest.mark.slow
def test_the_graph_answers_as_the_network_and_its_map_is_exact(trained, tmp_path):
    trainer, _, plan = trained
    trainer.export(tmp_path / "model.onnx")
    batch = plan.val.images.batch(range(5))
    session = InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    assert [output.name for output in session.get_outputs()] == ["probabilities", "evidence"]
    probabilities, evidence = session.run(None, {"images": batch})
    np.testing.assert_allclose(probabilities, trainer.predict(batch), atol=1e-4)
    logits = evidence.mean(axis=(1, 2))
    np.testing.assert_allclose(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), probabilities, atol=1e-4)


@pytest.mark.parametrize(("share", "weight"), [(0.0, 1.0), (0.25, 1.5), (1.0, 3.0)])
def test_blended_weights_lie_between_both(share, weight):
    tuned, pretrained = torch.nn.BatchNorm1d(2), torch.nn.BatchNorm1d(2)
    for network, value in ((tuned, 3.0), (pretrained, 1.0)):
        torch.nn.init.constant_(network.weight, value)
        network.running_mean.fill_(value)
    blend(tuned, pretrained, share)
    assert tuned.weight.tolist() == [weight, weight]
    assert tuned.running_mean.tolist() == [weight, weight]


def test_random_weights_are_nothing_to_go_back_to():
    with pytest.raises(UsageError, match="leave wise_ft at 1"):
        Recipe.of("colours", "efficientnet_lite0", weights="random", wise_ft=0.5)
    with pytest.raises(UsageError, match="does not use wise_ft"):
        Recipe.of("colours", "resnet50", wise_ft=0.5)


def test_nothing_is_downloaded_for_it():
    assert missing_weights(Recipe.of("colours", "efficientnet_lite0"), load_settings()) == ""
