"""`export`: the predictions of a batch in the formats that others read."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from wildcam.cli.output import AsJson, print_facts
from wildcam.errors import UsageError
from wildcam.exports.formats import FORMATS, Format, export
from wildcam.exports.options import ExportOptions, Transfer
from wildcam.predictions.batches import categories_of, open_batch
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

_TITLES = "; ".join(f"{name}: {info.title}" for name, info in FORMATS.items())


def export_predictions(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A batch of predictions: id (its beginning will do) or name.")
    ],
    format: Annotated[Format, typer.Option(help=_TITLES)] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="File, or folder for the format folders.")] = None,
    time_zone: Annotated[str, typer.Option(help="Camtrap DP: of the cameras' clocks, as in Africa/Nairobi.")] = "",
    latitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every camera not in --coordinates.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every camera not in --coordinates.")] = None,
    coordinates: Annotated[
        Path | None, typer.Option(help="Camtrap DP: CSV with the columns location, latitude, longitude.")
    ] = None,
    project_title: Annotated[str, typer.Option(help="Camtrap DP: title of the project.")] = "Camera-trap survey",
    contributor: Annotated[str, typer.Option(help="Camtrap DP: who publishes it.")] = "WildCam",
    sample: Annotated[Path | None, typer.Option(help="Kaggle: the competition's sample_submission.csv.")] = None,
    transfer: Annotated[Transfer, typer.Option(help="Folders: copy the photographs, or link to them.")] = Transfer.COPY,
    as_json: AsJson = False,
) -> None:
    """Write what a batch found, as far as it has come."""
    store = RunStore(load_settings())
    batch = open_batch(store, run)
    try:
        options = ExportOptions(
            time_zone=time_zone, latitude=latitude, longitude=longitude, coordinates=coordinates,
            project_title=project_title, contributor=contributor, sample=sample, transfer=transfer,
            categories=categories_of(batch, store.settings) if format is Format.KAGGLE else {},
        )  # fmt: skip
    except ValidationError as error:
        raise UsageError(f"{str(error.errors()[0]['msg']).removeprefix('Value error, ').capitalize()}.") from error
    path = output or Path(f"{batch.run.name.replace('/', '-')}{FORMATS[format].suffix}")
    written = export(format, batch.table(), batch.facts, path, options)
    facts = {"written": str(written.path), "photographs": written.photographs}
    print_facts(facts | {f"remark {k}": remark for k, remark in enumerate(written.remarks, 1)}, as_json=as_json)
