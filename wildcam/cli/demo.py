"""`demo`: generate the demo data set and import it."""

from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, progress_bar
from wildcam.data.catalog import open_dataset
from wildcam.data.demo_dataset import DEMO_NAME, make_demo_dataset
from wildcam.settings import load_settings


def make_demo(
    photographs: Annotated[int, typer.Option(help="How many photographs to draw.")] = 3000,
    seed: Annotated[int, typer.Option(help="Another number draws other photographs.")] = 0,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing where it exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw a small data set in iWildCam's form and import it as `demo`."""
    settings = load_settings()
    if if_missing and (settings.datasets_dir / DEMO_NAME).exists():
        dataset = open_dataset(settings.datasets_dir, DEMO_NAME)
    else:
        with progress_bar("drawing photographs") as bar:
            dataset = make_demo_dataset(settings, photographs=photographs, seed=seed, progress=bar.show)
    facts = {"name": dataset.name, "photographs": dataset.info.photographs, "folder": str(dataset.info.root)}
    print_facts(facts, as_json=as_json)
