"""The process that trains: `python -m wildcam.training.worker RUN_ID`."""

import os
import sys
from collections.abc import Callable

from wildcam.architectures.parameters import count_parameters
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Subset
from wildcam.runs.facts import TrainFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.training.backends import load_trainer
from wildcam.training.export import export_bundle, versions
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import Selection, prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Trainer


def train(job: Job) -> None:
    """Do a training run: select, fit, export."""
    recipe = Recipe.parse(job.run.params)
    folder = job.run.folder
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    selection.split.table.to_parquet(folder / "split.parquet", index=False)
    _write_facts(job, recipe, selection)
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
        damaged = sum(int((~subset.images.decodable()).sum()) for subset in (plan.train, plan.val))
        job.write_facts(TrainFacts(best_epoch=outcome.best_epoch, damaged_images=damaged))
        if outcome.best_epoch:
            export_bundle(job, dataset, selection, plan, trainer, outcome)
    if outcome.stopped:
        raise Stopped


def _batch_size(job: Job, trainer: Trainer, reporter: JobReporter) -> int:
    """The one that was found before a stop, else the largest that fits: batches must stay as they are."""
    if isinstance(job.run.facts, TrainFacts) and job.run.facts.batch_size_found:
        return job.run.facts.batch_size_found
    found = trainer.largest_batch(reporter)
    job.write_facts(TrainFacts(batch_size_found=found))
    return found


def _write_facts(job: Job, recipe: Recipe, selection: Selection) -> None:
    """What a reader of the run needs to know of its data, its size and its surroundings."""
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    job.write_facts(
        TrainFacts(
            split_fingerprint=selection.split.fingerprint,
            classes=len(selection.classes),
            images={subset: len(selection.on(subset)) for subset in Subset},
            warnings=selection.warnings,
            environment=versions(recipe),
            trainable_parameters=count.trainable,
            total_parameters=count.total,
        )
    )


def progress_of(job: Job) -> Callable[[str, int, int], None]:
    """What reports how far the looking through files is, and ends it where a stop was asked for."""

    def report(what: str, done: int, total: int) -> None:
        if job.stop_requested():
            raise Stopped
        job.report(phase=what, step=done, steps=total)

    return report


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(run_job(sys.argv[1], train))
