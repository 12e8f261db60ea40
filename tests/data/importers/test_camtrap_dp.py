"""Camtrap DP: tables that belong together, in a folder, under names of their own, or in a zip."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers import (
    Imported,
    ImportOptions,
    camtrap_observations,
    import_dataset,
    packed,
    preview,
    read,
    recognise,
)
from wildcam.errors import DataError

Table = list[dict[str, Any]]
Write = Callable[..., Path]
Remarks = Callable[[Imported], dict[str, int]]

DEPLOYMENTS: Table = [
    {"deploymentID": "d1", "locationID": "north", "locationName": "By the brook"},
    {"deploymentID": "d2", "locationID": "", "locationName": "Old oak"},
    {"deploymentID": "d3", "locationID": "", "locationName": ""},
]
MEDIA: Table = [
    {"mediaID": "m1", "deploymentID": "d1", "timestamp": "2020-06-01T23:30:00+02:00", "filePath": "media/1.jpg"},
    {"mediaID": "m2", "deploymentID": "d1", "timestamp": "2020-06-01T23:30:05+02:00", "filePath": "media/2.jpg"},
    {"mediaID": "m3", "deploymentID": "d2", "timestamp": "2020-06-01T23:30:00+02:00", "filePath": "media/3.jpg"},
    {"mediaID": "m4", "deploymentID": "d3", "timestamp": "2020-06-02T08:00:00+02:00", "filePath": "media/4.jpg"},
]


def of_media(
    media: str, kind: str = "animal", species: str = "", deployment: str = "d1", **more: Any
) -> dict[str, Any]:
    return {
        "deploymentID": deployment,
        "mediaID": media,
        "observationLevel": "media",
        "observationType": kind,
        "scientificName": species,
        "classificationMethod": "human",
        **more,
    }


def of_event(start: str, end: str, species: str = "", deployment: str = "d1", **more: Any) -> dict[str, Any]:
    event = {"eventID": "e1", "eventStart": start, "eventEnd": end, "observationLevel": "event", "mediaID": ""}
    return of_media("", "animal", species, deployment) | event | more


def as_csv(rows: Table, columns: tuple[str, ...] = ()) -> bytes:
    return pd.DataFrame(rows, columns=list(columns) or None).to_csv(index=False).encode()


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., Path]:
    """Write a package's files; a table that is None is not there."""

    def write(
        observations: Table | None = None, media: Table | None = MEDIA, deployments: Table | None = DEPLOYMENTS
    ) -> Path:
        folder = tmp_path / "package"
        folder.mkdir(exist_ok=True)
        tables = {"media": media, "deployments": deployments, "observations": observations}
        for name, rows in tables.items():
            if rows is not None:
                (folder / f"{name}.csv").write_bytes(as_csv(rows))
        return folder

    return write


def labels(imported: Imported) -> list[str | None]:
    return imported.index["label"].astype(object).where(imported.index["label"].notna(), None).tolist()


def zipped(folder: Path, below: str = "", **members: bytes) -> Path:
    path = folder.parent / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, below + file.name)
        for name, content in members.items():
            archive.writestr(below + name, content)
    return path


def test_an_image_has_its_label_its_location_and_the_time_on_the_cameras_clock(package: Write) -> None:
    folder = package([of_media("m1", species=" Vulpes vulpes "), of_media("m3", "blank", deployment="d2")])
    imported = read(folder)
    index = imported.index
    assert index["image_id"].tolist() == ["m1", "m2", "m3", "m4"]
    assert index["path"].tolist() == ["media/1.jpg", "media/2.jpg", "media/3.jpg", "media/4.jpg"]
    assert labels(imported) == ["Vulpes vulpes", None, "empty", None]
    assert index["location"].tolist() == ["north", "north", "Old oak", "d3"], "id, else name, else the deployment"
    assert index["taken_at"][0] == pd.Timestamp("2020-06-01 23:30:00")
    assert (imported.root, imported.remarks, imported.detections) == (folder, (), None)


