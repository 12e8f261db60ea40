"""The table of export formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from wildcam.choice import Choice
from wildcam.errors import DataError
from wildcam.exports.camtrap_dp.write import write_camtrap_dp
from wildcam.exports.coco_camera_traps import write_coco
from wildcam.exports.csv_table import write_csv
from wildcam.exports.folders import write_folders
from wildcam.exports.kaggle import write_kaggle
from wildcam.exports.megadetector import write_megadetector
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.people import known_people
from wildcam.settings import load_settings


class Format(Choice):
    """A format that predictions can be written in."""

    CSV = "csv", "CSV"
    MEGADETECTOR = "megadetector", "MegaDetector JSON"
    CAMTRAP_DP = "camtrap_dp", "Camtrap DP"
    COCO = "coco", "COCO Camera Traps"
    KAGGLE = "kaggle", "Kaggle submission"
    FOLDERS = "folders", "Folders per species"


@dataclass(frozen=True)
class FormatInfo:
    """A row of the table."""

    help: str
    suffix: str  # of the file; "" for a folder


FORMATS: Mapping[Format, FormatInfo] = MappingProxyType(
    {
        Format.CSV: FormatInfo("every column, for spreadsheets and R", ".csv"),
        Format.MEGADETECTOR: FormatInfo("opens in Timelapse and AddaxAI", ".json"),
        Format.CAMTRAP_DP: FormatInfo("the exchange format of GBIF and camtrapR", ".zip"),
        Format.COCO: FormatInfo("the format of LILA's data sets", ".json"),
        Format.KAGGLE: FormatInfo("for iWildCam 2020; needs its sample file", ".csv"),
        Format.FOLDERS: FormatInfo("copies of the photos, or links to them", ""),
    }
)


@dataclass(frozen=True)
class Exported:
    """What was written, with remarks for the user."""

    path: Path
    images: int  # written; of a submission, answered
    remarks: tuple[str, ...]


def export(
    format: Format, table: pd.DataFrame, metadata: BatchMetadata, path: Path, options: ExportOptions | None = None
) -> Exported:
    """Write a table of predictions, complete or not at all. Raises a `WildcamError` with one sentence."""
    options = options or ExportOptions()
    written = len(table)
    remarks: tuple[str, ...] = ()
    try:
        match format:
            case Format.CSV:
                write_csv(table, path, options)
            case Format.MEGADETECTOR:
                write_megadetector(table, metadata, path)
            case Format.CAMTRAP_DP:
                written, remarks = write_camtrap_dp(table, metadata, options, path)
            case Format.COCO:
                write_coco(table, metadata, path, options)
            case Format.KAGGLE:
                written, remarks = write_kaggle(table, options, path)
            case Format.FOLDERS:
                known = known_people(load_settings())  # asked here, so that no caller can forget it
                written, remarks = write_folders(
                    table, metadata, path, known, transfer=options.transfer, people=options.people
                )
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): choose another path, or free space."
        ) from error
    return Exported(path, written, remarks)
