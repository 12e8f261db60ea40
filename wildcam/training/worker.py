"""The process that trains: `python -m wildcam.training.worker RUN_ID`."""

import json
import os
import sys

from wildcam.architectures.parameters import count_parameters
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Subset
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.training.context import TrainingContext, training_context
from wildcam.training.export import export_bundle, versions
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe

FOUND_BATCH_SIZE = "batch_size_found"


def train(job: Job) -> None:
    """Do a training run: select, fit, export."""
    recipe = Recipe.parse(job.run.params)
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    selection.split.table.to_parquet(job.run.folder / "split.parquet", index=False)
    _note_facts(job, recipe, selection)
    with training_context(job, dataset, recipe, selection) as context:
        if recipe.find_batch_size:
            context = context.with_batch_size(_batch_size(context))
        stopped = _fit_and_export(context)
    if stopped:
        raise Stopped


def _fit_and_export(context: TrainingContext) -> bool:
    """Train and leave the best epoch's model; whether a stop was requested."""
    reporter = JobReporter(context.job, context.recipe)
    outcome = context.trainer.fit(reporter)
    reporter.note("best_epoch", outcome.best_epoch)
    damaged = sum(int(examples.images.damaged().sum()) for examples in (context.plan.train, context.plan.val))
    reporter.note("damaged_images", damaged)
    if outcome.best_epoch:
        export_bundle(context, outcome)
    return outcome.stopped


def _batch_size(context: TrainingContext) -> int:
    """The one that was found before a stop, else the largest that fits: batches must stay as they are."""
    known = context.job.run.tags.get(FOUND_BATCH_SIZE)
    if known:
        return int(known)
    reporter = JobReporter(context.job, context.recipe)
    found = context.trainer.largest_batch(reporter)
    reporter.note(FOUND_BATCH_SIZE, found)
    return found


def _note_facts(job: Job, recipe: Recipe, selection: Selection) -> None:
    """What a reader of the run needs to know of its data, its size and its surroundings."""
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    facts = {
        "split_fingerprint": selection.split.fingerprint,
        "classes": str(len(selection.classes)),
        "images": json.dumps({str(subset): len(selection.on(subset)) for subset in Subset}),
        "warnings": "\n".join(selection.warnings),
        "environment": json.dumps(versions(recipe)),
        "trainable_parameters": str(count.trainable),
        "total_parameters": str(count.total),
    }
    for name, value in facts.items():
        job.store.set_tag(job.run.id, name, value)
    for warning in selection.warnings:
        print(f"note: {warning}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(carry_out(sys.argv[1], train))
