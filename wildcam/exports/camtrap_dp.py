"""Camtrap DP 1.0.2, the exchange format of GBIF: a zip of `datapackage.json` and three tables.

https://camtrap-dp.tdwg.org. A location is a deployment, an image a medium with one machine observation.
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
from wildcam.counting import counted
from wildcam.errors import DataError, UsageError
from wildcam.exports.labels import FALSE_STARTS, SETUPS, UNIDENTIFIED, Subject, species, subject_of
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

VERSION = "1.0.2"
HOME = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"
DEPLOYMENTS = (
    "deploymentID",
    "locationID",
    "locationName",
    "latitude",
    "longitude",
    "coordinateUncertainty",
    "deploymentStart",
    "deploymentEnd",
    "setupBy",
    "cameraID",
    "cameraModel",
    "cameraDelay",
    "cameraHeight",
    "cameraDepth",
    "cameraTilt",
    "cameraHeading",
    "detectionDistance",
    "timestampIssues",
    "baitUse",
    "featureType",
    "habitat",
    "deploymentGroups",
    "deploymentTags",
    "deploymentComments",
)
MEDIA = (
    "mediaID",
    "deploymentID",
    "captureMethod",
    "timestamp",
    "filePath",
    "filePublic",
    "fileName",
    "fileMediatype",
    "exifData",
    "favorite",
    "mediaComments",
)
OBSERVATIONS = (
    "observationID",
    "deploymentID",
    "mediaID",
    "eventID",
    "eventStart",
    "eventEnd",
    "observationLevel",
    "observationType",
    "cameraSetupType",
    "scientificName",
    "count",
    "lifeStage",
    "sex",
    "behavior",
    "individualID",
    "individualPositionRadius",
    "individualPositionAngle",
    "individualSpeed",
    "bboxX",
    "bboxY",
    "bboxWidth",
    "bboxHeight",
    "classificationMethod",
    "classifiedBy",
    "classificationTimestamp",
    "classificationProbability",
    "observationTags",
    "observationComments",
)

ANYWHERE_METRES = 20_037_508
"""Half of the Earth's circumference: the uncertainty of coordinates that are not known at all."""

NO_LOCATION = "no_location"
"""The deployment of images without a location."""

MISSING = frozenset(("", "NA", "NaN", "nan"))
"""Texts that the schemas read as missing, so that no deployment may have such an id."""

LABEL_TAG = "label:"
"""Before a label that no type or name of the format stands for."""

NO_COORDINATES = "Placeholder: no coordinates were given for this location."
_ESCAPES = {"%": "%25", "..": "%2E%2E", "\n": "%0A", "\r": "%0D"}
_TYPES = {
    Subject.ANIMAL: "animal",
    Subject.PERSON: "human",
    Subject.VEHICLE: "vehicle",
    Subject.NOTHING: "blank",
    Subject.FAILED: "unclassified",
}
_MEDIA_TYPES = {
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}


def write_camtrap_dp(
    table: pd.DataFrame, metadata: BatchMetadata, options: ExportOptions, path: Path
) -> tuple[int, tuple[str, ...]]:
    """Returns the number of images in it, and remarks: what has a placeholder, what was left out.

    Raises `UsageError` for a time zone that does not exist, `DataError` where no image has a time.
    """
    zone = _zone(options.time_zone)
    timed = table[table["taken_at"].notna()].copy()
    if timed.empty:
        raise DataError("Camtrap DP requires the time of every photo, and none has one: choose another format.")
    timed["instant"] = _instants(timed["taken_at"], zone)
    timed["timestamp"] = _stamps(timed["instant"])
    timed["deployment"] = timed["location"].map(_keys(timed["location"]))
    coordinates = _coordinates(options)
    deployments = _deployments(timed, coordinates, options)
    package = _package(timed, deployments, metadata, options)
    tables = {"deployments": deployments, "media": _media(timed), "observations": _observations(timed, metadata)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", json.dumps(package, indent=2, ensure_ascii=False))
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", rows.to_csv(index=False))
    atomic.write_bytes(path, content.getvalue())
    return len(timed), _remarks(table, timed, deployments, options)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"Unknown time zone {name!r}: expected a name such as Africa/Nairobi or Etc/GMT+6.") from error


