"""`demo`: draw the demo data set and import it."""

from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, progress_bar
from wildcam.data.catalog import open_dataset
from wildcam.demo.dataset import DEMO_NAME, make_demo_dataset
from wildcam.settings import load_settings


def make_demo(
    images: Annotated[int, typer.Option(help="Number of photos.")] = 3000,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 0,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing if it exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw the demo data set and import it. It has the form of iWildCam 2020."""
    settings = load_settings()
    if if_missing and (settings.datasets_dir / DEMO_NAME).exists():
        dataset = open_dataset(settings.datasets_dir, DEMO_NAME)
    else:
        with progress_bar("drawing photos") as bar:
            dataset = make_demo_dataset(settings, images=images, seed=seed, progress=bar.show)
    facts = {"name": dataset.name, "images": dataset.info.images, "folder": str(dataset.info.root)}
    print_facts(facts, as_json=as_json)
