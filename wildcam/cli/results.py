"""`results`: another program's predictions as a batch."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.follow import follow
from wildcam.cli.output import AsJson, print_facts
from wildcam.cli.train import Detach
from wildcam.data.splits import SplitPolicy
from wildcam.predictions.external.submit import submit_results
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


def take_results(
    file: Annotated[Path, typer.Argument(help="SpeciesNet's predictions.json, or results in MegaDetector's format.")],
    dataset: Annotated[str, typer.Argument(help="The data set whose photos they are of.")],
    subset: Annotated[str, typer.Option(help="One subset of the data set's split: train, id_val, val or test.")] = "",
    split: Annotated[SplitPolicy, typer.Option(help="Kind of split.")] = SplitPolicy.LOCATION,
    split_seed: Annotated[int, typer.Option(min=0, help="Seed of the split.")] = 0,
    name: Annotated[str, typer.Option(help="Name of the batch.")] = "",
    detach: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Take another program's predictions as a batch, to evaluate, compare and export them like WildCam's own."""
    store = RunStore(load_settings())
    run = submit_results(
        store, file, dataset=dataset, subset=subset, split=split, split_seed=split_seed, name=name.strip()
    )
    if detach:
        print_facts({"run": run.id, "name": run.name, "state": str(run.state)}, as_json=as_json)
        return
    follow(store, run, as_json=as_json)
