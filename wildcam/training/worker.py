"""The process that trains: `python -m wildcam.training.worker RUN_ID`."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from wildcam.architectures.presets import Framework
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Side
from wildcam.errors import BundleError
from wildcam.evaluation.metrics import evaluate
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.serving.bundle import ModelCard, Score, sha256, write_bundle
from wildcam.serving.classifier import Classifier
from wildcam.settings import PROJECT_DIR
from wildcam.training.photographs import Photographs
from wildcam.training.plan import Selection, prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Outcome, Plan, Reporter, Trainer, load_trainer

PARITY_LIMIT = 1e-3
"""Largest difference of a probability between framework and exported graph that is accepted."""

POINT_SECONDS = 1.0
"""Steps closer together than this share one point, their mean."""


class JobReporter(Reporter):
    """Turns a trainer's calls into points, progress and time left."""

    def __init__(self, job: Job, recipe: Recipe) -> None:
        self.job = job
        self.batch_size = recipe.batch_size
        self.epochs = recipe.total_epochs
        self._goes_on = job.run.started_at is not None  # an earlier worker of this run has left points
        self._gathered: list[Mapping[str, float]] = []
        self._since = time.monotonic()
        self._begun: tuple[float, float] | None = None  # when and at which fraction this process began to train

    def phase(self, text: str) -> None:
        """Print it and show it as progress."""
        print(text, flush=True)
        self.job.report(phase=text)

    def step(self, epoch: int, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """Gather; a point at most each `POINT_SECONDS`."""
        if self._goes_on:
            self.job.store.note_resume(self.job.run.id, epoch=epoch - 1, step=(epoch - 1) * steps)
            self._goes_on = False
        self._gathered.append(metrics)
        now = time.monotonic()
        self.job.report(
            epoch=epoch,
            epochs=self.epochs,
            step=step,
            steps=steps,
            seconds_left=self._left(now, epoch - 1 + step / steps),
        )
        if now - self._since < POINT_SECONDS:
            return
        means = {name: float(np.mean([row[name] for row in self._gathered])) for name in metrics}
        means["step_learning_rate"] = means.pop("learning_rate", 0.0)
        means["photographs_per_second"] = len(self._gathered) * self.batch_size / (now - self._since)
        self.job.log((epoch - 1) * steps + step, means)
        self._gathered, self._since = [], now

    def epoch(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """A point of every metric, and a line of the log."""
        self.job.log(epoch, metrics)
        self._gathered, self._since = [], time.monotonic()
        print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4g}" for name, value in metrics.items()), flush=True)

    def note(self, name: str, value: float | str) -> None:
        """Keep a fact with the run."""
        print(f"{name}: {value}", flush=True)
        self.job.store.set_tag(self.job.run.id, name, str(value))

    def stop_requested(self) -> bool:
        """Whether somebody asked this run to stop."""
        return self.job.stop_requested()

    def _left(self, now: float, done: float) -> float | None:
        if self._begun is None or done <= self._begun[1]:
            self._begun = self._begun or (now, done)
            return None
        return (now - self._begun[0]) / (done - self._begun[1]) * (self.epochs - done)


def train(job: Job) -> None:
    """Carry out a training run: select, decode, fit, export, check, measure."""
    recipe = Recipe.parse(job.run.params)
    folder = job.run.folder
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    selection.split.table.to_parquet(folder / "split.parquet", index=False)
    _note_facts(job, selection)
    try:
        plan = prepare(dataset, recipe, selection, folder, job.settings.weights_dir, progress=_progress(job))
        reporter = JobReporter(job, recipe)
        reporter.phase("loading the framework")
        trainer = load_trainer(plan)
        outcome = trainer.fit(reporter)
        reporter.note("best_epoch", outcome.best_epoch)
        if outcome.best_epoch:
            _export(job, recipe, selection, plan, trainer, outcome)
    finally:
        shutil.rmtree(folder / "pixels", ignore_errors=True)
    if outcome.stopped:
        raise Stopped


def _export(job: Job, recipe: Recipe, selection: Selection, plan: Plan, trainer: Trainer, outcome: Outcome) -> None:
    """Write the bundle of the best epoch into the run's folder, checked and measured."""
    job.report(phase="exporting the model")
    folder = job.run.folder
    graph = folder / "exported.onnx"
    trainer.export(graph)
    card = _card(job, recipe, selection, outcome, graph)
    bundle = write_bundle(job.run.bundle_dir, graph, card, replace=True)
    graph.unlink()
    classifier = Classifier(bundle)
    pictures = plan.val.photographs.batch(range(min(8, len(plan.val))))
    parity = float(np.abs(classifier.predict(pictures) - trainer.predict(pictures)).max())
    print(f"parity with the framework on {len(pictures)} photographs: {parity:.2g}", flush=True)
    if not parity < PARITY_LIMIT:
        shutil.rmtree(bundle.folder)
        raise BundleError(
            f"The exported model differs from the trained one by {parity:.2g} (at most {PARITY_LIMIT:g})."
        )
    scores = _measure(job, recipe, selection, plan, classifier)
    write_bundle(
        job.run.bundle_dir,
        bundle.graph_path,
        card.model_copy(update={"parity": parity, "scores": scores}),
        replace=True,
    )


def _measure(job: Job, recipe: Recipe, selection: Selection, plan: Plan, classifier: Classifier) -> tuple[Score, ...]:
    """Scores of the exported model on every side but train, each photograph as it is."""
    scores = []
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    for side in (Side.ID_VAL, Side.VAL, Side.TEST):
        job.report(phase=f"measuring on {side}")
        if side is selection.split.validation_side:
            photographs, targets = plan.val.photographs, plan.val.targets
        else:
            rows = selection.on(side)
            every = Photographs([dataset.photograph_path(path) for path in rows["path"]], recipe.image_size,
                                job.run.folder / "pixels" / f"{side}.npy")  # fmt: skip
            kept = np.flatnonzero(every.readable())
            photographs, targets = every.subset(kept), rows["target"].to_numpy(np.int64)[kept]
        if not len(targets):
            continue
        batches = [photographs.batch(range(k, min(k + 64, len(targets)))) for k in range(0, len(targets), 64)]
        probabilities = np.concatenate([classifier.predict(batch) for batch in batches])
        measured = evaluate(targets, probabilities, selection.classes)
        scores += [
            Score(side=side, metric=name, value=value, photographs=len(targets)) for name, value in measured.items()
        ]
        for name, value in measured.items():
            job.store.set_tag(job.run.id, f"{side}_{name}", f"{value:.6f}")
        print(f"{side}: " + ", ".join(f"{name} {value:.4f}" for name, value in measured.items()), flush=True)
    return tuple(scores)


def _card(job: Job, recipe: Recipe, selection: Selection, outcome: Outcome, graph: Path) -> ModelCard:
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    return ModelCard(
        name="bundle", task=recipe.task, classes=selection.classes, image_size=recipe.image_size, preset=recipe.preset,
        dataset=recipe.dataset, is_demo=dataset.info.is_demo, run_id=job.run.id, best_epoch=outcome.best_epoch,
        split_policy=recipe.split, split_fingerprint=selection.split.fingerprint, label_policy=dataset.info.labels,
        augmentation=recipe.augmentation, parity=0.0, created_at=datetime.now(UTC), versions=_versions(recipe),
        sha256=sha256(graph),
    )  # fmt: skip


def _note_facts(job: Job, selection: Selection) -> None:
    """What a reader of the run needs to know of its data and surroundings."""
    recipe = Recipe.parse(job.run.params)
    facts = {
        "split_fingerprint": selection.split.fingerprint,
        "classes": str(len(selection.classes)),
        "photographs": json.dumps({str(side): len(selection.on(side)) for side in Side}),
        "warnings": "\n".join(selection.warnings),
        "environment": json.dumps(_versions(recipe)),
    }
    for name, value in facts.items():
        job.store.set_tag(job.run.id, name, value)
    for warning in selection.warnings:
        print(f"note: {warning}", flush=True)


def _versions(recipe: Recipe) -> dict[str, str]:
    keras = recipe.preset_info.framework is Framework.KERAS
    names = ("tensorflow", "keras") if keras else ("torch", "torchvision", "fastai")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_DIR, capture_output=True, text=True)
    return {name: version(name) for name in ("numpy", "pillow", *names)} | {
        "python": platform.python_version(), "machine": platform.machine(), "commit": commit.stdout.strip() or "unknown",
    }  # fmt: skip


def _progress(job: Job) -> Callable[[str, int, int], None]:
    def report(what: str, done: int, total: int) -> None:
        if job.stop_requested():
            raise Stopped
        job.report(phase=what, step=done, steps=total)

    return report


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(carry_out(sys.argv[1], train))
