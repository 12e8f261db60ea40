"""Camtrap DP 1.0.2, the exchange format of GBIF: a zip of `datapackage.json` and three tables.

https://camtrap-dp.tdwg.org. A camera is a deployment, a photograph a medium with one observation by machine.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from wildcam import atomic
from wildcam.errors import DataError, UsageError
from wildcam.exports.labels import Shown, shown, species
from wildcam.exports.options import ExportOptions
from wildcam.predictions.table import PredictionFacts
from wildcam.serving.two_stage import UNKNOWN

VERSION = "1.0.2"
HOME = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"
DEPLOYMENTS = (
    "deploymentID", "locationID", "locationName", "latitude", "longitude", "coordinateUncertainty", "deploymentStart",
    "deploymentEnd", "setupBy", "cameraID", "cameraModel", "cameraDelay", "cameraHeight", "cameraDepth", "cameraTilt",
    "cameraHeading", "detectionDistance", "timestampIssues", "baitUse", "featureType", "habitat", "deploymentGroups",
    "deploymentTags", "deploymentComments",
)  # fmt: skip
MEDIA = (
    "mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic", "fileName", "fileMediatype", "exifData",
    "favorite", "mediaComments",
)  # fmt: skip
OBSERVATIONS = (
    "observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd", "observationLevel", "observationType",
    "cameraSetupType", "scientificName", "count", "lifeStage", "sex", "behavior", "individualID", "individualPositionRadius",
    "individualPositionAngle", "individualSpeed", "bboxX", "bboxY", "bboxWidth", "bboxHeight", "classificationMethod",
    "classifiedBy", "classificationTimestamp", "classificationProbability", "observationTags", "observationComments",
)  # fmt: skip

ANYWHERE_METRES = 20_037_508
"""Half of the Earth's circumference: the uncertainty of a place that is not known at all."""

NO_PLACE = "Placeholder: the coordinates of this camera were not given."
_ESCAPES = {"%": "%25", "..": "%2E%2E", "\n": "%0A", "\r": "%0D"}
_TYPES = {
    Shown.ANIMAL: "animal", Shown.PERSON: "human", Shown.VEHICLE: "vehicle", Shown.NOTHING: "blank", Shown.FAILED: "unclassified",
}  # fmt: skip
_MEDIA_TYPES = {".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp", ".gif": "image/gif",
                ".bmp": "image/bmp"}  # fmt: skip


def write_camtrap_dp(
    table: pd.DataFrame, facts: PredictionFacts, options: ExportOptions, path: Path
) -> tuple[str, ...]:
    """Returns remarks: what was not given and has a declared placeholder, and what had to be left out.

    Raises `UsageError` for a time zone that does not exist, `DataError` where no photograph has a time.
    """
    zone = _zone(options.time_zone)
    timed = table[table["taken_at"].notna()].copy()
    if timed.empty:
        raise DataError("Camtrap DP wants the time of every photograph, and none has one: choose another format.")
    timed["timestamp"] = _stamps(timed["taken_at"], zone)
    timed["deployment"] = timed["location"].where(timed["location"] != "", "unplaced").map(_key)
    places = _places(options)
    deployments = _deployments(timed, places, options)
    package = _package(timed, deployments, facts, options)
    tables = {"deployments": deployments, "media": _media(timed), "observations": _observations(timed, facts)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", json.dumps(package, indent=2, ensure_ascii=False))
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", rows.to_csv(index=False))
    atomic.write_bytes(path, content.getvalue())
    return _remarks(table, timed, deployments, options)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"There is no time zone {name!r}: expected one as in Africa/Nairobi or Etc/GMT+6.") from error


def _stamps(times: pd.Series, zone: ZoneInfo) -> pd.Series:
    """ISO 8601 with the offset; a time that the change of clocks skips or repeats is read as the earlier rule has it."""
    local = times.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return local.map(lambda time: time.isoformat(timespec="seconds"))


def _places(options: ExportOptions) -> Mapping[str, tuple[float, float]]:
    if options.coordinates is None:
        return {}
    try:
        rows = pd.read_csv(options.coordinates, dtype={"location": "str"})
        places = zip(rows["latitude"].astype(float), rows["longitude"].astype(float), strict=True)
        return dict(zip(rows["location"], places, strict=True))
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{options.coordinates.name} cannot be read: expected a CSV with the columns location, latitude, longitude."
        ) from error


