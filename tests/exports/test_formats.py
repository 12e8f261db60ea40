"""Each format is what its readers expect, keeps `failed` apart from `empty`, and is read again as far as it carries."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.importers import import_dataset
from wildcam.data.passed_over import EXPORT_MARK
from wildcam.errors import DataError, UsageError
from wildcam.exports.camtrap_dp.columns import DEPLOYMENTS, MEDIA, OBSERVATIONS
from wildcam.exports.camtrap_dp.deployments import ANYWHERE_METRES, NO_COORDINATES
from wildcam.exports.formats import FORMATS, Format, export
from wildcam.exports.load import load_predictions
from wildcam.exports.options import ExportOptions, PeopleInPhotos, Transfer
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import COLUMNS, as_table

FILE_PATH = r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"
"""The pattern of `filePath` in Camtrap DP's own schema."""

CARRIED = [Format.CSV, Format.MEGADETECTOR, Format.CAMTRAP_DP, Format.COCO]


def written(format: Format, table: pd.DataFrame, metadata: BatchMetadata, folder: Path, **options: object) -> Path:
    path = folder / f"out{FORMATS[format].suffix}"
    return export(format, table, metadata, path, ExportOptions(**options)).path


@pytest.mark.parametrize("format", CARRIED)
def test_what_is_exported_is_read_again(
    format: Format, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    found = load_predictions(written(format, table, metadata, tmp_path))
    assert tuple(found.columns) == COLUMNS
    by_path = found.set_index("path")
    expected = table.set_index("path")
    assert sorted(by_path.index) == sorted(expected.index)
    assert by_path["label"].to_dict() == expected["label"].to_dict()
    assert (by_path["failure"] != "").equals(by_path["label"] == "failed")
    assert by_path["confidence"].to_dict() == pytest.approx(expected["confidence"].to_dict(), abs=1e-4)
    assert by_path["failure"].to_dict() == expected["failure"].to_dict()
    if format is not Format.MEGADETECTOR:
        assert by_path["location"].to_dict() == expected["location"].to_dict()


def test_csv_carries_everything(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    found = load_predictions(written(Format.CSV, table, metadata, tmp_path))
    for name in COLUMNS:
        if name.startswith("top_"):
            assert [list(values) for values in found[name]] == [list(values) for values in table[name]]
        else:
            pd.testing.assert_series_equal(found[name], table[name], check_exact=True)


def test_no_cell_of_the_csv_is_a_formula(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    table["failure"] = "=HYPERLINK(1)"
    cells = pd.read_csv(written(Format.CSV, table, metadata, tmp_path), dtype="str", keep_default_na=False)
    texts = cells[["image_id", "path", "label", "failure", "top1"]]
    assert not texts.map(lambda text: text.startswith(("=", "+", "@"))).any(axis=None)


def test_megadetectors_file_follows_its_rules(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    content = json.loads(written(Format.MEGADETECTOR, table, metadata, tmp_path).read_text())
    assert content["info"]["format_version"] == "1.6"
    images = {image["file"]: image for image in content["images"]}
    assert images["north/b.jpg"]["detections"] == []
    failure = "image access failure: d.jpg is damaged: copy it again."
    unread = {"file": "south/d.jpg", "failure": failure, "detections": None, "datetime": "2024:06:03 12:30:05"}
    assert images["south/d.jpg"] == unread
    ocelot = images["north/a.jpg"]["detections"][0]
    assert (ocelot["category"], ocelot["conf"], ocelot["bbox"]) == ("1", 0.9, [0, 0, 1, 1])
    classes = content["classification_categories"]
    assert [classes[number] for number, _ in ocelot["classifications"]] == ["ocelot", "puma"]
    assert [classes[number] for number, _ in images["south/e.jpg"]["detections"][0]["classifications"]] == ["puma"]
    assert "classifications" not in images["south/c.png"]["detections"][0]
    assert images["south/f.jpg"]["detections"][0]["category"] == "2"
    detections = [detection for image in images.values() for detection in image["detections"] or []]
    least = content["info"]["detector_metadata"]["typical_detection_threshold"]
    assert all(
        detection["conf"] >= least for detection in detections
    )  # no animal is hidden by the file's own threshold
    for detection in detections:
        probabilities = [p for _, p in detection.get("classifications", [])]
        assert probabilities == sorted(probabilities, reverse=True)


def test_megadetectors_own_validator_passes_it(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    validator = pytest.importorskip("megadetector.postprocessing.validate_batch_results")
    found = validator.validate_batch_results(str(written(Format.MEGADETECTOR, table, metadata, tmp_path)))
    assert not found["validation_results"]["errors"]
    assert not found["validation_results"]["warnings"]


def test_camtrap_dp_has_its_tables_in_the_order_of_the_schemas(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    path = written(
        Format.CAMTRAP_DP, table, metadata, tmp_path, time_zone="Africa/Nairobi", latitude=-1.3, longitude=36.8
    )
    with zipfile.ZipFile(path) as archive:
        package = json.loads(archive.read("datapackage.json"))
        read = {
            name: pd.read_csv(archive.open(f"{name}.csv"), dtype="str", keep_default_na=False)
            for name in ("deployments", "media", "observations")
        }
    assert [tuple(rows.columns) for rows in read.values()] == [DEPLOYMENTS, MEDIA, OBSERVATIONS]
    assert package["profile"].endswith("/1.0.2/camtrap-dp-profile.json")
    assert {row["scientificName"] for row in package["taxonomic"]} == {"ocelot", "puma", "<i>=fox"}
    media, seen = read["media"].set_index("mediaID"), read["observations"].set_index("mediaID")
    assert media.loc["a", "timestamp"] == "2024-06-01T12:30:05+03:00"
    assert seen["observationType"][["a", "b", "c", "d", "f"]].tolist() == [
        "animal",
        "blank",
        "animal",
        "unclassified",
        "human",
    ]
    assert seen["scientificName"][["a", "b", "c", "d", "f"]].tolist() == ["ocelot", "", "", "", ""]
    assert seen.loc["a", "eventID"] == "s1"
    assert seen.loc["a", "eventEnd"] == "2024-06-01T12:30:09+03:00"
    assert seen.loc["d", "classificationMethod"] == ""
    assert "damaged" in media.loc["d", "mediaComments"]
    assert set(seen["deploymentID"]) == set(read["deployments"]["deploymentID"])
    assert read["deployments"]["latitude"].astype(float).eq(-1.3).all()
    assert media["filePath"].map(lambda path: bool(re.fullmatch(FILE_PATH, path))).all()
    for times in (
        media["timestamp"],
        seen["eventStart"],
        seen["classificationTimestamp"].replace("", "2024-01-01T00:00:00Z"),
    ):
        pd.to_datetime(times, format="%Y-%m-%dT%H:%M:%S%z", utc=True)
    assert media.index.is_unique
    assert seen["observationID"].is_unique
    assert set(read["deployments"]["timestampIssues"]) == {"false"}


def test_what_camtrap_dp_was_not_given_is_declared_not_invented(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    table.loc[0, "taken_at"] = pd.NaT
    (tmp_path / "places.csv").write_text("location,latitude,longitude\nsouth,4.5,-74\n")
    path = tmp_path / "out.zip"
    done = export(Format.CAMTRAP_DP, table, metadata, path, ExportOptions(deployments=tmp_path / "places.csv"))
    assert [remark.split(" ")[0] for remark in done.remarks] == ["1", "2", "The"]
    with zipfile.ZipFile(path) as archive:
        places = pd.read_csv(archive.open("deployments.csv")).set_index("locationName")
    assert (places.loc["south", "latitude"], places.loc["north", "coordinateUncertainty"]) == (4.5, ANYWHERE_METRES)
    assert places.loc["north", "deploymentComments"] == NO_COORDINATES


def test_the_table_of_deployments_gives_coordinates_to_csv_and_coco(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    (tmp_path / "places.csv").write_text("location,latitude,longitude\nsouth,4.5,-74\n")
    options = ExportOptions(deployments=tmp_path / "places.csv")
    export(Format.COCO, table, metadata, tmp_path / "out.json", options)
    images = json.loads((tmp_path / "out.json").read_text())["images"]
    points = {image["location"]: (image.get("latitude"), image.get("longitude")) for image in images}
    assert (points["south"], points["north"]) == ((4.5, -74.0), (None, None))
    export(Format.CSV, table, metadata, tmp_path / "out.csv", options)
    rows = pd.read_csv(tmp_path / "out.csv").drop_duplicates("location").set_index("location")
    assert rows.loc["south", ["latitude", "longitude"]].tolist() == [4.5, -74]
    assert rows.loc["north", ["latitude", "longitude"]].isna().all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"time_zone": "Mars/Olympus"}, "time zone"), ({"deployments": Path("/nowhere.csv")}, "nowhere.csv is missing")],
)
def test_wrong_options_of_camtrap_dp_get_a_sentence(
    options: dict[str, object], sentence: str, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    with pytest.raises((UsageError, DataError), match=sentence):
        written(Format.CAMTRAP_DP, table, metadata, tmp_path, **options)
    assert not (tmp_path / "out.zip").exists()


@pytest.mark.parametrize("format", [Format.COCO, Format.CAMTRAP_DP])
def test_our_own_importer_reads_it_as_a_data_set(
    format: Format, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    path = written(format, table.iloc[:6], metadata, tmp_path)
    dataset = import_dataset(tmp_path / "datasets", path, name="predicted")
    labels = dataset.index.set_index("image_id")["label"]
    assert labels[["a", "e"]].tolist() == ["ocelot", "puma"]
    assert labels["b"] in ("empty", "blank")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample_submission.csv"
    path.write_text("Id,Category\nz,1\nf,5\ne,5\nd,5\nc,5\nb,5\na,5\n")
    return path


def test_a_submission_has_the_samples_ids_in_its_order(
    sample: Path, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    options = ExportOptions(sample=sample, categories={"ocelot": 10, "puma": 6, "human": 75, "empty": 0})
    done = export(Format.KAGGLE, table.iloc[:6], metadata, tmp_path / "out.csv", options)
    assert done.path.read_text() == "Id,Category\nz,0\nf,75\ne,6\nd,0\nc,6\nb,0\na,10\n"
    (remark,) = done.remarks
    assert "1 photo of the sample file" in remark


def test_photos_that_the_sample_does_not_list_are_left_out_with_a_sentence(
    sample: Path, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    """Training and test photos are imported together, and the sample lists those of the test."""
    options = ExportOptions(sample=sample, categories={"ocelot": 10, "puma": 6, "human": 75})
    table["image_id"] = "test/" + table["image_id"] + ".jpg"
    done = export(Format.KAGGLE, table, metadata, tmp_path / "out.csv", options)
    assert done.path.read_text() == "Id,Category\nz,0\nf,75\ne,6\nd,0\nc,6\nb,0\na,10\n"
    assert done.images == 6
    assert any(remark.startswith("6 photos are not in the sample file") for remark in done.remarks)


def test_photos_of_one_id_are_counted(
    sample: Path, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    table = pd.concat([table.head(1).assign(image_id="other/a.jpg"), table.iloc[:6]])
    options = ExportOptions(sample=sample, categories={"ocelot": 10, "puma": 6, "human": 75})
    done = export(Format.KAGGLE, table, metadata, tmp_path / "out.csv", options)
    assert any("1 photo has the id of another photo" in remark and "other/a.jpg" in remark for remark in done.remarks)


@pytest.mark.parametrize(
    ("categories", "rows", "words"),
    [({"ocelot": 10}, slice(6), "'puma' has no category"), ({"ocelot": 10}, slice(6, 10), "lists none")],
)
def test_a_submission_that_could_not_be_scored_is_refused(
    categories: dict[str, int],
    rows: slice,
    words: str,
    sample: Path,
    table: pd.DataFrame,
    metadata: BatchMetadata,
    tmp_path: Path,
) -> None:
    options = ExportOptions(sample=sample, categories=categories)
    with pytest.raises(UsageError, match=words):
        export(Format.KAGGLE, table.iloc[rows], metadata, tmp_path / "out.csv", options)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("transfer", Transfer)
def test_images_come_into_a_folder_per_species(
    transfer: Transfer, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    for number, path in enumerate(table["path"].drop(3)):
        (metadata.root / path).parent.mkdir(parents=True, exist_ok=True)
        (metadata.root / path).write_bytes(image(10 * number, 2, 3))
    table.loc[0, "label"] = "../../etc"
    options = ExportOptions(transfer=transfer, people=PeopleInPhotos.KEEP)
    done = export(Format.FOLDERS, table, metadata, tmp_path / "sorted", options)
    files = [path for path in done.path.rglob("*") if path.is_file() and path.name != EXPORT_MARK]
    found = {str(path.relative_to(done.path)): path for path in files}
    assert len(found) == len(table) - 1
    assert done.remarks[0].startswith("1 photo shows people: kept")
    assert done.remarks[1].startswith("1 photo is missing")
    assert {path.parent.parent for path in found.values()} == {done.path}
    assert all(path.is_symlink() is (transfer is Transfer.LINK) for path in found.values())
    assert (done.path / "puma" / "south__e.jpg").read_bytes() == (metadata.root / "south/e.jpg").read_bytes()
    with pytest.raises(UsageError, match="exists"):
        export(Format.FOLDERS, table, metadata, tmp_path / "sorted")


@pytest.mark.parametrize("format", [Format.CSV, Format.MEGADETECTOR, Format.COCO])
def test_no_predictions_and_nothing_but_failures_can_be_exported(
    format: Format, table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    for rows in (table.iloc[:0], table.iloc[3:4]):
        assert load_predictions(written(format, rows, metadata, tmp_path))["label"].tolist() == rows["label"].tolist()


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"a,b\n1,2\n", b'{"images": [{"file": 3}], "annotations": []}', b"PK"]
)
@pytest.mark.parametrize("suffix", [".csv", ".json", ".zip", ".txt"])
def test_a_file_that_holds_no_predictions_gets_a_sentence(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"odd{suffix}"
    path.write_bytes(content)
    with pytest.raises(DataError):
        load_predictions(path)


@pytest.mark.slow
def test_a_large_table_is_written_row_by_row_not_cell_by_cell(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    """A hundred thousand rows; what is quadratic would not come back."""
    rows = pd.concat([table.iloc[:6]] * 16_667, ignore_index=True)
    rows["image_id"] = [f"id{number}" for number in range(len(rows))]
    for format in (Format.MEGADETECTOR, Format.CAMTRAP_DP):
        assert export(format, rows, metadata, tmp_path / f"{format}.out").images == len(rows)


def test_an_empty_table_has_the_types_of_the_schema() -> None:
    assert as_table([]).dtypes.to_dict()["confidence"] == "float32"


def test_the_csv_begins_with_a_mark_where_it_is_asked_for(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    path = written(Format.CSV, table, metadata, tmp_path, byte_order_mark=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfimage_id")
    assert load_predictions(path)["label"].tolist() == table["label"].tolist()
    assert not written(Format.CSV, table, metadata, tmp_path).read_bytes().startswith(b"\xef")


def test_an_unknown_size_is_no_size(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    cells = pd.read_csv(written(Format.CSV, table, metadata, tmp_path), dtype="str", keep_default_na=False)
    assert cells.loc[[0, 2], "width"].tolist() == ["1024", ""]
    images = json.loads(written(Format.MEGADETECTOR, table, metadata, tmp_path).read_text())["images"]
    assert (images[0]["width"], images[0]["height"], images[0]["datetime"]) == (1024, 747, "2024:06:01 12:30:05")
    assert "width" not in images[2]
    again = load_predictions(tmp_path / "out.json").set_index("path")
    assert again["taken_at"].to_dict() == table.set_index("path")["taken_at"].to_dict()
