"""Trains the fastai presets."""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from fastai.callback.core import TrainEvalCallback
from fastai.callback.schedule import Learner
from fastai.learner import CastToTensor, Recorder
from fastai.torch_core import default_device, set_seed
from fastcore.basics import noop
from numpy.typing import NDArray
from torch import nn

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.fastai_models import FastaiNetwork, Serving, network_of
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.runs.facts import TrainFacts
from wildcam.training.batch_trial import largest_batch
from wildcam.training.checkpoints import Checkpoint, Checkpoints
from wildcam.training.fastai_backend.batches import data_loaders
from wildcam.training.fastai_backend.callbacks.checkpointing import Checkpointing
from wildcam.training.fastai_backend.callbacks.clean_train_loss import CleanTrainLoss
from wildcam.training.fastai_backend.callbacks.epochs import Epochs
from wildcam.training.fastai_backend.callbacks.event_log import EventLog
from wildcam.training.fastai_backend.callbacks.half_precision import HalfPrecision, casting
from wildcam.training.fastai_backend.callbacks.reporting import Reporting
from wildcam.training.fastai_backend.callbacks.stopping import Stopping
from wildcam.training.fastai_backend.callbacks.validation import Validation
from wildcam.training.fastai_backend.checkpoint import FastaiState, restore_network, restore_optimizer
from wildcam.training.fastai_backend.losses import ImbalanceLoss
from wildcam.training.fastai_backend.lr_finder import find_learning_rate
from wildcam.training.fastai_backend.onnx_export import write_onnx
from wildcam.training.fastai_backend.phases import phases
from wildcam.training.imbalance import loss_terms
from wildcam.training.lr_range_test import NO_RATE_FOUND, LRRangeTest
from wildcam.training.recipe import Precision, Recipe, Weights
from wildcam.training.trainer import Outcome, Plan, Reporter, fetch_weights


class FastaiTrainer:
    """A `Trainer`. Epochs, rates, order and every random draw go on after a stop as if there had been none."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._checkpoints = Checkpoints(plan.checkpoint_dir, FastaiState)
        self._serving: Serving | None = None  # with the best epoch's weights

    def fit(self, reporter: Reporter) -> Outcome:
        """Train, from the checkpoint where there is one; a finished run's outcome comes at once."""
        return self._checkpoints.train_on(lambda resumed: self._train(reporter, resumed))

    def run_lr_finder(self, reporter: Reporter) -> LRRangeTest:
        """The learning-rate range test alone, from the recipe's starting weights. Raises `StopRequested`."""
        learner, _ = self._build(reporter, fetch_weights(self._plan, reporter))
        return _run_lr_finder(learner, self._plan.recipe, reporter)

    def largest_batch(self, reporter: Reporter) -> int:
        """The largest batch size that fits into memory, by trial with a network that is thrown away."""
        learner, _ = self._build(reporter, None)
        reporter.phase("finding the largest batch size")
        step = partial(_try_step, learner, torch.optim.Adam(learner.model.parameters()), self._plan)
        on_processor = learner.dls.device.type == "cpu"
        return largest_batch(self._plan.recipe.batch_size, len(self._plan.train), step, on_processor=on_processor)

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the best epoch's weights. uint8 (N, S, S, 3) RGB 0–255 → float32 (N, C)."""
        serving, size = self._best_serving(), self._plan.recipe.batch_size
        parts = [np.zeros((0, len(self._plan.classes)), np.float32)]
        with torch.inference_mode():
            for start in range(0, len(images), size):
                batch = torch.from_numpy(images[start : start + size])
                parts.append(serving.probabilities(batch.to(serving.mean.device)).cpu().numpy())
        return np.concatenate(parts)

    def backbone(self) -> BackboneInfo | None:
        """Of the preset with packaged weights; of the other one the preset's name says which network it is."""
        return self._starting_network().backbone if self._plan.recipe.preset_info.packaged else None

    def held_out(self) -> None:
        """None: an epoch of a network costs too much to repeat it for each fold."""

    def export(self, path: Path) -> None:
        """Write the best epoch's weights as the ONNX graph of a model bundle."""
        write_onnx(self._best_serving(), self._plan.recipe.image_size, path)

    def _train(self, reporter: Reporter, resumed: Checkpoint[FastaiState] | None) -> None:
        recipe, plan = self._plan.recipe, self._plan
        self._serving = None
        learner, network = self._build(reporter, None if resumed else fetch_weights(plan, reporter))
        done, rate = 0, recipe.learning_rate
        if resumed:
            restore_network(resumed.folder / "model.pt", learner.model)
            done, rate = resumed.state.epoch, resumed.state.learning_rate
        elif recipe.find_learning_rate:
            rate = _suggested_rate(learner, recipe, reporter)
        checkpointing = Checkpointing(self._checkpoints, resumed, plan, rate)
        sample = plan.train.sample(recipe.clean_train_loss, recipe.seed) if recipe.clean_train_loss else None
        learner.add_cbs(
            [
                Epochs(learner.dls.train_ds, recipe.seed, done),
                Validation(plan.val.targets, reporter),
                CleanTrainLoss(Serving(network), sample, recipe.batch_size, reporter),
                Reporting(reporter),
                EventLog(plan.run_folder / "tensorboard", done),
                checkpointing,
            ]
        )
        for phase in phases(recipe):
            if phase.end <= done:
                continue
            phase.prepare(learner)
            if resumed and phase.done < done:
                restore_optimizer(resumed.folder / "optimizer.pt", learner.opt, learner.dls.device)
            phase.train(learner, rate, skipped=max(0, done - phase.done))
            if checkpointing.finished:
                break

    def _build(self, reporter: Reporter, weights_path: Path | None) -> tuple[Learner, FastaiNetwork]:
        recipe, plan = self._plan.recipe, self._plan
        reporter.phase("building the network")
        set_seed(recipe.seed)
        network = network_of(recipe.preset, len(plan.classes), dropout=recipe.dropout, weights_path=weights_path)
        return _learner(network, plan, reporter), network

    def _best_serving(self) -> Serving:
        if self._serving is None:
            checkpoint = self._checkpoints.trained()
            recipe = self._plan.recipe
            network = network_of(recipe.preset, len(self._plan.classes))
            restore_network(checkpoint.folder / "best.pt", network.module)
            if recipe.wise_ft < 1:
                blend(network.module[0], self._starting_network().module[0], recipe.wise_ft)
            self._serving = Serving(network).eval().to(default_device())
        return self._serving

    def _starting_network(self) -> FastaiNetwork:
        """What training began from, for the presets with packaged weights."""
        recipe = self._plan.recipe
        packaged = PACKAGED_WEIGHTS[recipe.preset_info.packaged]
        path = packaged.verified_path() if recipe.weights is Weights.IMAGENET else None
        return network_of(recipe.preset, len(self._plan.classes), weights_path=path)


