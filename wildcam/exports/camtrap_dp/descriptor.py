"""The descriptor of a Camtrap DP: `datapackage.json`."""

from datetime import UTC
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from wildcam.data.species_names import SpeciesNames
from wildcam.exports.camtrap_dp.deployments import NO_COORDINATES
from wildcam.exports.camtrap_dp.observations import EVENT_LEVEL, MEDIA_LEVEL
from wildcam.exports.options import ExportOptions
from wildcam.exports.scientific_names import scientific_name
from wildcam.predictions.metadata import BatchMetadata

VERSION = "1.0.2"
HOME = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"


def descriptor(
    timed: pd.DataFrame,
    deployments: pd.DataFrame,
    names: SpeciesNames,
    metadata: BatchMetadata,
    options: ExportOptions,
) -> dict[str, Any]:
    """What the package says of itself; GBIF takes the rows of events."""
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
            "observationLevel": [MEDIA_LEVEL, EVENT_LEVEL],
        },
        "gbifIngestion": {"observationLevel": EVENT_LEVEL},
        "spatial": _spatial(deployments),
        "temporal": {
            "start": timed["taken_at"].min().date().isoformat(),
            "end": timed["taken_at"].max().date().isoformat(),
        },
        "taxonomic": _taxonomic(timed["label"], names),
    }


def _taxonomic(labels: pd.Series, names: SpeciesNames) -> list[dict[str, Any]]:
    """Every scientific name once, with its common name, which is the label where that is another."""
    common: dict[str, str] = {}
    for label in sorted(labels.unique()):
        if name := scientific_name(names, label):
            common[name] = common.get(name) or names.of(label).common or (label if label != name else "")
    return [
        {"scientificName": name} | ({"vernacularNames": {"eng": label}} if label else {})
        for name, label in sorted(common.items())
    ]


def _spatial(deployments: pd.DataFrame) -> dict[str, Any]:
    """The bounding box of all locations with coordinates; of the placeholder where none has any."""
    located = deployments[deployments["deploymentComments"] != NO_COORDINATES]
    deployments = deployments if located.empty else located
    west, east = float(deployments["longitude"].min()), float(deployments["longitude"].max())
    south, north = float(deployments["latitude"].min()), float(deployments["latitude"].max())
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
