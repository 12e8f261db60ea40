"""The process that trains: `python -m wildcam.training.worker RUN_ID`."""

import json
import os
import sys
from collections.abc import Callable

from wildcam.architectures.parameters import count_parameters
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Subset
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.training.backends import load_trainer
from wildcam.training.export import export_bundle, versions
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import Selection, prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Trainer

FOUND_BATCH_SIZE = "batch_size_found"


def train(job: Job) -> None:
    """Carry out a training run: select, fit, export."""
    recipe = Recipe.parse(job.run.params)
    folder = job.run.folder
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    selection.split.table.to_parquet(folder / "split.parquet", index=False)
    _note_facts(job, recipe, selection)
    with PixelCache(job.settings.pixels_dir, job.settings.pixel_cache_bytes) as cache:
        progress = progress_of(job)
        plan = prepare(dataset, recipe, selection, folder, job.settings.weights_dir, progress=progress, cache=cache)
        reporter = JobReporter(job, recipe)
        reporter.phase("loading the framework")
        trainer = load_trainer(plan)
        if recipe.find_batch_size:
            plan = plan.with_batches_of(_batch_size(job, trainer, reporter))
            reporter, trainer = JobReporter(job, plan.recipe), load_trainer(plan)
        outcome = trainer.fit(reporter)
        reporter.note("best_epoch", outcome.best_epoch)
        reporter.note(
            "damaged_images", sum(int((~subset.images.decodable()).sum()) for subset in (plan.train, plan.val))
        )
        if outcome.best_epoch:
            export_bundle(job, dataset, selection, plan, trainer, outcome)
    if outcome.stopped:
        raise Stopped


def _batch_size(job: Job, trainer: Trainer, reporter: JobReporter) -> int:
    """The one that was found before a stop, else the largest that fits: batches must stay as they are."""
    known = job.run.tags.get(FOUND_BATCH_SIZE)
    if known:
        return int(known)
    found = trainer.largest_batch(reporter)
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


def progress_of(job: Job) -> Callable[[str, int, int], None]:
    """What reports how far the looking through files is, and ends it where a stop was asked for."""

    def report(what: str, done: int, total: int) -> None:
        if job.stop_requested():
            raise Stopped
        job.report(phase=what, step=done, steps=total)

    return report


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(carry_out(sys.argv[1], train))
