"""Cameras, places, times and types of Camtrap DP where they are easily mixed up."""

import json
import zipfile
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.exports.conftest import verdict
from wildcam.cli.main import main
from wildcam.errors import DataError
from wildcam.exports.formats import Exported, Format, export
from wildcam.exports.load import load_predictions
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import ImageRecord, Prediction, predictions_table
from wildcam.serving.two_stage import VerdictSource

NOON = datetime(2024, 6, 1, 12)


def seen(*records: ImageRecord, label: str = "ocelot") -> pd.DataFrame:
    given = verdict(label, VerdictSource.STAGE_2, 0.6, 0.1, (label, 0.6))
    return predictions_table(Prediction(each, given) for each in records)


def written(table: pd.DataFrame, metadata: BatchMetadata, folder: Path, **options: object) -> Exported:
    return export(Format.CAMTRAP_DP, table, metadata, folder / "out.zip", ExportOptions(**options))


def read(path: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        return pd.read_csv(archive.open(f"{name}.csv"), dtype="str", keep_default_na=False)


def test_no_two_cameras_become_one_and_each_comes_back(metadata: BatchMetadata, tmp_path: Path) -> None:
    """Slashes, names that the schemas take for nothing, and no name at all."""
    places = ["a/b", "a-b", "NA", "nan", "", "no_location", "no_location NA"]
    table = seen(*(ImageRecord(str(k), f"{k}.jpg", place, "", NOON) for k, place in enumerate(places)))
    path = written(table, metadata, tmp_path).path
    keys = read(path, "deployments")["deploymentID"]
    assert keys.is_unique
    assert len(keys) == len(places)
    assert not {"", "NA", "NaN", "nan"} & set(keys)  # the schemas' `missingValues`
    assert load_predictions(path)["location"].tolist() == places


def test_a_burst_is_of_one_camera(metadata: BatchMetadata, tmp_path: Path) -> None:
    records = [ImageRecord("1", "1.jpg", "x", "s", NOON), ImageRecord("2", "2.jpg", "y", "s", NOON.replace(month=9))]
    rows = read(written(seen(*records), metadata, tmp_path).path, "observations")
    assert (rows["eventStart"] == rows["eventEnd"]).all()


def test_a_burst_ends_after_it_starts_when_clocks_change(metadata: BatchMetadata, tmp_path: Path) -> None:
    """An hour is written with another offset: as texts, the times are in another order."""
    times = [datetime(2024, 4, 7, 1, 59), datetime(2024, 4, 7, 3, 1), datetime(2024, 4, 7, 2, 30)]
    table = seen(*(ImageRecord(str(k), f"{k}.jpg", "x", "s", time) for k, time in enumerate(times)))
    rows = read(written(table, metadata, tmp_path, time_zone="Australia/Sydney").path, "observations")
    assert rows[["eventStart", "eventEnd"]].iloc[0].tolist() == [
        "2024-04-07T01:59:00+11:00",
        "2024-04-07T03:01:00+10:00",
    ]


@pytest.mark.parametrize("place", ["95,10", ",10", "5,200", "north,10"])
def test_a_place_that_is_none_is_refused(place: str, metadata: BatchMetadata, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(f"location,latitude,longitude\nx,{place}\n")
    with pytest.raises(DataError, match="degrees"):
        written(seen(ImageRecord("1", "1.jpg", "x", "", NOON)), metadata, tmp_path, deployments=tmp_path / "places.csv")
    assert not (tmp_path / "out.zip").exists()


def test_the_area_is_that_of_the_cameras_with_a_place(metadata: BatchMetadata, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("location,latitude,longitude\nNA,5,10\n")
    table = seen(ImageRecord("1", "1.jpg", "NA", "", NOON), ImageRecord("2", "2.jpg", "y", "", NOON))
    done = written(table, metadata, tmp_path, deployments=tmp_path / "places.csv", coordinate_uncertainty_m=30)
    with zipfile.ZipFile(done.path) as archive:
        ring = json.loads(archive.read("datapackage.json"))["spatial"]["coordinates"][0]
    assert {tuple(corner) for corner in ring} == {(10, 5)}
    assert read(done.path, "deployments").set_index("locationName").loc["NA", "coordinateUncertainty"] == "30"


@pytest.mark.parametrize(
    ("label", "kind", "setup"),
    [
        ("motorcycle", "vehicle", ""),
        ("Homo sapiens", "human", ""),
        ("unidentifiable", "unknown", ""),
        ("misfire", "unclassified", ""),
        ("start", "unclassified", "setup"),
        ("calibration", "unclassified", "calibration"),
    ],
)
def test_what_is_no_species_has_no_scientific_name_and_comes_back(
    label: str, kind: str, setup: str, metadata: BatchMetadata, tmp_path: Path
) -> None:
    path = written(seen(ImageRecord("1", "1.jpg", "x", "", NOON), label=label), metadata, tmp_path).path
    row = read(path, "observations").iloc[0]
    assert (row["observationType"], row["cameraSetupType"], row["scientificName"]) == (kind, setup, "")
    assert load_predictions(path)["label"].tolist() == [label]


def test_only_what_is_in_the_package_is_counted(metadata: BatchMetadata, tmp_path: Path) -> None:
    table = seen(ImageRecord("1", "1.jpg", "x", "", NOON), ImageRecord("2", "2.jpg", "x"))
    assert written(table, metadata, tmp_path).images == 1


def test_the_list_of_photos_without_a_time_is_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "any", "--left-out", str(tmp_path / "list.csv")]) == 2
    assert "--left-out belongs to --format camtrap_dp" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("option", "format", "needed"),
    [
        (("--sample", "s.csv"), "csv", "kaggle"),
        (("--transfer", "link"), "megadetector", "folders"),
        (("--deployments", "d.csv"), "megadetector", "camtrap_dp or csv or coco"),
        (("--time-zone", "UTC"), "csv", "camtrap_dp"),
        (("--latitude", "1"), "csv", "camtrap_dp"),
        (("--longitude", "1"), "csv", "camtrap_dp"),
        (("--scientific-names", "n.csv"), "csv", "camtrap_dp"),
        (("--coordinate-uncertainty-m", "1"), "csv", "camtrap_dp"),
        (("--project-title", "x"), "csv", "camtrap_dp"),
        (("--contributor", "x"), "csv", "camtrap_dp"),
        (("--byte-order-mark",), "kaggle", "csv"),
    ],
)
def test_an_option_of_another_format_is_refused(
    option: tuple[str, ...], format: str, needed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "any", "--format", format, *option]) == 2
    assert f"{option[0]} belongs to --format {needed}: leave it out" in capsys.readouterr().err
