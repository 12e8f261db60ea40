"""Downloads the pretrained weights of a run, with progress."""

from pathlib import Path

from wildcam.architectures import pretrained
from wildcam.training.recipe import Weights
from wildcam.training.trainer import Plan, Reporter, StopRequested


def fetch_weights(plan: Plan, reporter: Reporter) -> Path | None:
    """The file of the preset's ImageNet weights, downloaded where it is not here yet; None for random weights."""
    if plan.recipe.weights is not Weights.IMAGENET:
        return None

    def progress(done: int, total: int) -> None:
        reporter.phase(f"downloading ImageNet weights, {done / 1e6:.0f} of {total / 1e6:.0f} MB")
        if reporter.stop_requested():
            raise StopRequested

    return pretrained.fetch(plan.recipe.preset, plan.downloads_dir, progress=progress)
