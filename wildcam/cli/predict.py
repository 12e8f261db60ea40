"""`predict`: a batch of predictions in the background, followed from the terminal."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.export import default_path
from wildcam.cli.follow import follow
from wildcam.cli.inference_options import (
    Closer,
    CloserWeight,
    EmptyThreshold,
    Quick,
    Set,
    UnknownThreshold,
    ViewAggregation,
    Views,
)
from wildcam.cli.output import AsJson, print_facts, print_note
from wildcam.cli.train import Detach
from wildcam.data.catalog import damaged_datasets, list_datasets
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.exports.formats import Format, export
from wildcam.predictions.batches import open_batch
from wildcam.predictions.models import bundles_of
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import missing_default
from wildcam.serving.two_stage import Aggregation
from wildcam.settings import Settings, load_settings


def predict(
    source: Annotated[str, typer.Argument(help="A data set, a folder, or a text file with one photo path per line.")],
    subset: Annotated[str, typer.Option(help="One subset of the data set's split: train, id_val, val or test.")] = "",
    split: Annotated[SplitPolicy, typer.Option(help="Kind of split.")] = SplitPolicy.LOCATION,
    split_seed: Annotated[int, typer.Option(min=0, help="Seed of the split.")] = 0,
    empty_model: Annotated[str | None, typer.Option(help="Stage 1: empty or animal; a name, or run:ID.")] = None,
    species_model: Annotated[str | None, typer.Option(help="Stage 2: which species; a name, or run:ID.")] = None,
    model: Annotated[
        str | None, typer.Option(help="One model alone: stage 1, a species model, or a model with the class empty.")
    ] = None,
    views: Views = None,
    view_set: Set = None,
    closer: Closer = False,
    closer_weight: CloserWeight = None,
    quick: Quick = False,
    aggregation: ViewAggregation = Aggregation.VOTE,
    empty_threshold: EmptyThreshold = None,
    unknown_threshold: UnknownThreshold = None,
    name: Annotated[str, typer.Option(help="Name of the batch.")] = "",
    format: Annotated[Format | None, typer.Option(help="Export the predictions at the end; see `export`.")] = None,
    output: Annotated[Path | None, typer.Option(help="Path of the export.")] = None,
    detach: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Predict many photos in the background. A batch can be stopped and resumed."""
    if detach and format:
        raise UsageError(
            "--detach and --format cannot be combined: leave --format out, and run `export` when the batch has "
            "finished."
        )
    settings = load_settings()
    store = RunStore(settings)
    if not model:
        print_note(missing_default(settings.model_dirs))
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
        view_set=view_set,
        closer=closer,
        closer_weight=closer_weight,
        quick=quick,
        aggregation=aggregation,
        **_source(source, settings),
    )
    run = submit_predictions(store, request, name)
    print_note("" if model else f"Models: {' and '.join(bundle.name for bundle in bundles_of(request, store))}.")
    if detach:
        print_facts({"run": run.id, "name": run.name, "state": str(run.state)}, as_json=as_json)
        return
    follow(store, run, as_json=as_json)
    if format:
        batch = open_batch(store, run.id)
        written = export(format, batch.table(), batch.metadata, output or default_path(run.name, format))
        for remark in (f"Written: {written.path}", *written.remarks):
            print_note(remark)


def _source(source: str, settings: Settings) -> dict[str, str]:
    """The field of the request that a source belongs to. Raises `UsageError` for one that does not exist."""
    names = [info.name for info in list_datasets(settings.datasets_dir)]
    if source in names:
        return {"dataset": source}
    if source in (damaged := damaged_datasets(settings.datasets_dir)):
        raise UsageError(damaged[source])
    path = Path(source).expanduser().absolute()
    if path.is_dir():
        return {"folder": str(path)}
    if path.is_file():
        return {"listing": str(path)}
    raise UsageError(
        f"{source!r} is not a data set ({', '.join(names) or 'there is none yet'}), a folder or a text file: "
        "name one of them."
    )
