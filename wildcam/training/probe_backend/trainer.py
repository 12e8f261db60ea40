"""Trains a probe: a linear head on the features of a frozen backbone, computed once for each image."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.counting import counted
from wildcam.errors import DataError, UsageError
from wildcam.monitor import BestEpoch, Monitor
from wildcam.runs.facts import TrainFacts
from wildcam.training.checkpoints import Checkpoint, Checkpoints, EpochState, synced
from wildcam.training.lr_range_test import LRRangeTest
from wildcam.training.probe_backend.backbone_graph import BackboneGraph, backbone_graph
from wildcam.training.probe_backend.features import FeatureExtractor
from wildcam.training.probe_backend.head import STRENGTHS, LinearHead, cross_validate, fit_path
from wildcam.training.probe_backend.onnx_export import write_onnx
from wildcam.training.recipe import Weights
from wildcam.training.scores import Scores, score
from wildcam.training.trainer import Examples, Outcome, Plan, Reporter, StopRequested

HEAD_FILE = "best.npz"


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
        """The frozen backbone, with its source and licence."""
        return self._backbone(None).card.info

    def export(self, path: Path) -> None:
        """Write backbone and best head as the ONNX graph of a model bundle."""
        write_onnx(self._backbone(None), self._best_head(), path)

    def _train(self, reporter: Reporter) -> None:
        plan = self._plan
        info = self.backbone()
        head_parameters = (info.features + 1) * len(plan.classes)
        reporter.write_facts(
            TrainFacts(trainable_parameters=head_parameters, total_parameters=head_parameters + info.parameters)
        )
        extractor = FeatureExtractor(self._backbone(reporter), plan.feature_cache)
        train, train_targets, groups = _rows(self._features(extractor, plan.train, "training", reporter), plan.train)
        val_features = self._features(extractor, plan.val, "validation", reporter)
        decoded = np.isfinite(val_features).all(axis=1)
        val, val_targets = np.nan_to_num(val_features), plan.val.targets
        if not decoded.any():
            raise DataError("None of the validation photos can be read: check the data set's folder.")
        classes, strategy = len(plan.classes), plan.recipe.imbalance_strategy
        reporter.phase("cross-validating the head")
        held_out = cross_validate(train, train_targets, groups, classes, strategy, plan.recipe.seed)
        best = BestEpoch(plan.recipe.monitor)
        heads: list[LinearHead] = []
        reporter.phase("fitting the head")
        for number, head in enumerate(fit_path(train, train_targets, classes, strategy), start=1):
            if reporter.stop_requested():
                raise StopRequested
            heads.append(head)
            of_train, of_val = head.probabilities(train), head.probabilities(val)
            on_train, on_val = score(of_train, train_targets), score(of_val[decoded], val_targets[decoded])
            held_out_scores = score(held_out[number - 1], train_targets)
            best.consider(number, _monitored(held_out_scores, plan.recipe.monitor))
            reporter.epoch(
                number,
                {
                    "train_loss": on_train.val_loss,
                    "train_accuracy": on_train.val_accuracy,
                    **on_val.model_dump(),
                    "cv_loss": held_out_scores.val_loss,
                    "cv_accuracy": held_out_scores.val_accuracy,
                    "cv_macro_f1": held_out_scores.val_macro_f1,
                },
            )
            plan.keep_validation(of_val, best=best.epoch == number)
        state = EpochState(epoch=len(STRENGTHS), finished=True, best_epoch=best.epoch, best_value=best.value)
        self._checkpoints.save(state, lambda folder: _save(folder, heads[best.epoch - 1]))

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
            recipe = self._plan.recipe
            self._graph = backbone_graph(
                self._plan.downloads_dir / "backbones",
                recipe.backbone,
                recipe.image_size,
                weights_path=Path(recipe.backbone_file) if recipe.backbone_file else None,
                pretrained=recipe.weights is Weights.IMAGENET,
                seed=recipe.seed,
                phase=reporter.phase if reporter else lambda text: None,
            )
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


def _monitored(scores: Scores, monitor: Monitor) -> float:
    return float(getattr(scores, monitor.value))


def _save(folder: Path, head: LinearHead) -> None:
    with synced(folder / HEAD_FILE) as file:
        np.savez(file, weights=head.weights, bias=head.bias)


def _load(checkpoint: Checkpoint[EpochState]) -> LinearHead:
    with np.load(checkpoint.folder / HEAD_FILE) as arrays:
        return LinearHead(arrays["weights"], arrays["bias"])
