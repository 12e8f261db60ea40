"""From a trained network to the run's bundle: exported, checked against its framework, measured, with its card."""

import platform
import shutil
import statistics
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version

import numpy as np

from wildcam.architectures.presets import Framework
from wildcam.data.catalog import Dataset
from wildcam.data.splits import Side
from wildcam.errors import BundleError
from wildcam.evaluation.metrics import evaluate
from wildcam.runs.job import Job
from wildcam.serving.bundle import Bundle, ModelCard, Score, sha256, write_bundle
from wildcam.serving.classifier import Classifier
from wildcam.settings import PROJECT_DIR
from wildcam.training.plan import Selection, photographs_of
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Outcome, Plan, Trainer

PARITY_LIMIT = 1e-3
"""Largest difference of a probability between framework and exported graph that is accepted."""

PARITY_PHOTOGRAPHS = 8
MEASURING_BATCH = 64


def export_bundle(
    job: Job, dataset: Dataset, selection: Selection, plan: Plan, trainer: Trainer, outcome: Outcome
) -> None:
    """Leave the best epoch's model in the run's folder; what is not checked and measured never lies there.

    Raises `BundleError` where the graph does not give what the framework gives.
    """
    job.report(phase="exporting the model")
    graph, draft_dir = job.run.folder / "exported.onnx", job.run.folder / "draft"
    trainer.export(graph)
    draft = write_bundle(
        draft_dir, graph, _card(job, dataset, selection, plan.recipe, outcome, sha256(graph)), replace=True
    )
    graph.unlink()
    try:
        _write_checked(job, draft, dataset, selection, plan, trainer)
    finally:
        shutil.rmtree(draft_dir)


def versions(recipe: Recipe) -> dict[str, str]:
    """What the recipe is carried out with."""
    keras = recipe.preset_info.framework is Framework.KERAS
    names = ("tensorflow", "keras") if keras else ("torch", "torchvision", "fastai")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_DIR, capture_output=True, text=True)
    return {name: version(name) for name in ("numpy", "pillow", *names)} | {
        "python": platform.python_version(), "machine": platform.machine(), "commit": commit.stdout.strip() or "unknown",
    }  # fmt: skip


def _write_checked(
    job: Job, draft: Bundle, dataset: Dataset, selection: Selection, plan: Plan, trainer: Trainer
) -> None:
    classifier = Classifier(draft)
    parity = _parity(classifier, plan, trainer)
    if not parity < PARITY_LIMIT:
        raise BundleError(
            f"The exported model differs from the trained one by {parity:.2g} (at most {PARITY_LIMIT:g}): "
            "it is not kept. The checkpoint is."
        )
    scores = _measure(job, dataset, selection, plan, classifier)
    card = draft.card.model_copy(update={"parity": parity, "scores": scores})
    write_bundle(job.run.bundle_dir, draft.graph_path, card, replace=True)


def _parity(classifier: Classifier, plan: Plan, trainer: Trainer) -> float:
    val = _readable(plan.val)
    pictures = val.photographs.batch(range(min(PARITY_PHOTOGRAPHS, len(val))))
    parity = float(np.abs(classifier.predict(pictures) - trainer.predict(pictures)).max())
    print(f"parity with the framework on {len(pictures)} photographs: {parity:.2g}", flush=True)
    return parity


def _measure(job: Job, dataset: Dataset, selection: Selection, plan: Plan, classifier: Classifier) -> tuple[Score, ...]:
    """Scores of the exported model on every side but train, each photograph as it is."""
    scores: list[Score] = []
    milliseconds: list[float] = []  # of a photograph in each batch, without reading it
    for side in (Side.ID_VAL, Side.VAL, Side.TEST):
        job.report(phase=f"measuring on {side}")
        examples = _side(side, dataset, selection, plan)
        photographs, targets = examples.photographs, examples.targets
        if not len(targets):
            continue
        starts = range(0, len(targets), MEASURING_BATCH)
        parts = []
        for start in starts:
            batch = photographs.batch(range(start, min(start + MEASURING_BATCH, len(targets))))
            began = time.perf_counter()
            parts.append(classifier.predict(batch))
            milliseconds += [1000 * (time.perf_counter() - began) / len(batch)]
        probabilities = np.concatenate(parts)
        measured = evaluate(targets, probabilities, selection.classes)
        for name, value in measured.items():
            scores.append(Score(side=side, metric=name, value=value, photographs=len(targets)))
            job.store.set_tag(job.run.id, f"{side}_{name}", f"{value:.6f}")
        print(f"{side}: " + ", ".join(f"{name} {value:.4f}" for name, value in measured.items()), flush=True)
    job.store.set_tag(job.run.id, "milliseconds_per_photograph", f"{statistics.median(milliseconds):.4g}")
    return tuple(scores)


def _side(side: Side, dataset: Dataset, selection: Selection, plan: Plan) -> Examples:
    """The readable photographs of a side; those of the validation are decoded already."""
    if side is selection.split.validation_side:
        return _readable(plan.val)
    rows = selection.on(side)
    photographs = photographs_of(dataset, plan.recipe, rows, plan.val.photographs.cache)
    return _readable(Examples(photographs, rows["target"].to_numpy(np.int64)))


def _readable(examples: Examples) -> Examples:
    """Without those that others stood in for while training."""
    kept = np.flatnonzero(examples.photographs.readable())
    return Examples(examples.photographs.subset(kept), examples.targets[kept])


def _card(
    job: Job, dataset: Dataset, selection: Selection, recipe: Recipe, outcome: Outcome, graph_hash: str
) -> ModelCard:
    return ModelCard(
        name="bundle", task=recipe.task, classes=selection.classes, image_size=recipe.image_size, preset=recipe.preset,
        dataset=recipe.dataset, is_demo=dataset.info.is_demo, run_id=job.run.id, best_epoch=outcome.best_epoch,
        split_policy=recipe.split, split_fingerprint=selection.split.fingerprint, label_policy=dataset.info.labels,
        augmentation=recipe.augmentation, crops=recipe.crops, parity=0.0, created_at=datetime.now(UTC), versions=versions(recipe),
        sha256=graph_hash,
    )  # fmt: skip
