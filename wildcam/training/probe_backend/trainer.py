"""Trains a probe: a linear head on the features of a frozen backbone, computed once for each image."""

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.counting import counted
from wildcam.errors import DataError, UsageError
from wildcam.monitor import BestEpoch, Monitor
from wildcam.runs.facts import TrainFacts
from wildcam.serving.bundle import sha256
from wildcam.serving.card import EMPTY
from wildcam.training.checkpoints import Checkpoint, Checkpoints, EpochState, synced
from wildcam.training.lr_range_test import LRRangeTest
from wildcam.training.probe_backend.backbone_graph import BackboneGraph, backbone_of
from wildcam.training.probe_backend.cross_validation import CrossValidated, HeadSpec, cross_validate, on_unseen_classes
from wildcam.training.probe_backend.features import FeatureExtractor
from wildcam.training.probe_backend.head import STRENGTHS, LinearHead
from wildcam.training.probe_backend.onnx_export import write_onnx
from wildcam.training.scores import Scores, score
from wildcam.training.trainer import Examples, HeldOut, Outcome, Plan, Reporter, StopRequested

HEAD_FILE, HELD_OUT_FILE = "best.npz", "held_out.npz"


@dataclass(frozen=True)
class ProbeData:
    """Features of the images that a head learns from and is validated on."""

    train: NDArray[np.float32]  # (N, F)
    train_targets: NDArray[np.int64]  # (N,)
    groups: NDArray[np.object_]  # (N,)
    val: NDArray[np.float32]  # (V, F); zeros where an image could not be decoded
    val_targets: NDArray[np.int64]  # (V,)
    decoded: NDArray[np.bool_]  # (V,)

    def evaluate(self, head: LinearHead) -> tuple[NDArray[np.float32], dict[str, float]]:
        """Probabilities of the validation images, (V, C), and the metrics of an epoch."""
        of_train, of_val = head.probabilities(self.train), head.probabilities(self.val)
        on_train = score(of_train, self.train_targets)
        on_val = score(of_val[self.decoded], self.val_targets[self.decoded])
        return of_val, {
            "train_loss": on_train.val_loss,
            "train_accuracy": on_train.val_accuracy,
            **on_val.model_dump(),
        }


