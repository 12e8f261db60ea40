"""A training run on the images of conftest, and what the tests of every framework expect of it."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.training.recording import RecordingReporter
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Outcome, Plan
from wildcam.training.validation_table import read_validation

CLEAN = {"train_clean_loss", "train_clean_accuracy"}
METRICS = {"train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_macro_f1", "learning_rate"}
STEP_METRICS = {"step_loss", "step_accuracy", "learning_rate"}


class WholeRun(NamedTuple):
    """A run from beginning to end."""

    plan: Plan
    trainer: Any
    outcome: Outcome
    log: RecordingReporter


def plan_on(images: tuple[Examples, Examples], folder: Path, recipe: Recipe, classes: tuple[str, ...]) -> Plan:
    """To train on the first images and validate on the second; its files are in the folder."""
    train, val = images
    return Plan(recipe, classes, train, val, folder / "checkpoint", folder / "downloads")


def train_whole(trainer_type: Any, plan: Plan) -> WholeRun:
    """Train as planned, without a stop."""
    trainer, log = trainer_type(plan), RecordingReporter()
    return WholeRun(plan, trainer, trainer.fit(log), log)


def assert_reported_under_common_names(log: RecordingReporter, epochs: int, steps: int) -> None:
    """Every step and every epoch, in their order, each with the metrics that all frameworks have."""
    assert list(log.epochs) == list(range(1, epochs + 1))
    assert all(metrics.keys() == METRICS for metrics in log.epochs.values())
    assert [row[:3] for row in log.steps] == [
        (epoch, step, steps) for epoch in range(1, epochs + 1) for step in range(1, steps + 1)
    ]
    assert all(row[3].keys() == STEP_METRICS for row in log.steps)


def assert_validation_is_kept(run: WholeRun, tolerance: float) -> None:
    """What validation said of every image, after the last epoch and after the best one, whose weights predict."""
    for best, epoch in ((False, run.outcome.last_epoch), (True, run.outcome.best_epoch)):
        table, metrics = read_validation(run.plan.run_folder, best), run.log.epochs[epoch]
        assert table["image_id"].tolist() == [f"val{number}" for number in range(len(run.plan.val))]
        assert (table["target"] == table["prediction"]).mean() == metrics["val_accuracy"]
        assert -np.log(table["target_probability"]).mean() == pytest.approx(metrics["val_loss"], rel=1e-5)
    predicted = run.trainer.predict(run.plan.val.images.batch(range(len(run.plan.val))))
    np.testing.assert_allclose(table["confidence"], predicted.max(axis=1), rtol=tolerance)
