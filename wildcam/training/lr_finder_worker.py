"""The process that runs the learning-rate finder: `python -m wildcam.training.lr_finder_worker RUN_ID`."""

import os
import sys

from wildcam.data.catalog import open_dataset
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.training.context import training_context
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import StopRequested


def run_lr_finder(job: Job) -> None:
    """Do a learning-rate range test and note what it found. Only the images of its steps are decoded."""
    recipe = Recipe.parse(job.run.params)
    dataset = open_dataset(job.settings.datasets_dir, recipe.dataset)
    reporter = JobReporter(job, recipe)
    with training_context(job, dataset, recipe, select(dataset, recipe)) as context:
        try:
            test = context.trainer.run_lr_finder(reporter)
        except StopRequested:
            raise Stopped from None
    reporter.note("seconds_per_step", _number(test.seconds_per_step))
    reporter.note("suggested_learning_rate", _number(test.suggested))
    if test.suggested is None:
        reporter.note(
            "finder_note",
            "No learning rate lowered the loss, so none is suggested. Check the curve, or try a larger batch size or "
            "other starting weights.",
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(carry_out(sys.argv[1], run_lr_finder))
