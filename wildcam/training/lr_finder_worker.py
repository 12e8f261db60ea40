"""The process of the learning-rate finder: `python -m wildcam.training.lr_finder_worker RUN_ID`."""

import os
import sys

from wildcam.data.catalog import open_dataset
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.training.backends import load_trainer
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.job_reporter import JobReporter
from wildcam.training.plan import prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import StopRequested
from wildcam.training.worker import progress_of

NONE_SUGGESTED = "No learning rate lowered the loss. Check the curve, or try larger batches or other weights."


def run_lr_finder(job: Job) -> None:
    """Do a learning-rate range test. Only the images of its steps are decoded."""
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
