"""A run in the hands of its worker: what it learns from, how, and which framework trains it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from wildcam.data.catalog import Dataset
from wildcam.data.splits import Subset
from wildcam.runs.job import Job, Stopped
from wildcam.serving.engine import has_bfloat16
from wildcam.training.backends import load_trainer
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.plan import Selection, prepare
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Plan, Trainer
from wildcam.training.whole_run import WholeRun


@dataclass(frozen=True)
class TrainingContext:
    """What every step of a run needs. `selection` is of `dataset`, `plan` of `selection`, `trainer` of `plan`."""

    job: Job
    dataset: Dataset
    selection: Selection
    plan: Plan
    trainer: Trainer
    whole: WholeRun

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is trained: with the batch size that was found, where the recipe wants the largest."""
        return self.plan.recipe

    def with_batch_size(self, batch_size: int) -> "TrainingContext":
        """The same run with another batch size, and a trainer that has not begun."""
        plan = self.plan.with_batch_size(batch_size)
        return replace(self, plan=plan, trainer=load_trainer(plan))


@contextmanager
def training_context(job: Job, dataset: Dataset, recipe: Recipe, selection: Selection) -> Iterator[TrainingContext]:
    """Look for the files of the selection, load the framework, and hold the cache of decoded images meanwhile.

    Raises `Stopped` where a stop is requested, `DataError` where no file can be read.
    """
    settings = job.settings
    whole = WholeRun(recipe.total_epochs, len(selection.on(Subset.TRAIN)), _evaluated_images(selection))
    with (
        PixelCache(settings.pixels_dir, settings.pixel_cache_bytes) as cache,
        PixelCache(settings.features_dir, settings.feature_cache_bytes) as features,
    ):
        plan = prepare(
            dataset,
            recipe,
            selection,
            job.run.folder,
            settings.weights_dir,
            progress=_progress_of(job, whole),
            cache=cache,
        )
        plan = replace(plan, feature_cache=features)
        print("loading the framework", flush=True)
        job.report(phase="loading the framework", step=0, steps=0, share=whole.loading(1.0).share)
        yield TrainingContext(job, dataset, selection, plan, load_trainer(plan), whole)


def _evaluated_images(selection: Selection) -> int:
    """How many predictions follow the training: every other subset, unseen species, validation in bfloat16."""
    outside = (selection.table["subset"] != Subset.TRAIN).sum()
    return int(outside) + len(selection.unseen) + (len(selection.validation) if has_bfloat16() else 0)


def _progress_of(job: Job, whole: WholeRun) -> Callable[[str, int, int], None]:
    """Reports how many files have been looked for, and raises `Stopped` where a stop is requested."""

    def report(phase: str, done: int, total: int) -> None:
        if job.stop_requested():
            raise Stopped
        job.report(phase=phase, step=done, steps=total, share=whole.loading(done / total if total else 0.0).share)

    return report
