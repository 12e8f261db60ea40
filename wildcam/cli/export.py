"""`export`: the predictions of a batch in the formats that others read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pydantic import ValidationError

from wildcam.cli.output import AsJson, print_facts
from wildcam.errors import UsageError
from wildcam.exports.formats import FORMATS, Format, export
from wildcam.exports.load import load_predictions, metadata_of_file
from wildcam.exports.options import ExportOptions, Transfer
from wildcam.predictions.batches import categories_of, open_batch
from wildcam.predictions.metadata import BatchMetadata
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings

_TITLES = "; ".join(f"{name}: {info.title}" for name, info in FORMATS.items())


def export_predictions(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN|FILE",
            help="A batch of predictions, by id (its beginning will do) or name; or a file that was exported.",
        ),
    ],
    format: Annotated[Format, typer.Option(help=_TITLES)] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="File, or folder for the format folders.")] = None,
    time_zone: Annotated[str, typer.Option(help="Camtrap DP: of the cameras' clocks, as in Africa/Nairobi.")] = "",
    latitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every camera not in --coordinates.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every camera not in --coordinates.")] = None,
    coordinates: Annotated[
        Path | None, typer.Option(help="Camtrap DP: CSV with the columns location, latitude, longitude.")
    ] = None,
    coordinate_uncertainty_m: Annotated[
        int | None,
        typer.Option(min=1, help="Camtrap DP: how far a camera may be from the coordinates given, in metres."),
    ] = None,
    project_title: Annotated[str, typer.Option(help="Camtrap DP: title of the project.")] = "Camera-trap survey",
    contributor: Annotated[str, typer.Option(help="Camtrap DP: who publishes it.")] = "WildCam",
    sample: Annotated[Path | None, typer.Option(help="Kaggle: the competition's sample_submission.csv.")] = None,
    transfer: Annotated[Transfer, typer.Option(help="Folders: copy the photos, or link to them.")] = Transfer.COPY,
    as_json: AsJson = False,
) -> None:
    """Write what a batch found, as far as it has come, or turn an exported file into another format."""
    settings = load_settings()
    table, metadata, name, categories = _open(source, settings)
    try:
        options = ExportOptions(
            time_zone=time_zone,
            latitude=latitude,
            longitude=longitude,
            coordinates=coordinates,
            coordinate_uncertainty_m=coordinate_uncertainty_m,
            project_title=project_title,
            contributor=contributor,
            sample=sample,
            transfer=transfer,
            categories=categories() if format is Format.KAGGLE else {},
        )
    except ValidationError as error:
        raise UsageError.of(error) from error
    written = export(format, table, metadata, output or default_path(name, format), options)
    told = {"written": str(written.path), "images": written.images}
    print_facts(told | {f"remark {k}": remark for k, remark in enumerate(written.remarks, 1)}, as_json=as_json)


def default_path(name: str, format: Format) -> Path:
    """In the folder that one is in, named after the batch."""
    return Path(f"{name.replace('/', '-')}{FORMATS[format].suffix}")


def _open(source: str, settings: Settings) -> tuple[pd.DataFrame, BatchMetadata, str, Callable[[], dict[str, int]]]:
    """Table, metadata, name, and how to get the numbers of the labels."""
    path = Path(source)
    if path.is_file():
        table = load_predictions(path)
        return table, metadata_of_file(path, table), f"{path.stem}-again", dict
    batch = open_batch(RunStore(settings), source)
    return batch.table(), batch.metadata, batch.run.name, lambda: categories_of(batch, settings)
