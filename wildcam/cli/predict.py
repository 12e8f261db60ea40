"""`predict`: a batch of images in the background, and what became of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.export import default_path
from wildcam.cli.follow import follow
from wildcam.cli.output import AsJson, print_facts
from wildcam.cli.train import Detach
from wildcam.data.catalog import list_datasets
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.exports.formats import Format, export
from wildcam.predictions.batches import open_batch
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.runs.store import RunStore
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS
from wildcam.serving.two_stage import Aggregation
from wildcam.settings import Settings, load_settings


def predict(
    source: Annotated[
        str, typer.Argument(help="A data set, a folder, or a text file with a photo's path in each line.")
    ],
    subset: Annotated[str, typer.Option(help="One side of the data set's split: train, id_val, val or test.")] = "",
    split: Annotated[SplitPolicy, typer.Option(help="How the data set is split.")] = SplitPolicy.LOCATION,
    split_seed: Annotated[int, typer.Option(min=0, help="Seed of the split.")] = 0,
    empty_model: Annotated[str | None, typer.Option(help="Stage 1: empty or animal; a name, or run:ID.")] = None,
    species_model: Annotated[str | None, typer.Option(help="Stage 2: which species; a name, or run:ID.")] = None,
    model: Annotated[
        str | None, typer.Option(help="One model alone: stage 1, a species model, or one that has empty as a class.")
    ] = None,
    views: Annotated[int, typer.Option(min=1, max=MAX_VIEWS, help="Times each photo is looked at.")] = DEFAULT_VIEWS,
    quick: Annotated[
        bool, typer.Option("--quick", help="Look at two views, and at the others only where these disagree.")
    ] = False,
    aggregation: Annotated[Aggregation, typer.Option(help="How the views become one answer.")] = Aggregation.VOTE,
    empty_threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="A view is empty from here on; else the model's own.")
    ] = None,
    unknown_threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="A species is named from here on; else the model's own.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call the batch.")] = "",
    format: Annotated[
        Format | None, typer.Option(help="Write the result as this, when it is finished; see `export`.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write it.")] = None,
    detach: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Predict many images in a process of its own; it can be stopped, resumed and exported."""
    if detach and format:
        raise UsageError(
            "A batch that is left to itself cannot be exported yet: leave --format out, and call `export` later."
        )
    settings = load_settings()
    store = RunStore(settings)
    request = make_request(
        store,
        empty_model=empty_model,
        species_model=species_model,
        model=model,
        empty_threshold=empty_threshold,
        unknown_threshold=unknown_threshold,
        subset=subset,
        split=split,
        split_seed=split_seed,
        views=views,
        quick=quick,
        aggregation=aggregation,
        **_source(source, settings),
    )
    run = submit_predictions(store, request, name)
    if detach:
        print_facts({"run": run.id, "name": run.name, "state": str(run.state)}, as_json=as_json)
        return
    follow(store, run, as_json=as_json)
    if format:
        batch = open_batch(store, run.id)
        written = export(format, batch.table(), batch.metadata, output or default_path(run.name, format))
        for remark in (f"Written: {written.path}", *written.remarks):
            print(remark, file=sys.stderr)


def _source(source: str, settings: Settings) -> dict[str, str]:
    """Which field of the request it is. Raises `UsageError` where it is nothing that is here."""
    names = [info.name for info in list_datasets(settings.datasets_dir)]
    if source in names:
        return {"dataset": source}
    path = Path(source).expanduser().absolute()
    if path.is_dir():
        return {"folder": str(path)}
    if path.is_file():
        return {"listing": str(path)}
    raise UsageError(
        f"{source!r} is neither a data set ({', '.join(names) or 'there is none'}) nor a folder nor a list."
    )
