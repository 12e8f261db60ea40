"""The user's table of deployments: where each camera stood, which one, for how long. Filled once, for
Camtrap DP, CSV and COCO.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import taken_at, utc_offsets
from wildcam.data.importers.json_file import read_bytes
from wildcam.data.importers.text_encoding import plain_text
from wildcam.data.importers.text_table import SEPARATORS
from wildcam.data.label_words import folded
from wildcam.errors import DataError
from wildcam.exports.camtrap_dp.columns import DEPLOYMENTS
from wildcam.exports.camtrap_dp.times import with_instants, zone_of
from wildcam.spreadsheet import unguarded

LOCATION_NAMES = ("location", "deployment", "deploymentid", "locationid", "locationname", "station", "site")
OTHER_NAMES = {
    "lat": "latitude",
    "lon": "longitude",
    "long": "longitude",
    "lng": "longitude",
    "uncertainty": "coordinateUncertainty",
    "start": "deploymentStart",
    "startdate": "deploymentStart",
    "setupdate": "deploymentStart",
    "end": "deploymentEnd",
    "enddate": "deploymentEnd",
    "retrievaldate": "deploymentEnd",
    "model": "cameraModel",
    "camera": "cameraID",
    "serialnumber": "cameraID",
    "group": "deploymentGroups",
    "groups": "deploymentGroups",
    "height": "cameraHeight",
    "bait": "baitUse",
    "feature": "featureType",
    "comments": "deploymentComments",
    "tags": "deploymentTags",
}
"""What users call Camtrap DP's columns, without case and punctuation."""

TEMPLATE = (
    "location",
    "latitude",
    "longitude",
    "coordinateUncertainty",
    "deploymentStart",
    "deploymentEnd",
    "cameraID",
    "cameraModel",
    "cameraHeight",
    "cameraDelay",
    "baitUse",
    "featureType",
    "habitat",
    "deploymentGroups",
)
"""Columns of the table that a user fills in; every other column of Camtrap DP's deployments will do, too."""

TIMES = ("deploymentStart", "deploymentEnd")
FIXED = ("deploymentID", "locationID", "locationName")
"""Columns that the locations of the photos give."""


