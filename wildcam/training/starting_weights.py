"""Fetches what a run starts from, saying how far it is."""

from pathlib import Path

from wildcam.architectures import pretrained
from wildcam.training.recipe import Weights
from wildcam.training.trainer import Plan, Reporter, StopRequested


def fetch_weights(plan: Plan, reporter: Reporter) -> Path | None:
    """The file of the preset's ImageNet weights, fetched where it is not here yet; None for random weights."""
    if plan.recipe.weights is not Weights.IMAGENET:
        return None

    def progress(done: int, total: int) -> None:
        reporter.phase(f"fetching ImageNet weights, {done / 1e6:.0f} of {total / 1e6:.0f} MB")
        if reporter.stop_requested():
            raise StopRequested

    return pretrained.fetch(plan.recipe.preset, plan.downloads_dir, progress=progress)