class ProbeTrainer:
    """A `Trainer`. An epoch is a strength of the penalty, from strong to weak; the best one is cross-validated."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._checkpoints = Checkpoints(plan.checkpoint_dir, EpochState)
        self._graph: BackboneGraph | None = None

    def fit(self, reporter: Reporter) -> Outcome:
        """Compute what features are missing, then fit and choose the head; a finished run's outcome comes at once."""
        return self._checkpoints.train_on(lambda resumed: self._train(reporter))

    def run_lr_finder(self, reporter: Reporter) -> LRRangeTest:
        """A probe has no learning rate. Raises `UsageError`."""
        raise UsageError("A probe has no learning rate to find: choose a preset that trains a network.")

    def largest_batch(self, reporter: Reporter) -> int:
        """The recipe's: a probe reads its images one after the other, whatever the batch."""
        return self._plan.recipe.batch_size

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the best head. uint8 (N, S, S, 3) RGB 0–255 → float32 (N, C)."""
        return self._best_head().probabilities(self._backbone(None).open()(images))

    def backbone(self) -> BackboneInfo:
        """The frozen backbone, with its source and licence, and the hash of its graph: equal ones can share a pass."""
        graph = self._backbone(None)
        return changed(graph.card.info, graph_sha256=sha256(graph.path))

    def held_out(self) -> HeldOut | None:
        """The cross-validated answers of the best strength."""
        with np.load(self._checkpoints.trained().folder / HELD_OUT_FILE) as arrays:
            return HeldOut(**arrays)

    def export(self, path: Path) -> None:
        """Write backbone and best head as the ONNX graph of a model bundle."""
        write_onnx(self._backbone(None), self._best_head(), path)

    def _train(self, reporter: Reporter) -> None:
        recipe, data = self._plan.recipe, self._computed(reporter)
        spec = HeadSpec(
            data.train,
            data.train_targets,
            data.groups,
            len(self._plan.classes),
            recipe.imbalance_strategy,
            recipe.balance_locations,
        )
        reporter.phase("cross-validating the head")
        validated = cross_validate(spec, recipe.folds, recipe.seed, partial(check_stop, reporter))
        best = BestEpoch(recipe.monitor)
        reporter.phase("fitting the head")
        heads = spec.fit(np.arange(len(data.train)))
        for number, head in enumerate(heads, start=1):
            check_stop(reporter)
            of_val, scores = data.evaluate(head)
            held_out = score(validated.probabilities[number - 1][validated.known], spec.targets[validated.known])
            best.consider(number, monitored(held_out, recipe.monitor))
            reporter.epoch(
                number,
                {
                    **scores,
                    "cv_loss": held_out.val_loss,
                    "cv_accuracy": held_out.val_accuracy,
                    "cv_macro_f1": held_out.val_macro_f1,
                },
            )
            self._plan.keep_validation(of_val, best=best.epoch == number)
        answers = self._held_out(spec, validated, best.epoch, reporter)
        state = EpochState(epoch=len(STRENGTHS), finished=True, best_epoch=best.epoch, best_value=best.value)
        self._checkpoints.save(state, lambda folder: _save(folder, heads[best.epoch - 1], answers))

    def _computed(self, reporter: Reporter) -> "ProbeData":
        """The features of all images; those that are missing are computed. Raises `DataError` where none can be."""
        plan, info = self._plan, self._backbone(reporter).card.info
        head_parameters = (info.features + 1) * len(plan.classes)
        reporter.write_facts(
            TrainFacts(trainable_parameters=head_parameters, total_parameters=head_parameters + info.parameters)
        )
        extractor = FeatureExtractor(self._backbone(reporter), plan.feature_cache)
        train, targets, groups = _rows(self._features(extractor, plan.train, "training", reporter), plan.train)
        val = self._features(extractor, plan.val, "validation", reporter)
        decoded: NDArray[np.bool_] = np.asarray(np.isfinite(val).all(axis=1), bool)
        if not decoded.any():
            raise DataError("None of the validation photos can be read: check the data set's folder.")
        return ProbeData(train, targets, groups, np.nan_to_num(val), plan.val.targets, decoded)

    def _held_out(self, spec: HeadSpec, validated: CrossValidated, best: int, reporter: Reporter) -> HeldOut:
        """The cross-validated answers of the chosen strength, and those on species that were left out."""
        recipe = self._plan.recipe
        species = np.array([k for k, name in enumerate(self._plan.classes) if name != EMPTY])
        unseen = np.full((len(spec.targets), spec.classes), np.nan, np.float32)
        if recipe.task is not Task.EMPTY:
            reporter.phase("answering for species left out")
            stop = partial(check_stop, reporter)
            unseen = on_unseen_classes(spec, STRENGTHS[best - 1], species, recipe.folds, recipe.seed, stop)
        return HeldOut(
            spec.targets, spec.groups.astype(str), validated.probabilities[best - 1], validated.known, unseen
        )

    def _features(
        self, extractor: FeatureExtractor, examples: Examples, what: str, reporter: Reporter
    ) -> NDArray[np.float32]:
        def progress(done: int, total: int) -> None:
            if reporter.stop_requested():
                raise StopRequested
            reporter.progress(f"computing features of {what} photos", done, total)

        features = extractor.extract(examples.images, progress=progress)
        if self._plan.recipe.mirror_mean:
            mirrored = extractor.extract(examples.images, mirrored=True, progress=progress)
            return np.asarray((features + mirrored) / 2, np.float32)
        return features

    def _backbone(self, reporter: Reporter | None) -> BackboneGraph:
        if self._graph is None:
            phase = reporter.phase if reporter else lambda text: None
            self._graph = backbone_of(self._plan.recipe, self._plan.downloads_dir, phase)
        return self._graph

    def _best_head(self) -> LinearHead:
        return _load(self._checkpoints.trained())


def _rows(
    features: NDArray[np.float32], examples: Examples
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.object_]]:
    """Features, targets and groups of the images that could be decoded. Raises `DataError` where too few could."""
    decoded = np.flatnonzero(np.isfinite(features).all(axis=1))
    targets = examples.targets[decoded]
    if len(set(targets)) < 2:
        raise DataError(
            f"Of {counted(len(features), 'training photo')} {len(decoded):,} can be read, of fewer than two classes: "
            "check the data set's folder."
        )
    groups = np.array(examples.groups, dtype=object)[decoded] if examples.groups else decoded.astype(object)
    return features[decoded], targets, groups


def monitored(scores: Scores, monitor: Monitor) -> float:
    """The metric that the recipe names."""
    return float(getattr(scores, monitor.value))


def check_stop(reporter: Reporter) -> None:
    """Raises `StopRequested` where a stop is requested."""
    if reporter.stop_requested():
        raise StopRequested


def save_head(folder: Path, head: LinearHead) -> None:
    """As the file of a checkpoint."""
    with synced(folder / HEAD_FILE) as file:
        np.savez(file, weights=head.weights, bias=head.bias)


def _save(folder: Path, head: LinearHead, held_out: HeldOut) -> None:
    save_head(folder, head)
    with synced(folder / HELD_OUT_FILE) as file:
        np.savez(file, **asdict(held_out))


def _load(checkpoint: Checkpoint[EpochState]) -> LinearHead:
    with np.load(checkpoint.folder / HEAD_FILE) as arrays:
        return LinearHead(arrays["weights"], arrays["bias"])