@pytest.mark.parametrize(
    ("kind", "species", "label"),
    [
        ("animal", "Vulpes vulpes", "Vulpes vulpes"),
        ("animal", "", "animal"),
        ("blank", "", "empty"),
        ("human", "Homo sapiens", "human"),
        ("vehicle", "", "vehicle"),
        ("unknown", "", "unknown"),
        ("unclassified", "", None),
        ("plant", "", None),
    ],
)
def test_the_type_of_an_observation_is_its_label_where_it_is_no_species(
    package: Write, kind: str, species: str, label: str | None
) -> None:
    assert labels(read(package([of_media("m1", kind, species)])))[0] == label


def test_what_a_person_says_comes_before_what_a_machine_says(package: Write, remarks: Remarks) -> None:
    machine = {"classificationMethod": "machine"}
    imported = read(
        package(
            [
                of_media("m1", species="Canis lupus", **machine),
                of_media("m1", species="Vulpes vulpes"),
                of_media("m2", species="Canis lupus", **machine),
                of_media("m2", "unclassified"),
            ]
        )
    )
    assert labels(imported)[:2] == ["Vulpes vulpes", "Canis lupus"]
    assert imported.index["second_label"].dropna().to_dict() == {0: "Canis lupus"}
    assert remarks(imported) == {"photo with a second label: kept in addition to the first": 1}


def test_several_animals_of_one_species_are_one_label(package: Write) -> None:
    imported = read(package([of_media("m1", species="Sus scrofa"), of_media("m1", species="Sus scrofa", sex="female")]))
    assert labels(imported)[0] == "Sus scrofa"
    assert imported.index["second_label"].isna().all()


def test_an_event_labels_the_images_within_it_whatever_zone_its_times_are_in(package: Write, remarks: Remarks) -> None:
    imported = read(package([of_event("2020-06-01T21:30:00Z", "2020-06-01T21:30:04Z", "Sus scrofa")]))
    assert labels(imported) == ["Sus scrofa", None, None, None], "m2 is later, m3 elsewhere"
    assert imported.index["sequence_id"].dropna().to_dict() == {0: "e1"}
    assert list(remarks(imported).values()) == [1, 1]
    assert "photo without an observation of its own: labelled as its event" in remarks(imported)
    assert imported.index["label_of_sequence"].dropna().tolist() == [True]


def test_times_without_zones_are_compared_as_they_are_written(package: Write) -> None:
    event = of_event("2020-06-01T23:30:00", "2020-06-01T23:30:05", "Sus scrofa")
    assert labels(read(package([event]))) == ["Sus scrofa", "Sus scrofa", None, None]


def test_an_images_own_observation_wins_over_its_events(package: Write) -> None:
    event = of_event("2020-06-01T21:30:00Z", "2020-06-01T21:30:05Z", "Sus scrofa")
    imported = read(package([event, of_media("m1", "blank", classificationMethod="machine")]))
    assert labels(imported)[:2] == ["empty", "Sus scrofa"]
    assert imported.index["second_label"].isna().all()


def test_an_event_that_an_image_names_comes_before_its_time(package: Write) -> None:
    far = ("2020-06-05T00:00:00Z", "2020-06-05T00:00:00Z")
    observations = [
        of_event("2020-06-01T21:30:00Z", "2020-06-01T21:30:05Z", "Sus scrofa"),
        of_event(*far, "Lepus europaeus", eventID="e2"),
        of_media("m2", "unclassified", eventID="e2"),
    ]
    assert labels(read(package(observations)))[:2] == ["Sus scrofa", "Lepus europaeus"]
    media = [row | {"eventID": "e2" if row["mediaID"] == "m1" else ""} for row in MEDIA]
    imported = read(package(observations[:2], media=media))
    assert labels(imported)[:2] == ["Lepus europaeus", "Sus scrofa"]
    assert imported.index["sequence_id"].tolist()[:2] == ["e2", "e1"]


