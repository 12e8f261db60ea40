"""`export`: the predictions of a batch in other programs' formats."""

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

_FORMATS = "; ".join(f"{format}: {format.display}, {info.help}" for format, info in FORMATS.items())


def export_predictions(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN|FILE",
            help="A batch of predictions, by id (its first characters will do) or name; or an exported file.",
        ),
    ],
    format: Annotated[Format, typer.Option(help=_FORMATS)] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="File, or folder for the format folders.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Camtrap DP: time zone of the cameras' clocks, e.g. Africa/Nairobi.")
    ] = "",
    latitude: Annotated[float | None, typer.Option(help="Camtrap DP: of locations not in --coordinates.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Camtrap DP: of locations not in --coordinates.")] = None,
    coordinates: Annotated[
        Path | None, typer.Option(help="Camtrap DP: CSV with the columns location, latitude, longitude.")
    ] = None,
    coordinate_uncertainty_m: Annotated[
        int | None,
        typer.Option(min=1, help="Camtrap DP: uncertainty of the coordinates, m."),
    ] = None,
    project_title: Annotated[str, typer.Option(help="Camtrap DP: title of the project.")] = "Camera-trap survey",
    contributor: Annotated[str, typer.Option(help="Camtrap DP: the publisher.")] = "WildCam",
    sample: Annotated[Path | None, typer.Option(help="Kaggle: the competition's sample_submission.csv.")] = None,
    transfer: Annotated[Transfer, typer.Option(help="Folders: copy the photos, or link to them.")] = Transfer.COPY,
    as_json: AsJson = False,
) -> None:
    """Export a batch, finished or not, or convert an exported file."""
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
    facts = {"written": str(written.path), "images": written.images}
    print_facts(facts | {f"remark {k}": remark for k, remark in enumerate(written.remarks, 1)}, as_json=as_json)


def default_path(name: str, format: Format) -> Path:
    """In the working directory, named after the batch."""
    return Path(f"{name.replace('/', '-')}{FORMATS[format].suffix}")


def _open(source: str, settings: Settings) -> tuple[pd.DataFrame, BatchMetadata, str, Callable[[], dict[str, int]]]:
    """Table, metadata, name, and a function that reads the category numbers of the labels."""
    path = Path(source)
    if path.is_file():
        table = load_predictions(path)
        return table, metadata_of_file(path, table), f"{path.stem}-converted", dict
    batch = open_batch(RunStore(settings), source)
    return batch.table(), batch.metadata, batch.run.name, lambda: categories_of(batch, settings)