def blend(tuned: nn.Module, pretrained: nn.Module, share: float) -> None:
    """Move `tuned` to `share` of the way from `pretrained` to it, its running statistics too (WiSE-FT)."""
    start = pretrained.state_dict()
    with torch.no_grad():
        for name, value in tuned.state_dict().items():
            if value.is_floating_point():
                value.copy_(start[name].to(value.device).lerp(value, share))


def _learner(network: FastaiNetwork, plan: Plan, reporter: Reporter) -> Learner:
    """A learner that prints nothing and checks for stops."""
    loaders = data_loaders(plan, network.mean, network.deviation)
    precision = plan.recipe.precision
    half_precision = [] if precision is Precision.FLOAT32 else [HalfPrecision(precision)]
    learner = Learner(
        loaders,
        network.module.to(loaders.device),
        _loss(plan).to(loaders.device),
        splitter=network.parameter_groups,
        cbs=[TrainEvalCallback(), CastToTensor(), Recorder(), Stopping(reporter), *half_precision],
        default_cbs=False,  # they draw progress bars
    )
    learner.logger = noop
    return learner


def _try_step(learner: Learner, optimizer: torch.optim.Optimizer, plan: Plan, size: int) -> None:
    """One step of the whole network with a batch of so many images; the GPU's memory is given back."""
    try:
        loaders = data_loaders(plan.with_batch_size(size))
        images, targets = next(iter(loaders.train))
        with casting(plan.recipe.precision, learner.dls.device.type):
            loss = learner.loss_func(learner.model(images), targets)
        loss.backward()
        optimizer.step()
    finally:
        optimizer.zero_grad()
        torch.cuda.empty_cache()


def _loss(plan: Plan) -> nn.Module:
    recipe = plan.recipe
    if recipe.has_plain_loss:
        return nn.CrossEntropyLoss()
    return ImbalanceLoss(loss_terms(recipe, plan.train.targets, len(plan.classes)))


def _run_lr_finder(learner: Learner, recipe: Recipe, reporter: Reporter) -> LRRangeTest:
    """The range test of the first phase: of the head alone, where the recipe begins with it."""
    reporter.phase("running the learning-rate finder")
    phases(recipe)[0].prepare(learner)
    return find_learning_rate(learner, reporter)


def _suggested_rate(learner: Learner, recipe: Recipe, reporter: Reporter) -> float:
    """The suggested rate, or the recipe's where none is suggested."""
    found = _run_lr_finder(learner, recipe, reporter).suggested
    if found is None:
        reporter.write_facts(TrainFacts(learning_rate_note=NO_RATE_FOUND))
        return recipe.learning_rate
    reporter.write_facts(TrainFacts(learning_rate_found=found))
    return found
