"""What readers of Camtrap DP keep of our packages: camtraptor, camtrapdp's `write_dwc` and camtrapR take event rows."""

import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.exports.conftest import verdict
from wildcam.data.importers import read as import_source
from wildcam.data.importers.names_table import read_names
from wildcam.errors import DataError
from wildcam.exports.camtrap_dp.write import left_out_of_camtrap_dp
from wildcam.exports.deployment_table import DeploymentTable, template
from wildcam.exports.formats import Exported, Format, export
from wildcam.exports.load import load_predictions
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import ImageRecord, Prediction, predictions_table
from wildcam.serving.two_stage import VerdictSource

NOON = datetime(2024, 6, 1, 12)


def batch(*rows: tuple[str, str, int | None, str], offset: int | None = None) -> pd.DataFrame:
    """`rows`: name, location, seconds after noon (None: no time), label."""
    predictions = []
    for name, location, seconds, label in rows:
        taken_at = None if seconds is None else NOON + timedelta(seconds=seconds)
        record = ImageRecord(name, f"{name}.jpg", location, "", taken_at, camera="X 1", utc_offset=offset)
        stage = VerdictSource.STAGE_1 if label == "empty" else VerdictSource.STAGE_2
        predictions.append(Prediction(record, verdict(label, stage, 0.6, 0.1, (label, 0.6))))
    return predictions_table(predictions)


SEEN = batch(
    ("a", "x", 0, "fox"), ("b", "x", 5, "fox"), ("c", "x", 9, "empty"), ("d", "x", 600, "empty"), ("e", "y", 3, "hare")
)


def written(table: pd.DataFrame, metadata: BatchMetadata, folder: Path, **options: object) -> Exported:
    return export(Format.CAMTRAP_DP, table, metadata, folder / "out.zip", ExportOptions(**options))