def test_events_that_overlap_give_an_image_both_species(package: Write) -> None:
    first = of_event("2020-06-01T21:00:00Z", "2020-06-01T22:00:00Z", "Sus scrofa")
    second = of_event("2020-06-01T21:30:05Z", "2020-06-01T21:40:00Z", "Lepus europaeus", eventID="e2")
    index = read(package([first, second])).index
    assert index["label"].tolist()[:2] == ["Sus scrofa", "Sus scrofa"]
    assert index["second_label"].dropna().to_dict() == {1: "Lepus europaeus"}


def test_an_event_without_images_is_counted(package: Write, remarks: Remarks) -> None:
    early = of_event("2019-01-01T00:00:00Z", "2019-01-02T00:00:00Z", "Sus scrofa")
    timeless = of_event("", "", "Sus scrofa", eventID="")
    imported = read(package([early, timeless]))
    assert labels(imported) == [None] * 4
    assert remarks(imported) == {"observation of an event without photos: left out": 2}


def test_events_that_overlap_without_end_are_refused(package: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camtrap_observations, "MOST_PAIRS", 3)
    whole = of_event("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "Sus scrofa")
    with pytest.raises(DataError, match="events overlap so that 4 observations apply to photos"):
        read(package([whole, whole]))


def test_one_event_id_at_two_locations_is_two_sequences(package: Write) -> None:
    observations = [
        of_media("m1", eventID="1"),
        of_media("m2", eventID="2"),
        of_media("m3", deployment="d2", eventID="1"),
    ]
    sequences = read(package(observations)).index["sequence_id"]
    assert sequences.dropna().tolist() == ["d1/1", "2", "d2/1"]


def test_boxes_of_media_are_kept_and_the_best_animal_counts(package: Write, remarks: Remarks) -> None:
    box = {"bboxX": 0.1, "bboxY": 0.2, "bboxWidth": 0.3, "bboxHeight": 0.4}
    machine = {"classificationMethod": "machine", "classificationProbability": 0.7}
    pixels = box | {"bboxX": 100}
    imported = read(
        package(
            [
                of_media("m1", species="Sus scrofa", **box | machine),
                of_media("m1", "human", **box),
                of_media("m2", species="Sus scrofa", **box | {"bboxX": 0.5}),
                of_media("m2", species="Sus scrofa", **pixels | machine),
                of_media("m3", species="Sus scrofa", deployment="d2", **box | {"classificationMethod": "machine"}),
            ]
        )
    )
    assert imported.detections is not None
    assert tuple(imported.detections) == DETECTION_COLUMNS
    assert imported.detections[["image_id", "category"]].to_numpy().tolist() == [
        ["m1", "animal"],
        ["m1", "person"],
        ["m2", "animal"],
    ]
    confidence = imported.index["detector_confidence"]
    assert confidence.tolist()[:2] == pytest.approx([0.7, 1.0]), "a person is certain"
    assert confidence.isna().tolist() == [False, False, True, True], "nobody says that a detector ran on the others"
    assert imported.index.loc[1, "box_x":"box_height"].tolist() == pytest.approx([0.5, 0.2, 0.3, 0.4])
    assert sum(count for what, count in remarks(imported).items() if what.startswith("box that is not relative")) == 2


def test_videos_and_sounds_are_left_out_with_what_is_observed_of_them(package: Write, remarks: Remarks) -> None:
    kinds = ["video/mp4", "image/jpeg", "audio/x-wav", ""]
    media = [row | {"fileMediatype": kind} for row, kind in zip(MEDIA, kinds, strict=True)]
    imported = read(package([of_media("m1", species="Sus scrofa")], media=media))
    assert imported.index["image_id"].tolist() == ["m2", "m4"]
    assert remarks(imported) == {"media file that is not a photo (video, audio): left out": 2}


def test_images_at_addresses_are_expected_by_name_in_the_folder_that_is_given(
    package: Write, tmp_path: Path, remarks: Remarks
) -> None:
    names = ["IMG1.JPG", "IMG2.JPG", "IMG1.JPG", ""]
    media = [
        row | {"filePath": f"https://example.org/{row['mediaID']}/file", "fileName": name}
        for row, name in zip(MEDIA, names, strict=True)
    ]
    imported = read(package(media=media))
    assert imported.index["path"].tolist() == ["d1/IMG1.JPG", "d1/IMG2.JPG", "d2/IMG1.JPG", "d3/m4.jpg"]
    assert remarks(imported)["photo at a web address: expected in the photo folder under its file name"] == 4
    (tmp_path / "IMG1.JPG").touch()
    flat = read(package(media=media), options=ImportOptions(images_dir=tmp_path))
    assert flat.index["path"].tolist() == ["IMG1.JPG", "IMG2.JPG", "IMG1.JPG", "m4.jpg"]
    last = [media[0] | {"filePath": "https://example.org/a/77.jpeg?size=large", "fileName": ""}]
    assert read(package(media=last)).index["path"].tolist() == ["77.jpeg"]


def test_gaps_of_the_other_tables_are_remarked(package: Write, remarks: Remarks) -> None:
    imported = read(package(deployments=None), format="camtrap_dp")
    assert imported.index["location"].tolist() == ["d1", "d1", "d2", "d3"]
    assert remarks(imported) == {
        "deployments.csv is not in the package: each deployment is used as a location": 1,
        "observations.csv is not in the package: the photos are unlabelled": 1,
    }
    listed = [{"deploymentID": name} for name in ("d1", "d1", "d2")]
    assert remarks(read(package(deployments=listed))) == {
        "missing or repeated deployment id: left out": 1,
        "photo of an unlisted deployment: the deployment is used as its location": 1,
        "observations.csv is not in the package: the photos are unlabelled": 1,
    }


def test_a_table_of_observations_without_rows_leaves_the_images_unlabelled(package: Write) -> None:
    folder = package()
    (folder / "observations.csv").write_text("deploymentID,observationType\n")
    assert labels(read(folder)) == [None] * 4


def test_times_in_utc_are_remarked(package: Write, remarks: Remarks) -> None:
    imported = read(package(media=[MEDIA[0] | {"timestamp": "2020-06-01T21:30:00Z"}]))
    assert imported.index["taken_at"][0] == pd.Timestamp("2020-06-01 21:30")
    assert remarks(imported)["time in UTC (Z): used as the camera's local time"] == 1


def test_a_package_is_recognised_by_each_of_its_files(package: Write, write_text: Write) -> None:
    folder = package([of_media("m1", species="Sus scrofa")])
    for source in (folder, folder / "media.csv", folder / "deployments.csv", folder / "observations.csv"):
        assert recognise(source) == "camtrap_dp"
        assert labels(read(source))[0] == "Sus scrofa"
    alone = write_text("mediaID,deploymentID,timestamp,filePath", "m,d,2020-01-01,a.jpg", name="media.csv")
    assert recognise(alone) == "csv"


def test_the_descriptor_names_the_files_of_the_tables(package: Write) -> None:
    folder = package([of_media("m1", species="Sus scrofa")])
    (folder / "tables").mkdir()
    first, *others = MEDIA
    (folder / "tables/media-1.csv").write_bytes(as_csv([first]))
    (folder / "tables/media-2.csv").write_bytes(as_csv(others))
    (folder / "media.csv").unlink()
    (folder / "looks.csv.gz").write_bytes(gzip.compress((folder / "observations.csv").read_bytes()))
    (folder / "observations.csv").unlink()
    resources = [
        {"name": "deployments", "path": "deployments.csv"},
        {"name": "media", "path": ["tables/media-1.csv", "tables/media-2.csv"]},
        {"name": "observations", "path": "looks.csv.gz"},
        {"name": "extra", "path": "https://example.org/elsewhere.csv"},
    ]
    descriptor = folder / "datapackage.json"
    descriptor.write_text(json.dumps({"name": "reserve", "resources": resources}))
    for source in (folder, descriptor):
        assert recognise(source) == "camtrap_dp"
        assert labels(read(source)) == ["Sus scrofa", None, None, None]


@pytest.mark.parametrize("path", ["https://example.org/media.csv", "../media.csv", "/etc/passwd", None, 7, ""])
def test_a_table_outside_the_package_is_never_read(package: Write, path: object) -> None:
    folder = package()
    (folder / "datapackage.json").write_text(json.dumps({"resources": [{"name": "media", "path": path}]}))
    with pytest.raises(DataError, match=r"datapackage.json has its media at .*expected a file of the package"):
        read(folder)


def test_another_data_package_is_none(tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_text(json.dumps({"resources": [{"name": "rivers", "path": "rivers.csv"}]}))
    with pytest.raises(DataError, match=r"is JSON of no known kind: expected .* a Camtrap DP"):
        recognise(path)
    with pytest.raises(DataError, match="has neither photos nor known metadata"):
        recognise(tmp_path)


@pytest.mark.parametrize("below", ["", "reserve-2020/"])
def test_a_zip_is_read_in_place(package: Write, tmp_path: Path, below: str) -> None:
    folder = package([of_media("m1", species="Sus scrofa")])
    (folder / "datapackage.json").write_text(json.dumps({"resources": [{"name": "media", "path": "media.csv"}]}))
    source = zipped(folder, below)
    assert recognise(source) == "camtrap_dp"
    imported = read(source)
    assert labels(imported) == ["Sus scrofa", None, None, None]
    assert imported.root == tmp_path
    assert read(source, options=ImportOptions(images_dir=folder)).root == folder
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["package", "package.zip"], "nothing is unpacked"


def test_images_inside_a_zip_are_not_read_and_it_says_so(package: Write, remarks: Remarks) -> None:
    imported = read(zipped(package(), **{"media/1.jpg": b"\xff\xd8", "media/2.JPG": b"\xff\xd8"}))
    assert remarks(imported)["photo inside the zip: not read, unpack it next to the zip"] == 2


def test_packages_side_by_side_are_not_chosen_among(package: Write, tmp_path: Path) -> None:
    folder, source = package(), tmp_path / "both.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for base in ("north", "south"):
            for file in folder.iterdir():
                archive.writestr(f"{base}/{file.name}", file.read_bytes())
    with pytest.raises(DataError, match=r"both.zip holds 2 packages side by side, such as north/ and south/"):
        read(source)


def test_a_zip_without_media_is_refused(package: Write) -> None:
    source = zipped(package(media=None), **{"datapackage.json": b"{}"})
    with pytest.raises(DataError, match=r"package.zip has no media.csv: expected a Camtrap DP"):
        read(source)


def test_an_encrypted_member_is_refused(package: Write) -> None:
    source = zipped(package())
    content = bytearray(source.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit lies in both headers of a member
        place = -1
        while (place := content.find(start, place + 1)) >= 0:
            content[place + flags] |= 1
    source.write_bytes(content)
    with pytest.raises(DataError, match=r"media.csv in package.zip is encrypted: unpack it with its password"):
        read(source)


def test_a_member_that_is_too_large_is_refused_before_it_is_unpacked(
    package: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = package()
    monkeypatch.setattr(packed, "LARGEST", 100)
    with pytest.raises(DataError, match=r"media.csv in package.zip is larger than .* unpacked"):
        read(zipped(folder))
    (folder / "media.csv.gz").write_bytes(gzip.compress((folder / "media.csv").read_bytes()))
    (folder / "media.csv").unlink()
    with pytest.raises(DataError, match=r"media.csv.gz is larger than"):
        read(folder, format="camtrap_dp")


@pytest.mark.parametrize("damage", ["cut off", "overwritten", "not a zip"])
def test_a_damaged_zip_is_refused(package: Write, damage: str) -> None:
    source = zipped(package())
    content = bytearray(source.read_bytes())
    if damage == "cut off":
        content = content[: len(content) // 2]
    elif damage == "overwritten":
        place = content.find(b"media.csv") + 20
        content[place : place + 30] = bytes(30)
    else:
        content = bytearray(b"PK\x03\x04 and no more")
    source.write_bytes(content)
    with pytest.raises(DataError, match=r"package.zip cannot be unpacked \(.+\): it is damaged"):
        read(source)


def test_a_damaged_gzip_is_refused(package: Write) -> None:
    folder = package(media=None)
    (folder / "media.csv.gz").write_bytes(gzip.compress(as_csv(MEDIA))[:-12])
    with pytest.raises(DataError, match=r"media.csv.gz cannot be unpacked"):
        read(folder, format="camtrap_dp")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("media", "mediaID"),
        ("media", "filePath"),
        ("media", "timestamp"),
        ("deployments", "deploymentID"),
        ("observations", "observationType"),
    ],
)
def test_a_table_without_a_column_that_is_needed_is_refused(package: Write, table: str, column: str) -> None:
    folder = package([of_media("m1")])
    rows = pd.read_csv(folder / f"{table}.csv").rename(columns={column: "other"})
    rows.to_csv(folder / f"{table}.csv", index=False)
    with pytest.raises(DataError, match=f"{table}.csv has no column {column}: expected Camtrap DP's table of {table}"):
        read(folder)


def test_a_folder_without_media_is_refused(package: Write) -> None:
    with pytest.raises(DataError, match=r"package has no media.csv: expected a Camtrap DP"):
        read(package(media=None), format="camtrap_dp")


def test_a_package_becomes_a_data_set_and_has_a_preview(
    package: Write, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    folder = package([of_media("m1", "blank")])
    (folder / "media").mkdir()
    (folder / "media/1.jpg").write_bytes(image(90, 120, 60))
    dataset = import_dataset(tmp_path / "home", folder, name="reserve")
    assert (dataset.info.format, dataset.info.labels.empty) == ("camtrap_dp", ("empty",))
    assert dataset.index["status"].tolist() == ["ok", "missing", "missing", "missing"]
    shown = preview(folder)
    assert (shown.format, shown.rows["image_id"].tolist()) == ("camtrap_dp", ["m1", "m2", "m3", "m4"])


def test_the_formats_own_example_comes_in(real_metadata: Path) -> None:
    folder = real_metadata / "camtrap_dp"
    imported = read(folder)
    index = imported.index.set_index("image_id")
    assert (len(index), index["location"].nunique(), index["sequence_id"].nunique()) == (423, 4, 34)
    observed = pd.read_csv(folder / "observations.csv")
    first = observed[observed["mediaID"].notna()].sort_values("classificationMethod", kind="stable")
    first = first.drop_duplicates("mediaID").set_index("mediaID")
    expected = first["scientificName"].where(first["observationType"] == "animal", first["observationType"])
    assert index["label"].astype(str).to_dict() == expected.replace("blank", "empty").to_dict()
    assert index["sequence_id"].astype(str).to_dict() == first["eventID"].to_dict()
    assert index["second_label"].notna().sum() == 40
    assert index["taken_at"]["07840dcc"] == pd.Timestamp("2020-05-30 04:57:37")
    assert imported.detections is not None
    assert len(imported.detections) == 20


def test_the_examples_events_fall_on_the_images_that_were_observed_in_them(real_metadata: Path, tmp_path: Path) -> None:
    observed = pd.read_csv(real_metadata / "camtrap_dp/observations.csv", dtype=str)
    for table in ("media", "deployments"):
        (tmp_path / f"{table}.csv").write_bytes((real_metadata / f"camtrap_dp/{table}.csv").read_bytes())
    of_events = observed[observed["observationLevel"] == "event"]
    of_events.to_csv(tmp_path / "observations.csv", index=False)
    sequences = read(tmp_path).index.set_index("image_id")["sequence_id"].astype(str)
    alone = sequences.index == sequences
    own = observed[observed["mediaID"].notna()].drop_duplicates("mediaID").set_index("mediaID")["eventID"]
    assert sequences[~alone].to_dict() == own[own.isin(of_events["eventID"])].to_dict()
    assert alone.sum() == 3, "a time-lapse photo is a burst of its own"
