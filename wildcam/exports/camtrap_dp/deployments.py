"""The table of deployments of a Camtrap DP: a row a location, filled by the user's own table where there is one."""

import pandas as pd

from wildcam.exports.camtrap_dp.columns import DEPLOYMENTS
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.exports.options import ExportOptions

ANYWHERE_METRES = 20_037_508
"""Half of the Earth's circumference: the uncertainty of coordinates that are not known at all."""

NO_LOCATION = "no_location"
"""The deployment of images without a location."""

MISSING = frozenset(("", "NA", "NaN", "nan"))
"""Texts that the schemas read as missing, so that no deployment may have such an id."""

NO_COORDINATES = "Placeholder: no coordinates were given for this location."


def keys_of(locations: pd.Series) -> dict[str, str]:
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


def deployments_of(timed: pd.DataFrame, table: DeploymentTable, options: ExportOptions) -> pd.DataFrame:
    """`columns.DEPLOYMENTS` of images with a deployment; what the table does not say is known from the images."""
    rows = [
        _row(str(deployment), own.sort_values("instant"), table, options)
        for deployment, own in timed.groupby("deployment", sort=True)
    ]
    return pd.DataFrame(rows).reindex(columns=list(DEPLOYMENTS))


def _row(deployment: str, own: pd.DataFrame, table: DeploymentTable, options: ExportOptions) -> dict[str, object]:
    location = own["location"].iloc[0]
    given = table.of(location)
    point = given.point or ((options.latitude, options.longitude) if options.latitude is not None else None)
    cameras = sorted(set(filter(None, own["camera"].fillna(""))))
    known: dict[str, object] = {
        "deploymentID": deployment,
        "locationID": deployment,
        "locationName": location,
        "latitude": point[0] if point else 0.0,
        "longitude": point[1] if point else 0.0,
        "coordinateUncertainty": (options.coordinate_uncertainty_m or "") if point else ANYWHERE_METRES,
        "deploymentStart": own["timestamp"].iloc[0],
        "deploymentEnd": own["timestamp"].iloc[-1],
        "cameraModel": " | ".join(cameras),
        # a zone that was not given is an issue
        "timestampIssues": "false" if options.time_zone or own["utc_offset"].notna().all() else "true",
        "deploymentComments": "" if point else NO_COORDINATES,
    }
    return known | given.fields(options.time_zone)
