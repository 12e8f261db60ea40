"""Effort: for how many nights each location was watched, and where it is."""

import pandas as pd

from wildcam.exports.deployment_table import DeploymentTable

EFFORT_COLUMNS = (
    "location",
    "nights",
    "is_estimate",  # counted from the first photo to the last, since no table of deployments says
    "first",  # local time of the first photo; NaT without times
    "last",
    "latitude",  # degrees; NaN where unknown
    "longitude",
    "detections",  # independent ones
    "species",
)


def effort_by_location(index: pd.DataFrame, deployments: DeploymentTable, detections: pd.DataFrame) -> pd.DataFrame:
    """`EFFORT_COLUMNS` of every location of a catalog's table, by name. `detections`: `location`, `species`.

    Trap nights are those of the deployments where start and end are given; otherwise they are counted from the day of
    the first photo to that of the last, at least one, which is too few where a camera stood on without a photo. NaN
    where a location has neither.
    """
    times = index.groupby("location", observed=True)["taken_at"].agg(["min", "max"])
    rows = [_row(str(location), first, last, deployments) for location, first, last in times.itertuples()]
    table = pd.DataFrame(rows, columns=list(EFFORT_COLUMNS[:-2])).sort_values("location", ignore_index=True)
    found = detections.groupby("location", observed=True)["species"].agg(["size", "nunique"])
    found = found.reindex(table["location"]).fillna(0).astype("int64")
    return table.assign(detections=found["size"].to_numpy(), species=found["nunique"].to_numpy())


def _row(location: str, first: pd.Timestamp, last: pd.Timestamp, deployments: DeploymentTable) -> list[object]:
    deployment = deployments.of(location)
    nights = deployment.days
    is_estimate = nights is None and not pd.isna(first)
    if nights is None:
        nights = float(max((last.normalize() - first.normalize()).days, 1)) if is_estimate else float("nan")
    latitude, longitude = deployment.point or (float("nan"), float("nan"))
    return [location, nights, is_estimate, first, last, latitude, longitude]
