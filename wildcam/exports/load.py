"""Predictions from a file that was exported, in whichever format carries them."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from wildcam.data.importers.json_file import read_json
from wildcam.data.importers.packed import UNREADABLE
from wildcam.errors import DataError
from wildcam.exports.camtrap_dp.observations import EVENT_LEVEL, LABEL_TAG
from wildcam.exports.coco_camera_traps import read_coco
from wildcam.exports.csv_table import read_csv
from wildcam.exports.labels import Subject, read_again
from wildcam.exports.megadetector import read_megadetector
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import as_table
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

_LABELS = {"blank": EMPTY, "unclassified": FAILED, "human": Subject.PERSON, "vehicle": Subject.VEHICLE}
_NO_PACKAGE = (*UNREADABLE, AttributeError)


def load_predictions(path: Path) -> pd.DataFrame:
    """A table of predictions, as far as the format carries it. Raises `DataError` for a file that holds none.

    A Kaggle submission and folders of images carry too little to be read again.
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _read_camtrap_dp(path)
    if suffix == ".json":
        keys = read_json(path, dict, "exported predictions, an object with the list `images`")
        return read_coco(path) if "annotations" in keys else read_megadetector(path)
    if suffix == ".csv":
        return read_csv(path)
    raise DataError(f"{path.name} cannot be read again: expected CSV, MegaDetector or COCO JSON, or a Camtrap DP zip.")


def metadata_of_file(path: Path, table: pd.DataFrame) -> BatchMetadata:
    """The metadata of predictions from a file: the models and their settings are not known."""
    return BatchMetadata(
        root=path.absolute().parent,
        source=path.name,
        empty_model="unknown",
        species_model="unknown",
        classes=tuple(sorted(set(table["label"]) - {EMPTY, UNKNOWN, FAILED})),
        is_demo=False,
        views=max(1, int(table["views"].max() or 0)) if len(table) else 1,
        aggregation="unknown",
        empty_threshold=0.5,
        unknown_threshold=0.0,
        run_id="imported",
        created_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
    )


def _read_camtrap_dp(path: Path) -> pd.DataFrame:
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [
                pd.read_csv(archive.open(f"{name}.csv"), dtype="str", keep_default_na=False)
                for name in ("deployments", "media", "observations")
            ]
            deployments, media, observations = tables
            observations = observations[observations["observationLevel"] != EVENT_LEVEL]
            rows = media.merge(observations, on=["mediaID", "deploymentID"], validate="one_to_one")
            rows = rows.merge(deployments[["deploymentID", "locationName"]], on="deploymentID", validate="many_to_one")
            return as_table([_row(row) for row in rows.itertuples()])
    except _NO_PACKAGE as error:
        raise DataError(f"{path.name} holds no predictions in Camtrap DP ({error}).") from error


def _row(row: Any) -> dict[str, object]:
    """Local times as the camera's clock had them; the offset is the declared one."""
    kind, name = row.observationType, row.scientificName
    tag = row.observationTags
    label = tag.removeprefix(LABEL_TAG) if tag.startswith(LABEL_TAG) else name or str(_LABELS.get(kind, UNKNOWN))
    probability = row.classificationProbability
    return read_again(
        image_id=row.mediaID,
        path=unquote(row.filePath),
        label=label,
        location=row.locationName,
        sequence_id="" if row.eventID == row.mediaID else row.eventID,
        taken_at=pd.Timestamp(row.timestamp).tz_localize(None).to_pydatetime(),
        confidence=float(probability or 0),
        p_empty=float(probability) if label == EMPTY else None,
        failure=row.mediaComments if label == FAILED else "",
    )
