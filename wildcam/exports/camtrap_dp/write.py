"""Camtrap DP 1.0.2, the exchange format of GBIF: a zip of `datapackage.json` and three tables.

https://camtrap-dp.tdwg.org. A location is a deployment, an image a medium, a burst an event; each medium and each event
has one observation by a machine.
"""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.counting import counted
from wildcam.errors import DataError
from wildcam.exports.camtrap_dp.deployments import NO_COORDINATES, deployments_of, keys_of
from wildcam.exports.camtrap_dp.descriptor import descriptor
from wildcam.exports.camtrap_dp.media import media_table
from wildcam.exports.camtrap_dp.observations import observations_table, with_events
from wildcam.exports.camtrap_dp.times import with_instants, zone_of
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata


def left_out_of_camtrap_dp(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that the format has no place for: images without a time."""
    return table[table["taken_at"].isna()]


def write_camtrap_dp(
    table: pd.DataFrame, metadata: BatchMetadata, options: ExportOptions, path: Path
) -> tuple[int, tuple[str, ...]]:
    """Returns the number of images in it, and remarks: what has a placeholder, what was left out.

    Raises `UsageError` for a time zone that does not exist, `DataError` where no image has a time.
    """
    zone, names = zone_of(options.time_zone), options.names
    given = DeploymentTable.read(options.deployments)
    left_out = left_out_of_camtrap_dp(table)
    if len(left_out) == len(table):
        raise DataError("Camtrap DP requires the time of every photo, and none has one: choose another format.")
    timed = with_instants(table.drop(left_out.index).reset_index(drop=True), zone)
    timed = with_events(timed.assign(deployment=timed["location"].map(keys_of(timed["location"]))))
    deployments = deployments_of(timed, given, options)
    tables = {
        "deployments": deployments,
        "media": media_table(timed),
        "observations": observations_table(timed, names, metadata),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        package = descriptor(timed, deployments, names, metadata, options)
        archive.writestr("datapackage.json", json.dumps(package, indent=2, ensure_ascii=False))
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", rows.to_csv(index=False))
    atomic.write_bytes(path, content.getvalue())
    return len(timed), _remarks(left_out, timed, deployments, options)


def about_times(left_out: pd.DataFrame) -> str:
    """How many photos a package leaves out for want of a time, with an example; "" for none."""
    if left_out.empty:
        return ""
    return (
        counted(len(left_out), "photo has no time and is", "photos have no time and are")
        + f" left out: the format requires one (first: {left_out['path'].iloc[0]})."
    )


def _remarks(
    left_out: pd.DataFrame, timed: pd.DataFrame, deployments: pd.DataFrame, options: ExportOptions
) -> tuple[str, ...]:
    unplaced = int((deployments["deploymentComments"] == NO_COORDINATES).sum())
    has_zone = options.time_zone or timed["utc_offset"].notna().all()
    return tuple(
        filter(
            None,
            [
                about_times(left_out),
                f"{counted(unplaced, 'location has', 'locations have')} the placeholder coordinates (0, 0), declared "
                "as such: give their coordinates in the table of deployments."
                if unplaced
                else "",
                "" if has_zone else "The times are read as UTC: give the time zone of the cameras.",
            ],
        )
    )
