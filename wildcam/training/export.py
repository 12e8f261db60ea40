"""From a trained network to the run's bundle: exported, checked against its framework, measured, with its card."""

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

import numpy as np

from wildcam.architectures.presets import Framework
from wildcam.changed import changed
from wildcam.data.catalog import Dataset
from wildcam.errors import BundleError
from wildcam.runs.job import Job
from wildcam.serving.bundle import Bundle, sha256, write_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.settings import PROJECT_DIR
from wildcam.training.model_evaluation import Measuring, readable
from wildcam.training.plan import Selection
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Outcome, Plan, Trainer

PARITY_LIMIT = 1e-3
"""Largest difference of a probability between framework and exported graph that is accepted."""

PARITY_IMAGES = 8


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
        "python": platform.python_version(),
        "machine": platform.machine(),
        "commit": commit.stdout.strip() or "unknown",
    }


def _write_checked(
    job: Job, draft: Bundle, dataset: Dataset, selection: Selection, plan: Plan, trainer: Trainer
) -> None:
    classifier = Classifier(draft, bfloat16=False)
    parity = _parity(classifier, plan, trainer)
    if not parity < PARITY_LIMIT:
        raise BundleError(
            f"The exported model differs from the trained one by {parity:.2g} (at most {PARITY_LIMIT:g}): "
            "it is not kept. The checkpoint is."
        )
    measured = Measuring(job, dataset, selection, plan, classifier).measure()
    card = changed(
        draft.card,
        parity=parity,
        temperature=measured.temperature,
        scores=measured.scores,
        empty_curve=measured.empty_curve,
        species_curve=measured.species_curve,
        bfloat16_changes=measured.bfloat16_changes,
    )
    write_bundle(job.run.bundle_dir, draft.graph_path, card, replace=True)


def _parity(classifier: Classifier, plan: Plan, trainer: Trainer) -> float:
    val = readable(plan.val)
    images = val.images.batch(range(min(PARITY_IMAGES, len(val))))
    parity = float(np.abs(classifier.predict(images) - trainer.predict(images)).max())
    print(f"parity with the framework on {len(images)} photos: {parity:.2g}", flush=True)
    return parity


def _card(
    job: Job, dataset: Dataset, selection: Selection, recipe: Recipe, outcome: Outcome, graph_hash: str
) -> ModelCard:
    return ModelCard(
        name="bundle",
        task=recipe.task,
        classes=selection.classes,
        image_size=recipe.image_size,
        preset=recipe.preset,
        dataset=recipe.dataset,
        is_demo=dataset.info.is_demo,
        run_id=job.run.id,
        best_epoch=outcome.best_epoch,
        split_policy=recipe.split,
        split_fingerprint=selection.split.fingerprint,
        label_policy=dataset.info.labels,
        augmentation=recipe.augmentation,
        crops=recipe.crops,
        crop_margin=recipe.crop_margin,
        parity=0.0,
        created_at=datetime.now(UTC),
        versions=versions(recipe),
        sha256=graph_hash,
    )