def _instants(times: pd.Series, zone: ZoneInfo) -> pd.Series:
    """In the zone; the first of a time that the end of summer time repeats, the next of one that its start skips."""
    return times.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def _stamps(instants: pd.Series) -> pd.Series:
    """ISO 8601 with the offset, to the second."""
    codes, each = pd.factorize(instants)  # images of a burst share theirs
    texts = pd.Series([time.isoformat(timespec="seconds") for time in each], dtype="str")
    return texts.take(codes).set_axis(instants.index)


def _coordinates(options: ExportOptions) -> Mapping[str, tuple[float, float]]:
    if options.coordinates is None:
        return {}
    try:
        rows = pd.read_csv(options.coordinates, dtype="str", keep_default_na=False)
        names, latitude, longitude = rows["location"], rows["latitude"].astype(float), rows["longitude"].astype(float)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{options.coordinates.name} cannot be read: expected a CSV with the columns location, "
            "latitude and longitude (in degrees)."
        ) from error
    off = names[~(latitude.between(-90, 90) & longitude.between(-180, 180))]
    if len(off):
        raise DataError(
            f"{options.coordinates.name} has impossible coordinates for {off.iloc[0]!r}: expected a latitude from -90 "
            "to 90 and a longitude from -180 to 180, in degrees."
        )
    return dict(zip(names, zip(latitude, longitude, strict=True), strict=True))


def _deployments(
    timed: pd.DataFrame, coordinates: Mapping[str, tuple[float, float]], options: ExportOptions
) -> pd.DataFrame:
    rows = []
    for deployment, own in timed.groupby("deployment", sort=True):
        location = own["location"].iloc[0]
        point = coordinates.get(location) or (
            (options.latitude, options.longitude) if options.latitude is not None else None
        )
        rows.append(
            {
                "deploymentID": deployment,
                "locationID": deployment,
                "locationName": location,
                "latitude": point[0] if point else 0.0,
                "longitude": point[1] if point else 0.0,
                "coordinateUncertainty": (options.coordinate_uncertainty_m or "") if point else ANYWHERE_METRES,
                "deploymentStart": own.loc[own["instant"].idxmin(), "timestamp"],
                "deploymentEnd": own.loc[own["instant"].idxmax(), "timestamp"],
                "timestampIssues": "false" if options.time_zone else "true",  # a zone that was not given is one
                "deploymentComments": "" if point else NO_COORDINATES,
            }
        )
    return pd.DataFrame(rows).reindex(columns=list(DEPLOYMENTS))


def _media(timed: pd.DataFrame) -> pd.DataFrame:
    suffixes = timed["path"].map(lambda path: Path(path).suffix.lower())
    return pd.DataFrame(
        {
            "mediaID": timed["image_id"],
            "deploymentID": timed["deployment"],
            "captureMethod": "activityDetection",
            "timestamp": timed["timestamp"],
            "filePath": timed["path"].map(escaped),
            "filePublic": "false",
            "fileName": timed["path"].map(lambda path: Path(path).name),
            "fileMediatype": suffixes.map(_MEDIA_TYPES).fillna("image/jpeg"),
            "mediaComments": timed["failure"],
        }
    ).reindex(columns=list(MEDIA))


def _observations(timed: pd.DataFrame, metadata: BatchMetadata) -> pd.DataFrame:
    labels = timed["label"].astype("category")  # one lookup a label
    checked = timed["label"] != FAILED
    event = timed["sequence_id"].where(timed["sequence_id"] != "", timed["image_id"])
    instants = timed["instant"].groupby([timed["deployment"], event])  # two cameras may number their bursts alike
    comments = timed["label"].map({UNKNOWN: "Animal of unknown species: below the model's threshold."}).fillna("")
    return pd.DataFrame(
        {
            "observationID": timed["image_id"] + "_1",
            "deploymentID": timed["deployment"],
            "mediaID": timed["image_id"],
            "eventID": event,
            "eventStart": _stamps(instants.transform("min")),
            "eventEnd": _stamps(instants.transform("max")),
            "observationLevel": "media",
            "observationType": labels.map(_type),
            "cameraSetupType": labels.map(_setup),
            "scientificName": labels.map(species),
            "classificationMethod": checked.map({True: "machine", False: ""}),
            "classifiedBy": checked.map({True: f"{metadata.classifier} (batch {metadata.run_id[:8]})", False: ""}),
            "classificationTimestamp": checked.map(
                {True: metadata.created_at.astimezone(UTC).isoformat(timespec="seconds"), False: ""}
            ),
            "classificationProbability": timed["confidence"].round(4).where(checked),
            "observationTags": labels.map(_tag),
            "observationComments": comments,
        }
    ).reindex(columns=list(OBSERVATIONS))


