"""What the worker needs of a framework: fit, predict, export. One module a framework, loaded late."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wildcam.architectures import pretrained
from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.changed import changed
from wildcam.runs.facts import TrainFacts
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.lr_range_test import LRRangeTest
from wildcam.training.recipe import Recipe, Weights
from wildcam.training.validation_table import validation_table, write_validation

_SAMPLE_STREAM = 3  # beside those of orders and blends


@dataclass(frozen=True)
class Examples:
    """Images with their classes. `targets`: int64, (N,), positions in the plan's `classes`."""

    images: ImageSet
    targets: NDArray[np.int64]
    image_ids: tuple[str, ...] = ()  # empty where nobody needs to know which image is which
    groups: tuple[str, ...] = ()
    """Location, else burst, of each: what must not straddle a cross-validation; empty where unknown."""

    def __len__(self) -> int:
        return len(self.targets)

    def sample(self, count: int, seed: int) -> "Examples":
        """At most so many of them, drawn at random: the same for the same seed, in their order."""
        if count >= len(self):
            return self
        drawn = np.random.default_rng((seed, _SAMPLE_STREAM)).choice(len(self), count, replace=False)
        return self.take(np.sort(drawn))

    def take(self, positions: NDArray[np.int64]) -> "Examples":
        """Those at these positions."""
        ids = tuple(self.image_ids[position] for position in positions) if self.image_ids else ()
        groups = tuple(self.groups[position] for position in positions) if self.groups else ()
        return Examples(self.images.take(positions), self.targets[positions], ids, groups)


@dataclass(frozen=True)
class Plan:
    """All that a trainer needs to know. The file of every image in `train` and `val` was there when it began."""

    recipe: Recipe
    classes: tuple[str, ...]  # stage 1: ("empty", "animal")
    train: Examples
    val: Examples
    checkpoint_dir: Path  # the trainer's own files; complete or absent after a crash
    downloads_dir: Path  # where pretrained weights are kept
    feature_cache: PixelCache | None = None  # of the features of frozen backbones

    def with_batch_size(self, batch_size: int) -> "Plan":
        """The same with another batch size."""
        return replace(self, recipe=changed(self.recipe, batch_size=batch_size))

    @property
    def run_folder(self) -> Path:
        """The run's folder, for what readers of the run may want: event log, validation table."""
        return self.checkpoint_dir.parent

    def keep_validation(self, probabilities: NDArray[np.float32], *, best: bool) -> None:
        """Keep an epoch's probabilities for the images of `val`, (N, C), in their order; not of the damaged ones."""
        if self.val.image_ids:
            table = validation_table(self.val.image_ids, self.val.targets, probabilities, self.classes)
            write_validation(self.run_folder, table[~self.val.images.damaged()], best=best)


@dataclass(frozen=True)
class HeldOut:
    """Answers of a cross-validation on the training images, by models that saw neither an image nor its group.

    A model answers for classes that it never saw as well: those images are not `known`.
    """

    targets: NDArray[np.int64]  # (N,), positions in the plan's `classes`
    groups: NDArray[np.str_]  # (N,), location or burst of each
    probabilities: NDArray[np.float32]  # (N, C)
    known: NDArray[np.bool_]  # (N,): whether the model had seen the class
    unseen: NDArray[np.float32]  # (N, C): of a model that had not; NaN where there is none


@dataclass(frozen=True)
class Outcome:
    """How training ended. Epochs count from 1; `stopped` when a stop was requested."""

    best_epoch: int
    last_epoch: int
    best_value: float  # of the recipe's monitor
    stopped: bool


class StopRequested(Exception):
    """Ends a trainer's work at once; its `fit` catches it."""


class Reporter(Protocol):
    """Where a trainer reports its progress. Calls are cheap; the reporter thins points itself."""

    def phase(self, text: str) -> None:
        """What is being done now, in words ("running the learning-rate finder")."""

    def step(self, epoch: int, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """After each batch, `step` of `steps` in `epoch` (from 1): `step_loss`, `step_accuracy`, `learning_rate`."""

    def epoch(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """After each epoch: the `EPOCH_METRICS` of `runs.metric_names`.

        Where the recipe has `clean_train_loss` also `train_clean_loss`, `train_clean_accuracy`.
        """

    def progress(self, phase: str, done: int, total: int) -> None:
        """How far a phase other than training is."""

    def finder_step(self, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """After each step of the range test: `finder_loss` (smoothed), `finder_raw_loss`, `finder_learning_rate`."""

    def write_facts(self, facts: TrainFacts) -> None:
        """Keep facts of the run, such as the learning rate found."""

    def stop_requested(self) -> bool:
        """Checked after every batch; when True, stop at once: the last finished epoch's checkpoint counts."""


class Trainer(Protocol):
    """Trains a plan with one framework."""

    def fit(self, reporter: Reporter) -> Outcome:
        """Train, from the checkpoint where there is one. A checkpoint is kept after each epoch."""

    def run_lr_finder(self, reporter: Reporter) -> LRRangeTest:
        """The learning-rate range test alone, from the recipe's starting weights. Raises `StopRequested`."""

    def largest_batch(self, reporter: Reporter) -> int:
        """The largest batch size that fits into memory, by trial from the recipe's on; trials leave no trace."""

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the best epoch's weights. uint8 (N, S, S, 3) RGB 0–255 → float32 (N, C)."""

    def backbone(self) -> BackboneInfo | None:
        """What the card says of a pretrained backbone; None where the framework has none to tell of."""

    def held_out(self) -> HeldOut | None:
        """What cross-validation found; None where there was none, and validation is all that there is."""

    def export(self, path: Path) -> None:
        """Write the best epoch's weights as the ONNX graph of a model bundle."""


def fetch_weights(plan: Plan, reporter: Reporter) -> Path | None:
    """The file of the preset's ImageNet weights, downloaded where it is not here yet; None for random weights."""
    if plan.recipe.weights is not Weights.IMAGENET:
        return None
    if packaged := plan.recipe.preset_info.packaged:
        return PACKAGED_WEIGHTS[packaged].verified_path()

    def progress(done: int, total: int) -> None:
        reporter.phase(f"downloading ImageNet weights, {done / 1e6:.0f} of {total / 1e6:.0f} MB")
        if reporter.stop_requested():
            raise StopRequested

    return pretrained.fetch(plan.recipe.preset, plan.downloads_dir, progress=progress)