def _deployments(
    timed: pd.DataFrame, places: Mapping[str, tuple[float, float]], options: ExportOptions
) -> pd.DataFrame:
    rows = []
    for deployment, own in timed.groupby("deployment", sort=True):
        location = own["location"].iloc[0]
        place = places.get(location) or (
            (options.latitude, options.longitude) if options.latitude is not None else None
        )
        rows.append(
            {
                "deploymentID": deployment, "locationID": deployment, "locationName": location or "unplaced",
                "latitude": place[0] if place else 0.0, "longitude": place[1] if place else 0.0,
                "coordinateUncertainty": "" if place else ANYWHERE_METRES,
                "deploymentStart": own.loc[own["taken_at"].idxmin(), "timestamp"],
                "deploymentEnd": own.loc[own["taken_at"].idxmax(), "timestamp"],
                "timestampIssues": "false" if options.time_zone else "true",  # a zone that was not given is one
                "deploymentComments": "" if place else NO_PLACE,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=list(DEPLOYMENTS))


def _media(timed: pd.DataFrame) -> pd.DataFrame:
    suffixes = timed["path"].map(lambda path: Path(path).suffix.lower())
    return pd.DataFrame(
        {
            "mediaID": timed["image_id"], "deploymentID": timed["deployment"], "captureMethod": "activityDetection",
            "timestamp": timed["timestamp"], "filePath": timed["path"].map(escaped), "filePublic": "false",
            "fileName": timed["path"].map(lambda path: Path(path).name),
            "fileMediatype": suffixes.map(_MEDIA_TYPES).fillna("image/jpeg"), "mediaComments": timed["failure"],
        }
    ).reindex(columns=list(MEDIA))  # fmt: skip


def _observations(timed: pd.DataFrame, facts: PredictionFacts) -> pd.DataFrame:
    what = timed["label"].map(shown)
    looked_at = what != Shown.FAILED
    event = timed["sequence_id"].where(timed["sequence_id"] != "", timed["image_id"])
    comments = timed["label"].map({UNKNOWN: "An animal that the model could not name."}).fillna("")
    return pd.DataFrame(
        {
            "observationID": timed["image_id"] + "_1", "deploymentID": timed["deployment"], "mediaID": timed["image_id"],
            "eventID": event, "eventStart": timed["timestamp"].groupby(event).transform("min"),
            "eventEnd": timed["timestamp"].groupby(event).transform("max"), "observationLevel": "media",
            "observationType": what.map(_TYPES), "scientificName": timed["label"].map(species),
            "classificationMethod": looked_at.map({True: "machine", False: ""}),
            "classifiedBy": looked_at.map({True: f"{facts.classifier} (batch {facts.run_id[:8]})", False: ""}),
            "classificationTimestamp": looked_at.map(
                {True: facts.created_at.astimezone(UTC).isoformat(timespec="seconds"), False: ""}
            ),
            "classificationProbability": timed["confidence"].round(4).where(looked_at),
            "observationComments": comments,
        }
    ).reindex(columns=list(OBSERVATIONS))  # fmt: skip


def _package(
    timed: pd.DataFrame, deployments: pd.DataFrame, facts: PredictionFacts, options: ExportOptions
) -> dict[str, Any]:
    names = sorted(set(filter(None, timed["label"].map(species))))
    return {
        "resources": [
            {
                "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", "schema": f"{HOME}/{name}-table-schema.json",
            }
            for name in ("deployments", "media", "observations")
        ],
        "profile": f"{HOME}/camtrap-dp-profile.json",
        "name": f"wildcam-{facts.run_id[:8].lower()}",
        "id": str(uuid5(NAMESPACE_URL, facts.run_id)),
        "created": facts.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "title": options.project_title,
        "description": f"Predictions of {facts.classifier} on {facts.source}; no person has looked at them.",
        "contributors": [{"title": options.contributor, "role": "contributor"}],
        "project": {
            "title": options.project_title, "samplingDesign": "opportunistic", "captureMethod": ["activityDetection"],
            "individualAnimals": False, "observationLevel": ["media"],
        },
        "spatial": _spatial(deployments),
        "temporal": {
            "start": timed["taken_at"].min().date().isoformat(), "end": timed["taken_at"].max().date().isoformat(),
        },
        "taxonomic": [{"scientificName": name} for name in names],
    }  # fmt: skip


def _spatial(deployments: pd.DataFrame) -> dict[str, Any]:
    """The smallest box around all cameras."""
    west, east = float(deployments["longitude"].min()), float(deployments["longitude"].max())
    south, north = float(deployments["latitude"].min()), float(deployments["latitude"].max())
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _remarks(
    table: pd.DataFrame, timed: pd.DataFrame, deployments: pd.DataFrame, options: ExportOptions
) -> tuple[str, ...]:
    unplaced = int((deployments["deploymentComments"] == NO_PLACE).sum())
    return tuple(
        filter(
            None,
            [
                f"{len(table) - len(timed):,} photographs have no time and are left out: the format wants one."
                if len(timed) < len(table)
                else "",
                f"{unplaced:,} cameras have placeholder coordinates (0, 0), declared as such: give theirs."
                if unplaced
                else "",
                "" if options.time_zone else "The times were taken for UTC: give the cameras' time zone.",
            ],
        )
    )


def _key(location: str) -> str:
    return location.replace("/", "-")


def escaped(path: str) -> str:
    """A path as the schema wants it, without `..`, line breaks, or a dot, slash or tilde before it."""
    for sign, code in _ESCAPES.items():
        path = path.replace(sign, code)
    return f"%{ord(path[0]):02X}{path[1:]}" if path.startswith((".", "/", "~")) else path
