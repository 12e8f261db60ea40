"""`train`: start a run and follow it, or detach."""

from typing import Annotated

import typer

from wildcam.cli.follow import follow
from wildcam.cli.output import AsJson, print_facts
from wildcam.cli.recipe_options import recipe_options
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.training.recipe import Recipe
from wildcam.training.submit import submit

Detach = Annotated[bool, typer.Option("--detach", help="Return at once; the run goes on in the background.")]


@recipe_options
def train(
    dataset: Annotated[str, typer.Option(help="The data set to train on.")],
    preset: Annotated[str, typer.Option(help="The experiment to start from (see `presets`).")],
    name: Annotated[str, typer.Option(help="Name of the run.")] = "",
    detach: Detach = False,
    as_json: AsJson = False,
    **changes: object,
) -> None:
    """Train a model in the background and follow it. Every field of the recipe is an option."""
    store = RunStore(load_settings())
    run = submit(store, Recipe.of(dataset, preset, **changes), name)
    if detach:
        print_facts({"run": run.id, "name": run.name, "state": str(run.state)}, as_json=as_json)
    else:
        follow(store, run, as_json=as_json)