def _package(
    timed: pd.DataFrame, deployments: pd.DataFrame, metadata: BatchMetadata, options: ExportOptions
) -> dict[str, Any]:
    names = sorted(set(filter(None, map(species, timed["label"].unique()))))
    return {
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": f"{HOME}/{name}-table-schema.json",
            }
            for name in ("deployments", "media", "observations")
        ],
        "profile": f"{HOME}/camtrap-dp-profile.json",
        "name": f"wildcam-{metadata.run_id[:8].lower()}",
        "id": str(uuid5(NAMESPACE_URL, metadata.run_id)),
        "created": metadata.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "title": options.project_title,
        "description": (
            f"Predictions of {metadata.classifier} on {metadata.source}; not reviewed by a person. {metadata.settings}"
        ).strip(),
        "contributors": [{"title": options.contributor, "role": "contributor"}],
        "project": {
            "title": options.project_title,
            "samplingDesign": "opportunistic",
            "captureMethod": ["activityDetection"],
            "individualAnimals": False,
            "observationLevel": ["media"],
        },
        "spatial": _spatial(deployments),
        "temporal": {
            "start": timed["taken_at"].min().date().isoformat(),
            "end": timed["taken_at"].max().date().isoformat(),
        },
        "taxonomic": [{"scientificName": name} for name in names],
    }


def _spatial(deployments: pd.DataFrame) -> dict[str, Any]:
    """The bounding box of all locations with coordinates; of the placeholder where none has any."""
    located = deployments[deployments["deploymentComments"] != NO_COORDINATES]
    deployments = deployments if located.empty else located
    west, east = float(deployments["longitude"].min()), float(deployments["longitude"].max())
    south, north = float(deployments["latitude"].min()), float(deployments["latitude"].max())
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _remarks(
    table: pd.DataFrame, timed: pd.DataFrame, deployments: pd.DataFrame, options: ExportOptions
) -> tuple[str, ...]:
    without_coordinates = int((deployments["deploymentComments"] == NO_COORDINATES).sum())
    return tuple(
        filter(
            None,
            [
                counted(len(table) - len(timed), "photo has no time and is", "photos have no time and are")
                + " left out: the format requires one."
                if len(timed) < len(table)
                else "",
                f"{counted(without_coordinates, 'location has', 'locations have')} the placeholder coordinates (0, 0), "
                "declared as such: give their coordinates."
                if without_coordinates
                else "",
                "" if options.time_zone else "The times are read as UTC: give the time zone of the cameras.",
            ],
        )
    )


def _keys(locations: pd.Series) -> dict[str, str]:
    """An id for every location: its own name, unless the schemas read that as missing."""
    taken, keys = set(locations), {}
    for location in sorted(taken):
        key = location
        if location in MISSING:
            key = f"{NO_LOCATION} {location}".strip()
            while key in taken:
                key += "_"
            taken.add(key)
        keys[location] = key
    return keys


def _type(label: str) -> str:
    name = label.lower()
    if name in UNIDENTIFIED:
        return "unknown"
    return "unclassified" if name in FALSE_STARTS else _TYPES[subject_of(label)]


def _setup(label: str) -> str:
    return SETUPS.get(label.lower(), "")


def _tag(label: str) -> str:
    return "" if species(label) or label in (EMPTY, UNKNOWN, FAILED) else LABEL_TAG + label


def escaped(path: str) -> str:
    """A path as the schema requires it, without `..`, line breaks, or a dot, slash or tilde before it."""
    for sign, code in _ESCAPES.items():
        path = path.replace(sign, code)
    return f"%{ord(path[0]):02X}{path[1:]}" if path.startswith((".", "/", "~")) else path