@dataclass(frozen=True)
class Deployment:
    """What the table says of a location; nothing where it does not list it."""

    values: Mapping[str, str] = field(default_factory=dict)  # by Camtrap DP's names, those that are given

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, in degrees."""
        if "latitude" not in self.values:
            return None
        return float(self.values["latitude"]), float(self.values["longitude"])

    def fields(self, time_zone: str = "") -> dict[str, object]:
        """The given columns but those of the point, times with the zone."""
        given: dict[str, object] = {
            name: value for name, value in self.values.items() if name not in ("latitude", "longitude")
        }
        return given | {name: _stamp(self.values[name], time_zone) for name in TIMES if name in given}

    @property
    def days(self) -> float | None:
        """Effort: how long the camera stood, in days; None where start or end is not given."""
        if not all(name in self.values for name in TIMES):
            return None
        start, end = (taken_at([self.values[name]], Remarks()).iloc[0] for name in TIMES)
        return (end - start).total_seconds() / 86_400


@dataclass(frozen=True)
class DeploymentTable:
    """Deployments by location."""

    by_location: Mapping[str, Deployment] = field(default_factory=dict)

    def of(self, location: str) -> Deployment:
        """What is known of a location."""
        return self.by_location.get(location, Deployment())

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """From a CSV with a row a location. Raises `DataError` for another table, or for impossible values."""
        if path is None:
            return cls()
        given = _read(path)
        named = _named(given, path.name)
        _check(named, path.name)
        rows = {
            str(row.pop("location")): Deployment({name: str(value) for name, value in row.items() if pd.notna(value)})
            for row in named.to_dict("records")
        }
        return cls(rows)


def _read(path: Path) -> pd.DataFrame:
    """Text as it is written, in any encoding: `NA` may be the name of a location."""
    content, separator = plain_text(read_bytes(path), path.name, Remarks())
    separator = separator or max(SEPARATORS, key=content.decode().split("\n", 1)[0].count)
    try:
        return pd.read_csv(io.BytesIO(content), sep=separator, dtype="str", keep_default_na=False)
    except ValueError as error:
        raise DataError(
            f"{path.name} cannot be read: expected a CSV with the columns location, latitude and longitude."
        ) from error


def template(locations: pd.DataFrame) -> pd.DataFrame:
    """The table to fill in, a row a location. `locations`: `location`, `first` and `last` (times, may be missing)."""
    table = pd.DataFrame({"location": locations["location"].astype("string")})
    for name, column in zip(TIMES, ("first", "last"), strict=True):
        table[name] = locations[column].dt.strftime("%Y-%m-%d %H:%M:%S").to_numpy()
    return table.reindex(columns=list(TEMPLATE))


def _named(given: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table with Camtrap DP's names; columns of other names are left out."""
    plain = {folded(column).replace(" ", ""): column for column in reversed(list(given))}
    location = next((plain[known] for known in LOCATION_NAMES if known in plain), None)
    if location is None:
        raise DataError(
            f"{name} has the columns {', '.join(given)}: expected location, latitude and longitude (degrees)."
        )
    known = {column.lower(): column for column in DEPLOYMENTS if column not in FIXED}
    columns = {"location": location}
    for short, column in plain.items():
        meant = known.get(short) or OTHER_NAMES.get(short)
        if meant and column != location:
            columns.setdefault(meant, column)
    table = pd.DataFrame({meant: cleaning.text(given[column]) for meant, column in columns.items()})
    table["location"] = given[location].map(unguarded).astype("string")
    repeated = table["location"].duplicated()
    if repeated.any():
        raise DataError(
            f"{name} lists the location {table.loc[repeated, 'location'].iloc[0]!r} twice: expected one row a location."
        )
    return table


def _check(table: pd.DataFrame, name: str) -> None:
    if "latitude" in table or "longitude" in table:
        sides = {"latitude": 90.0, "longitude": 180.0}
        points = table.reindex(columns=list(sides))
        numbers = pd.DataFrame({side: _degrees(points[side]) for side in sides})  # `apply` skips a table without rows
        within = (numbers.abs() <= pd.Series(sides)).all(axis="columns")
        off = table["location"][points.notna().any(axis="columns") & ~within]
        if len(off):
            raise DataError(
                f"{name} has impossible coordinates for {off.iloc[0]!r}: expected a latitude from -90 to 90 and a "
                "longitude from -180 to 180, in degrees."
            )
        for side in sides:
            table[side] = numbers[side].map(str, na_action="ignore").astype("string")
    for column in (column for column in TIMES if column in table):
        bad = table["location"][table[column].notna() & taken_at(table[column], Remarks()).isna().to_numpy()]
        if len(bad):
            raise DataError(f"{name} has a {column} for {bad.iloc[0]!r} that is no date: expected 2021-05-01 10:00.")
    if set(TIMES) <= set(table):
        start, end = (taken_at(table[column], Remarks()) for column in TIMES)
        bad = table["location"][(end < start).to_numpy()]
        if len(bad):
            raise DataError(f"{name} has an end for {bad.iloc[0]!r} that is before its start: exchange the two.")


def _degrees(side: pd.Series) -> pd.Series:
    """float64, NaN for what is no number."""
    numbers = pd.to_numeric(side.astype("string").str.replace(",", "."), errors="coerce")
    return pd.Series(numbers.to_numpy(dtype="float64", na_value=np.nan), index=side.index)


def _stamp(written: str, time_zone: str) -> str:
    values = pd.DataFrame({"taken_at": taken_at([written], Remarks()), "utc_offset": utc_offsets([written])})
    return str(with_instants(values, zone_of(time_zone))["timestamp"].iloc[0])
