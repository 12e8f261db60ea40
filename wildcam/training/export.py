"""From a trained network to the run's bundle: exported, checked against its framework, evaluated, with its card."""

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

import numpy as np

from wildcam.architectures.presets import Framework
from wildcam.counting import counted
from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, sha256, write_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.serving.trials import EnginePrecision
from wildcam.settings import PROJECT_DIR
from wildcam.training.context import TrainingContext
from wildcam.training.model_evaluation import ModelEvaluation, decodable, evaluate_model
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Outcome

PARITY_LIMIT = 1e-3
"""Largest difference of a probability between framework and exported graph that is accepted."""

PARITY_IMAGES = 8

_PACKAGES = {
    Framework.KERAS: ("tensorflow", "keras"),
    Framework.FASTAI: ("torch", "torchvision", "fastai"),
    Framework.SCIKIT_LEARN: ("scikit-learn", "timm", "openvino"),
}


def export_bundle(context: TrainingContext, outcome: Outcome) -> None:
    """Leave the best epoch's model in the run's folder, checked and evaluated, or nothing.

    Raises `BundleError` where the graph does not give what the framework gives.
    """
    whole = context.whole.exporting()
    context.job.report(
        phase="exporting the model",
        epoch=0,
        epochs=0,
        step=0,
        steps=0,
        share=whole.share,
        seconds_left=whole.seconds_left,
    )
    folder = context.job.run.folder
    graph, draft_dir = folder / "exported.onnx", folder / "draft"
    context.trainer.export(graph)
    draft = write_bundle(draft_dir, graph, _card(context, outcome, sha256(graph)), replace=True)
    graph.unlink()
    try:
        _write_checked(context, outcome, draft)
    finally:
        shutil.rmtree(draft_dir)


def versions(recipe: Recipe) -> dict[str, str]:
    """Versions of everything that a run of the recipe depends on, by name; "machine" and "commit" among them."""
    names = _PACKAGES[recipe.preset_info.framework]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_DIR, capture_output=True, text=True)
    return {name: version(name) for name in ("numpy", "pillow", *names)} | {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "commit": commit.stdout.strip() or "unknown",
    }


def _write_checked(context: TrainingContext, outcome: Outcome, draft: Bundle) -> None:
    classifier = Classifier(draft, precision=EnginePrecision.FLOAT32)
    parity = _parity(context, classifier)
    if not parity < PARITY_LIMIT:
        raise BundleError(
            f"The exported model differs from the trained one by {parity:.2g} (at most {PARITY_LIMIT:g}): "
            "it is not kept. The checkpoint is."
        )
    card = _card(context, outcome, draft.card.sha256, parity, evaluate_model(context, classifier))
    write_bundle(context.job.run.bundle_dir, draft.graph_path, card, replace=True)


def _parity(context: TrainingContext, classifier: Classifier) -> float:
    val = decodable(context.plan.val)
    images = val.images.batch(range(min(PARITY_IMAGES, len(val))))
    parity = float(np.abs(classifier.predict(images) - context.trainer.predict(images)).max())
    print(f"parity with the framework on {counted(len(images), 'photo')}: {parity:.2g}", flush=True)
    return parity


def _card(
    context: TrainingContext,
    outcome: Outcome,
    graph_sha256: str,
    parity: float = 0.0,
    evaluation: ModelEvaluation = ModelEvaluation(),
) -> ModelCard:
    recipe, selection, info = context.recipe, context.selection, context.dataset.info
    return ModelCard(
        name="bundle",
        task=recipe.task,
        classes=selection.classes,
        image_size=recipe.image_size,
        preset=recipe.preset,
        dataset=recipe.dataset,
        is_demo=info.is_demo,
        run_id=context.job.run.id,
        best_epoch=outcome.best_epoch,
        split_policy=recipe.split,
        split_fingerprint=selection.split.fingerprint,
        label_policy=info.labels,
        augmentation=recipe.augmentation,
        crops=recipe.crops,
        crop_margin=recipe.crop_margin,
        backbone=context.trainer.backbone(),
        scores=evaluation.scores,
        parity=parity,
        temperature=evaluation.temperature,
        empty_curve=evaluation.empty_curve,
        species_curve=evaluation.species_curve,
        precision_trials=evaluation.precision_trials,
        view_trials=evaluation.view_trials,
        closer_trial=evaluation.closer_trial,
        created_at=datetime.now(UTC),
        versions=versions(recipe),
        sha256=graph_sha256,
    )
