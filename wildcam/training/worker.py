"""The process that trains: `python -m wildcam.training.worker RUN_ID`."""

import os
import sys

from wildcam.architectures.parameters import count_parameters
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Subset
from wildcam.runs.facts import TrainFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.training.context import TrainingContext, training_context
from wildcam.training.export import export_bundle, versions
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe


def train(job: Job) -> None:
    """Do a training run: select, fit, export."""
    recipe = Recipe.parse(job.run.params)
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    selection.split.table.to_parquet(job.run.folder / "split.parquet", index=False)
    _write_facts(job, recipe, selection)
    with training_context(job, dataset, recipe, selection) as context:
        if recipe.find_batch_size:
            context = context.with_batch_size(_batch_size(context))
        stopped = _fit_and_export(context)
    if stopped:
        raise Stopped


def _fit_and_export(context: TrainingContext) -> bool:
    """Train and leave the best epoch's model; whether a stop was requested."""
    outcome = context.trainer.fit(JobReporter(context.job, context.recipe, context.whole))
    damaged = sum(int(examples.images.damaged().sum()) for examples in (context.plan.train, context.plan.val))
    context.job.write_facts(TrainFacts(best_epoch=outcome.best_epoch, damaged_images=damaged))
    if outcome.best_epoch:
        export_bundle(context, outcome)
    return outcome.stopped


def _batch_size(context: TrainingContext) -> int:
    """The one that was found before a stop, else the largest that fits: batches must stay as they are."""
    facts = context.job.run.facts
    if isinstance(facts, TrainFacts) and facts.batch_size_found:
        return facts.batch_size_found
    found = context.trainer.largest_batch(JobReporter(context.job, context.recipe, context.whole))
    context.job.write_facts(TrainFacts(batch_size_found=found))
    return found


def _write_facts(job: Job, recipe: Recipe, selection: Selection) -> None:
    """What a reader of the run needs to know of its data, its size and its surroundings."""
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    job.write_facts(
        TrainFacts(
            split_fingerprint=selection.split.fingerprint,
            classes=len(selection.classes),
            images={subset: len(selection.on(subset)) for subset in Subset},
            validation_subset=selection.validation_subset,
            warnings=selection.warnings,
            left_out=selection.left_out,
            environment=versions(recipe),
            trainable_parameters=count.trainable,
            total_parameters=count.total,
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(run_job(sys.argv[1], train))
