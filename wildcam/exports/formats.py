"""The table of formats that predictions are exported to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from wildcam.errors import DataError
from wildcam.exports.camtrap_dp import write_camtrap_dp
from wildcam.exports.coco_camera_traps import write_coco
from wildcam.exports.csv_table import write_csv
from wildcam.exports.folders import write_folders
from wildcam.exports.kaggle import write_kaggle
from wildcam.exports.megadetector import write_megadetector
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata


class Format(StrEnum):
    """What predictions can be written as."""

    CSV = "csv"
    MEGADETECTOR = "megadetector"
    CAMTRAP_DP = "camtrap-dp"
    COCO = "coco"
    KAGGLE = "kaggle"
    FOLDERS = "folders"


@dataclass(frozen=True)
class FormatInfo:
    """A row of the table."""

    title: str
    help: str
    suffix: str  # of the file; "" for a folder


FORMATS: Mapping[Format, FormatInfo] = MappingProxyType(
    {
        Format.CSV: FormatInfo("CSV", "A table with everything, for spreadsheets and R.", ".csv"),
        Format.MEGADETECTOR: FormatInfo("MegaDetector JSON", "Opens in Timelapse and AddaxAI.", ".json"),
        Format.CAMTRAP_DP: FormatInfo("Camtrap DP", "The exchange format of GBIF and of camtrapR.", ".zip"),
        Format.COCO: FormatInfo("COCO Camera Traps", "What LILA's data sets come in.", ".json"),
        Format.KAGGLE: FormatInfo("Kaggle submission", "For iWildCam 2020; needs its sample file.", ".csv"),
        Format.FOLDERS: FormatInfo("Folders per species", "Copies of the photos, or links to them.", ""),
    }
)


@dataclass(frozen=True)
class Exported:
    """What was written, and what a person should know of it."""

    path: Path
    images: int  # that are in it; of a submission, that it answers
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
                write_csv(table, path)
            case Format.MEGADETECTOR:
                write_megadetector(table, metadata, path)
            case Format.CAMTRAP_DP:
                written, remarks = write_camtrap_dp(table, metadata, options, path)
            case Format.COCO:
                write_coco(table, metadata, path)
            case Format.KAGGLE:
                remarks = write_kaggle(table, options, path)
            case Format.FOLDERS:
                written, remarks = write_folders(table, metadata, path, options.transfer)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}.") from error
    return Exported(path, written, remarks)