def read(path: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        return pd.read_csv(archive.open(f"{name}.csv"), dtype="str", keep_default_na=False)


def package(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("datapackage.json"))


def test_camtraptor_keeps_events_and_finds_their_media_by_time(metadata: BatchMetadata, tmp_path: Path) -> None:
    """Its rule: rows with observationLevel "event"; an event's media are those of its deployment from start to end."""
    path = written(SEEN, metadata, tmp_path, time_zone="Africa/Nairobi").path
    observations, media = read(path, "observations"), read(path, "media")
    events = observations[observations["observationLevel"] == "event"]
    assert events["observationID"].is_unique
    assert set(events["mediaID"]) == {""}
    found = {
        tuple(
            media.loc[
                (media["deploymentID"] == event.deploymentID)
                & (media["timestamp"] >= event.eventStart)
                & (media["timestamp"] <= event.eventEnd),
                "mediaID",
            ]
        ): (event.observationType, event.scientificName)
        for event in events.itertuples()
    }
    assert found == {("a", "b", "c"): ("animal", "fox"), ("d",): ("blank", ""), ("e",): ("animal", "hare")}
    of_media = observations[observations["observationLevel"] == "media"]
    assert sorted(of_media["mediaID"]) == list("abcde")
    assert set(of_media["eventID"]) == set(events["eventID"])


def test_camtrapr_needs_station_species_and_time_of_each_record(metadata: BatchMetadata, tmp_path: Path) -> None:
    """Its record table: event rows joined to deployments, `eventStart` as the time, rows of animals with a name."""
    path = written(SEEN, metadata, tmp_path, time_zone="Africa/Nairobi").path
    events = read(path, "observations").query("observationLevel == 'event'")
    records = events.merge(read(path, "deployments"), on="deploymentID", validate="many_to_one")
    records = records[records["scientificName"] != ""]
    assert records[["locationName", "scientificName"]].to_numpy().tolist() == [["x", "fox"], ["y", "hare"]]
    assert pd.to_datetime(records["eventStart"], format="ISO8601").notna().all()


def test_gbif_takes_events(metadata: BatchMetadata, tmp_path: Path) -> None:
    found = package(written(SEEN, metadata, tmp_path).path)
    assert found["gbifIngestion"] == {"observationLevel": "event"}
    assert found["project"]["observationLevel"] == ["media", "event"]  # type: ignore[index]


def test_our_own_reader_takes_the_photos(metadata: BatchMetadata, tmp_path: Path) -> None:
    path = written(SEEN, metadata, tmp_path).path
    assert load_predictions(path)["label"].tolist() == SEEN["label"].tolist()
    assert import_source(path).index["label"].tolist() == SEEN["label"].tolist()


def test_what_lacks_a_time_is_listed_before_it_is_left_out(metadata: BatchMetadata, tmp_path: Path) -> None:
    table = batch(("a", "x", 0, "fox"), ("b", "x", None, "fox"), ("c", "x", None, "hare"))
    assert left_out_of_camtrap_dp(table)["image_id"].tolist() == ["b", "c"]
    done = written(table, metadata, tmp_path)
    assert done.images == 1
    assert any(remark.startswith("2 photos have no time") and "b.jpg" in remark for remark in done.remarks)


def test_the_offset_of_the_camera_comes_before_the_zone(metadata: BatchMetadata, tmp_path: Path) -> None:
    done = written(batch(("a", "x", 0, "fox"), offset=-210), metadata, tmp_path)
    assert read(done.path, "media")["timestamp"].tolist() == ["2024-06-01T12:00:00-03:30"]
    assert not any("UTC" in remark for remark in done.remarks)


DEPLOYMENTS = """Station;Lat;Long;Start;End;Camera Model;Group;baitUse;Notes of ours
x;-1,5;36.8;2024-05-01 08:00;2024-07-01 08:00;HC500;ridge;true;by the tree
"""


def test_one_table_of_deployments_fills_every_export(metadata: BatchMetadata, tmp_path: Path) -> None:
    table = tmp_path / "deployments.csv"
    table.write_text(DEPLOYMENTS)
    done = written(SEEN, metadata, tmp_path, deployments=table, time_zone="Africa/Nairobi")
    row = read(done.path, "deployments").set_index("locationName").loc["x"]
    wanted = ["-1.5", "36.8", "2024-05-01T08:00:00+03:00", "2024-07-01T08:00:00+03:00", "HC500", "ridge", "true"]
    names = ["latitude", "longitude", "deploymentStart", "deploymentEnd", "cameraModel", "deploymentGroups", "baitUse"]
    assert row[names].tolist() == wanted
    assert any(remark.startswith("1 location has the placeholder") for remark in done.remarks)
    assert DeploymentTable.read(table).of("x").days == 61.0
    flat = pd.read_csv(export(Format.CSV, SEEN, metadata, tmp_path / "o.csv", ExportOptions(deployments=table)).path)
    assert flat.set_index("image_id").loc["a", ["latitude", "deploymentGroups"]].tolist() == [-1.5, "ridge"]
    assert load_predictions(tmp_path / "o.csv")["label"].tolist() == SEEN["label"].tolist()


def test_a_table_of_deployments_that_excel_saved_is_read(tmp_path: Path) -> None:
    table = tmp_path / "deployments.csv"
    table.write_bytes("location;latitude;longitude\r\nBär;1,5;2\r\nNA;3;4\r\n".encode("cp1252"))
    known = DeploymentTable.read(table)
    assert (known.of("Bär").point, known.of("NA").point) == ((1.5, 2.0), (3.0, 4.0))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "location, latitude"),
        ("location,latitude,longitude\nx,1,2\nx,1,2\n", "twice"),
        ("location,start,end\nx,,2021-05-01\ny,2021-05-02,2021-05-01\n", "'y' that is before its start"),
        ("location,start\nx,someday\n", "no date"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(content)
    with pytest.raises(DataError, match=words):
        DeploymentTable.read(tmp_path / "t.csv")


def test_the_table_to_fill_in_is_read_again(tmp_path: Path) -> None:
    times = pd.to_datetime(["2024-05-01 08:00:00", None])
    table = template(pd.DataFrame({"location": ["x", "y"], "first": times, "last": times}))
    table.to_csv(tmp_path / "t.csv", index=False)
    assert DeploymentTable.read(tmp_path / "t.csv").of("x").values == {
        "deploymentStart": "2024-05-01 08:00:00",
        "deploymentEnd": "2024-05-01 08:00:00",
    }


def test_scientific_names_come_from_a_table_and_the_label_comes_back(metadata: BatchMetadata, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("label,scientific_name\nFOX,Vulpes vulpes\n")
    path = written(SEEN, metadata, tmp_path, names=read_names(names)).path
    events = read(path, "observations").query("observationLevel == 'event'")
    assert set(events["scientificName"]) == {"Vulpes vulpes", "hare", ""}
    assert {"scientificName": "Vulpes vulpes", "vernacularNames": {"eng": "fox"}} in package(path)["taxonomic"]  # type: ignore[operator]
    assert load_predictions(path)["label"].tolist() == SEEN["label"].tolist()


def test_an_id_that_comes_again_is_another_event(metadata: BatchMetadata, tmp_path: Path) -> None:
    table = batch(("a", "x", 0, "fox"), ("b", "x", 90_000, "fox")).assign(sequence_id="s1")
    events = read(written(table, metadata, tmp_path).path, "observations").query("observationLevel == 'event'")
    assert events["eventID"].tolist() == ["s1", "s1-2"]


def test_a_table_of_deployments_without_rows_names_none(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("location,latitude,longitude\n")
    assert DeploymentTable.read(tmp_path / "t.csv") == DeploymentTable()
