"""From a recipe to a queued learning-rate finder, a run of its own: what a form and a command line both call."""

from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe
from wildcam.training.submit import check

FINDER_METRICS = ("finder_loss", "finder_raw_loss", "finder_learning_rate")
"""Curves of such a run; steps count batches from 1."""


def submit_lr_finder(store: RunStore, recipe: Recipe, name: str = "") -> Run:
    """Check what `submit` checks, then queue the finder and start its worker.

    In the end the run's `LRFinderFacts` hold what was found. Raises a `WildcamError` with one sentence where it could only fail.
    """
    check(recipe, store.settings)
    name = name or f"learning rate of {recipe.preset} on {recipe.dataset}"
    return local.launch(store, store.create(Kind.LR_FINDER, name, recipe))
