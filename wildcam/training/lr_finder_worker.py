"""The process that runs the learning-rate finder: `python -m wildcam.training.lr_finder_worker RUN_ID`."""

import os
import sys

from wildcam.data.catalog import open_dataset
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.training.context import training_context
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import StopRequested

NONE_SUGGESTED = (
    "No learning rate lowered the loss, so none is suggested. Check the curve, or try a larger batch size or other "
    "starting weights."
)


def run_lr_finder(job: Job) -> None:
    """Do a learning-rate range test and keep what it found. Only the images of its steps are decoded."""
    recipe = Recipe.parse(job.run.params)
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    with training_context(job, dataset, recipe, select(dataset, recipe)) as context:
        try:
            test = context.trainer.run_lr_finder(JobReporter(job, recipe, context.whole))
        except StopRequested:
            raise Stopped from None
    job.write_facts(
        LRFinderFacts(
            seconds_per_step=test.seconds_per_step,
            suggested_learning_rate=test.suggested,
            learning_rate_note=NONE_SUGGESTED if test.suggested is None else "",
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(run_job(sys.argv[1], run_lr_finder))
