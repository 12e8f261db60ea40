"""The process that looks for a learning rate: `python -m wildcam.training.lr_finder_worker RUN_ID`."""

import os
import sys

from wildcam.data.catalog import open_dataset
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.training.backends import load_trainer
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import StopRequested
from wildcam.training.worker import progress_of


def run_lr_finder(job: Job) -> None:
    """Carry out a learning-rate finder. Only the images of its steps are decoded."""
    recipe, settings = Recipe.parse(job.run.params), job.settings
    dataset = open_dataset(settings.datasets_dir, recipe.dataset)
    selection = select(dataset, recipe)
    with PixelCache(settings.pixels_dir, settings.pixel_cache_bytes) as cache:
        plan = prepare(
            dataset, recipe, selection, job.run.folder, settings.weights_dir, progress=progress_of(job), cache=cache
        )
        reporter = JobReporter(job, recipe)
        reporter.phase("loading the framework")
        try:
            test = load_trainer(plan).run_lr_finder(reporter)
        except StopRequested:
            raise Stopped from None
    reporter.note("seconds_per_step", _number(test.seconds_per_step))
    reporter.note("suggested_learning_rate", _number(test.suggested))
    if test.suggested is None:
        reporter.note(
            "finder_note",
            "No rate lowered the loss: none is suggested. Look at the curve, or try larger batches or other weights.",
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(carry_out(sys.argv[1], run_lr_finder))
