"""`export`: the predictions of a batch in other programs' formats."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pydantic import ValidationError

from wildcam import atomic
from wildcam.cli.output import AsJson, print_facts, print_note
from wildcam.data.importers.names_table import read_names
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import UsageError
from wildcam.exports.camtrap_dp.write import about_times, left_out_of_camtrap_dp
from wildcam.exports.formats import FORMATS, Format, export
from wildcam.exports.load import load_predictions, metadata_of_file
from wildcam.exports.options import ExportOptions, PeopleInPhotos, Transfer
from wildcam.predictions.batches import categories_of, deployments_of_batch, names_of_batch, open_batch
from wildcam.predictions.metadata import BatchMetadata
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings
from wildcam.spreadsheet import to_csv

_FORMATS = "; ".join(f"{format}: {format.display}, {info.help}" for format, info in FORMATS.items())


_CAMTRAP_DP = (Format.CAMTRAP_DP,)
_USED_BY: dict[str, tuple[Format, ...]] = {
    "time_zone": _CAMTRAP_DP,
    "deployments": (Format.CAMTRAP_DP, Format.CSV, Format.COCO),
    "latitude": _CAMTRAP_DP,
    "longitude": _CAMTRAP_DP,
    "scientific_names": _CAMTRAP_DP,
    "coordinate_uncertainty_m": _CAMTRAP_DP,
    "project_title": _CAMTRAP_DP,
    "contributor": _CAMTRAP_DP,
    "left_out": _CAMTRAP_DP,
    "sample": (Format.KAGGLE,),
    "byte_order_mark": (Format.CSV,),
    "transfer": (Format.FOLDERS,),
    "people": (Format.FOLDERS,),
}
"""The formats that use an option. Given with another one it would do nothing."""


def export_predictions(
    context: typer.Context,
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
    deployments: Annotated[
        Path | None,
        typer.Option(
            "--deployments",
            "--coordinates",
            help="CSV with the columns location, latitude, longitude, and any of Camtrap DP's deployments; without it, "
            "the table that `data deployments` stored for the data set.",
        ),
    ] = None,
    latitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every location not in --deployments.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Camtrap DP: of every location not in --deployments.")] = None,
    scientific_names: Annotated[
        Path | None,
        typer.Option(
            help="Camtrap DP: CSV with the columns label, scientific_name and common_name; without it, the names that "
            "`data names` stored for the data set."
        ),
    ] = None,
    coordinate_uncertainty_m: Annotated[
        int | None,
        typer.Option(min=1, help="Camtrap DP: uncertainty of the coordinates, m."),
    ] = None,
    project_title: Annotated[str, typer.Option(help="Camtrap DP: title of the project.")] = "Camera-trap survey",
    contributor: Annotated[str, typer.Option(help="Camtrap DP: the publisher.")] = "WildCam",
    sample: Annotated[Path | None, typer.Option(help="Kaggle: the competition's sample_submission.csv.")] = None,
    byte_order_mark: Annotated[
        bool, typer.Option("--byte-order-mark", help="CSV: begin with a mark, by which Excel knows UTF-8.")
    ] = False,
    left_out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Camtrap DP: list the photos that have no time, and stop.")
    ] = None,
    transfer: Annotated[Transfer, typer.Option(help="Folders: copy the photos, or link to them.")] = Transfer.COPY,
    people: Annotated[
        PeopleInPhotos, typer.Option(help="Folders: photos that show people are left out, blurred, or kept.")
    ] = PeopleInPhotos.LEAVE_OUT,
    as_json: AsJson = False,
) -> None:
    """Export a batch, finished or not, or convert an exported file."""
    _refuse_unused(context, format)
    settings = load_settings()
    table, metadata, name, categories, stored, names = _open(source, settings)
    if format is Format.CAMTRAP_DP:
        without_time = left_out_of_camtrap_dp(table)
        if left_out:
            atomic.write_bytes(left_out, to_csv(without_time[["image_id", "path", "location"]]).encode())
            print_facts({"listed": str(left_out), "photos without time": len(without_time)}, as_json=as_json)
            return
        print_note(about_times(without_time))  # before it writes
    try:
        options = ExportOptions(
            time_zone=time_zone,
            latitude=latitude,
            longitude=longitude,
            deployments=deployments or stored,
            names=read_names(scientific_names) if scientific_names else names,
            byte_order_mark=byte_order_mark,
            coordinate_uncertainty_m=coordinate_uncertainty_m,
            project_title=project_title,
            contributor=contributor,
            sample=sample,
            transfer=transfer,
            people=people,
            categories=categories() if format is Format.KAGGLE else {},
        )
    except ValidationError as error:
        raise UsageError.of(error) from error
    written = export(format, table, metadata, output or default_path(name, format), options)
    facts = {"written": str(written.path), "images": written.images}
    print_facts(facts | {f"remark {k}": remark for k, remark in enumerate(written.remarks, 1)}, as_json=as_json)


def _refuse_unused(context: typer.Context, format: Format) -> None:
    for name, formats in _USED_BY.items():
        origin = context.get_parameter_source(name)
        if origin and origin.name == "COMMANDLINE" and format not in formats:
            raise UsageError(
                f"--{name.replace('_', '-')} belongs to --format {' or '.join(formats)}: leave it out, "
                "or change the format."
            )


def default_path(name: str, format: Format) -> Path:
    """In the working directory, named after the batch."""
    return Path(f"{name.replace('/', '-')}{FORMATS[format].suffix}")


def _open(
    source: str, settings: Settings
) -> tuple[pd.DataFrame, BatchMetadata, str, Callable[[], dict[str, int]], Path | None, SpeciesNames]:
    """Table, metadata, name, a function that reads the category numbers of the labels, the stored deployments and
    names.
    """
    path = Path(source)
    if path.is_file():
        table = load_predictions(path)
        return table, metadata_of_file(path, table), f"{path.stem}-converted", dict, None, SpeciesNames()
    batch = open_batch(RunStore(settings), source)
    stored = deployments_of_batch(batch, settings)
    names = names_of_batch(batch, settings)
    return batch.reviewed_table(), batch.metadata, batch.run.name, lambda: categories_of(batch, settings), stored, names
