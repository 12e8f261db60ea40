"""Tables of other programs are read as what they are."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import ColumnMap, Imported, ImportOptions, preview, read, recognise

Write = Callable[..., Path]

IMAGES = (
    "project_id,deployment_id,image_id,filename,location,is_blank,class,order,family,genus,species,common_name,timestamp",
    "p1,D1,i1,1.jpg,gs://b/1.jpg,1,,,,,,Blank,2021-08-26 10:00:00",
    "p1,D1,i2,2.jpg,gs://b/2.jpg,0,Mammalia,Carnivora,Canidae,Vulpes,vulpes,Red Fox,2021-08-26 10:01:00",
    "p1,D1,i2,2.jpg,gs://b/2.jpg,0,Aves,,,,,Bird,2021-08-26 10:01:00",
    "p1,D2,i3,3.jpg,gs://b/3.jpg,0,Mammalia,,,,,Mammal,2021-08-26 10:02:00",
    "p2,D3,i4,4.jpg,gs://b/4.jpg,0,,,,,,No CV Result,2021-08-26 10:03:00",
)
DEPLOYMENTS = ("project_id,deployment_id,placename", "p1,D1,North", "p1,D2,Ridge", "p2,D3,North")


def labels(imported: Imported, *more: str) -> list[list[str | None]]:
    index = imported.index[["label", *more]].astype("object")
    return index.where(index.notna(), None).to_numpy().tolist()


def test_a_wildlife_insights_folder_has_labels_second_labels_and_places(tmp_path: Path) -> None:
    (tmp_path / "images_7.csv").write_text("\n".join(IMAGES))
    (tmp_path / "deployments.csv").write_text("\n".join(DEPLOYMENTS))
    assert recognise(tmp_path) == "wildlife_insights"
    assert labels(read(tmp_path), "second_label", "location") == [
        ["empty", None, "p1/North"],
        ["Vulpes vulpes", "Aves", "p1/North"],
        ["Mammalia", None, "Ridge"],
        [None, None, "p2/North"],
    ]


def test_a_wildlife_insights_zip_is_read_in_place_and_a_lone_table_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr("wildlife/images.csv", "\n".join(IMAGES))
        archive.writestr("wildlife/deployments.csv", "\n".join(DEPLOYMENTS))
        archive.writestr("__MACOSX/wildlife/._images.csv", "junk")
    assert recognise(tmp_path / "download.zip") == "wildlife_insights"
    assert read(tmp_path / "download.zip").index["location"].tolist() == ["p1/North", "p1/North", "Ridge", "p2/North"]
    (tmp_path / "images.csv").write_text("\n".join(IMAGES))
    assert recognise(tmp_path / "images.csv") == "wildlife_insights"
    assert read(tmp_path / "images.csv").index["location"].tolist() == ["D1", "D1", "D2", "D3"]


def test_a_wildlife_insights_project_of_sequences_labels_its_photos(tmp_path: Path) -> None:
    header = IMAGES[0] + ",sequence_id"
    (tmp_path / "images.csv").write_text(f"{header}\np,D1,i1,1.jpg,,,,,,,,,,s1\np,D1,i2,2.jpg,,,,,,,,,,s1\n")
    (tmp_path / "sequences.csv").write_text("sequence_id,is_blank,genus,species,common_name\ns1,0,Meles,meles,Badger\n")
    imported = read(tmp_path)
    assert labels(imported, "sequence_id") == [["Meles meles", "s1"], ["Meles meles", "s1"]]


@pytest.mark.parametrize(
    ("header", "second"),
    [
        ("File,RelativePath,Species0,Species1,Empty", "Species1"),
        ("File,RelativePath,Species,Species2,IsEmpty", "Species2"),
        ("File,RelativePath,Species 1,Species 2,Blank", "Species 2"),
        ("File,RelativePath,species,species,empty", "species (4)"),
        ("File,RelativePath,label1,label2,no animal", "label2"),
    ],
)
def test_columns_of_two_species_and_a_flag_for_empty_are_understood(
    write_text: Write, header: str, second: str
) -> None:
    table = write_text(header, "a.jpg,x,fox,badger,false", "b.jpg,x,,,TRUE", "c.jpg,x,badger,,0")
    guessed = preview(table).columns
    assert isinstance(guessed, ColumnMap)
    assert guessed.second_label == second
    assert labels(read(table), "second_label") == [["fox", "badger"], ["empty", None], ["badger", None]]


def test_a_third_species_is_said(write_text: Write, remarks: Callable[[Imported], dict[str, int]]) -> None:
    imported = read(write_text("path,species1,species2,species3", "a.jpg,fox,hare,crow", "b.jpg,fox,,"))
    assert remarks(imported)["label of a further column, 'species3': only two are kept"] == 1


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("fox; hare", ["fox", "hare"]),
        ("fox|hare", ["fox", "hare"]),
        ("fox, hare", ["fox", "hare"]),
        ("fox and hare", ["fox", "hare"]),
        ("fox, red", ["fox, red", None]),
        ("black and white lemur", ["black and white lemur", None]),
    ],
)
def test_several_species_in_a_cell_are_two_labels_where_each_is_one(
    write_text: Write, cell: str, expected: list[str | None]
) -> None:
    imported = read(write_text("path,label", f'a.jpg,"{cell}"', "b.jpg,fox", "c.jpg,hare"))
    assert labels(imported, "second_label")[0] == expected


def test_a_column_that_names_files_or_has_a_value_a_photo_is_no_location(write_text: Write) -> None:
    address = [f"{n}.jpg,https://x.org/{n}.jpg,D{n % 2}" for n in range(4)]
    assert read(write_text("file,location,deployment_id", *address)).index["location"].nunique() == 2
    numbers = [f"{n}.jpg,{n},D{n % 2}" for n in range(4)]
    assert read(write_text("file,location,deployment_id", *numbers)).index["location"].nunique() == 2
    alone = [f"{n}.jpg,spot {n}" for n in range(30)]
    imported = read(write_text("file,location", *alone))
    assert imported.index["location"].isna().all()
    assert any("as no location has" in remark.what for remark in imported.remarks)
    places = [f"{n}.jpg,S{n}" for n in range(3)]
    assert read(write_text("file,location", *places)).index["location"].tolist() == ["S0", "S1", "S2"]


def test_the_camera_of_a_station_is_no_location_of_its_own(write_text: Write) -> None:
    table = write_text("Station,Camera,Species,Directory,FileName", "A,c1,fox,x/A,1.jpg", "B,c1,fox,x/B,1.jpg")
    assert read(table).index["location"].tolist() == ["A", "B"]


def test_a_scientific_name_in_two_columns_is_one(write_text: Write) -> None:
    table = write_text("file,class,genus,species", "a.jpg,Mammalia,Vulpes,vulpes", "b.jpg,Mammalia,Meles,")
    assert labels(read(table)) == [["Vulpes vulpes"], ["Meles"]]


def test_labels_of_a_program_are_called_so(write_text: Write) -> None:
    imported = read(write_text("FilePath,DateTime,prediction,confidence", "x/a.jpg,2021-05-01 10:00:00,fox,0.9"))
    assert any("a program's predictions" in remark.what for remark in imported.remarks)


def test_a_person_s_choice_of_columns_stands(write_text: Write) -> None:
    table = write_text("path,species0,species1", "a.jpg,fox,hare")
    options = ImportOptions(columns=ColumnMap(label="species1", second_label=""))
    assert labels(read(table, options=options), "second_label") == [["hare", None]]


def test_an_archive_of_another_kind_leads_on(tmp_path: Path) -> None:
    for name, start, words in (
        ("photos.zip", b"7z\xbc\xaf\x27\x1c", "7z archive"),
        ("photos.zip", b"Rar!\x1a\x07\x00", "RAR archive"),
        ("photos.zip.001", b"PK\x03\x04", "in several parts"),
        ("photos.z01", b"PK\x03\x04", "in several parts"),
    ):
        (tmp_path / name).write_bytes(start + bytes(300))
        with pytest.raises(Exception, match=words):
            recognise(tmp_path / name)


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("images.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(220):
            member.write(bytes(1_000_000))
    (tmp_path / "bomb.zip").write_bytes(content.getvalue())
    with pytest.raises(Exception, match="times its size"):
        recognise(tmp_path / "bomb.zip")


@pytest.mark.parametrize("media", ["media", "multimedia"])
def test_a_package_of_an_older_version_is_read(tmp_path: Path, media: str) -> None:
    """As Agouti and TRAPPER wrote before Camtrap DP 1.0."""
    (tmp_path / "deployments.csv").write_text("deployment_id,location_id\nd1,L1\n")
    (tmp_path / f"{media}.csv").write_text(
        f"{media}_id,deployment_id,sequence_id,timestamp,file_path,file_name\n"
        "m1,d1,s1,2020-05-01T10:00:00+0200,x/1.jpg,1.jpg\nm2,d1,s1,2020-05-01T10:00:02+0200,x/2.jpg,2.jpg\n"
    )
    (tmp_path / "observations.csv").write_text(
        "observation_id,deployment_id,sequence_id,multimedia_id,observation_type,scientific_name\n"
        "o1,d1,s1,,animal,Vulpes vulpes\n"
    )
    assert recognise(tmp_path) == "camtrap_dp"
    assert labels(read(tmp_path), "location") == [["Vulpes vulpes", "L1"]] * 2


def test_results_of_addaxai_name_photos_by_their_relative_path(write_text: Write) -> None:
    table = write_text(
        "absolute_path,relative_path,data_type,label,confidence",
        "C:/cards,Site1/a.jpg,img,fox,0.9",
        "C:/cards,Site2/a.jpg,img,hare,0.8",
    )
    assert read(table).index["path"].tolist() == ["Site1/a.jpg", "Site2/a.jpg"]


def test_columns_of_yes_and_no_that_are_called_as_animals_are_labels(write_text: Write) -> None:
    table = write_text("image;red fox;badger;empty;DeleteFlag", "a.jpg;1;1;0;1", "b.jpg;0;0;1;0", "c.jpg;0;0;0;1")
    imported = read(table)
    assert labels(imported, "second_label") == [["red fox", "badger"], ["empty", None], [None, None]]


def test_headers_and_numbers_may_be_in_another_language(write_text: Write) -> None:
    index = read(write_text("Datei;Art;Standort;width", "a.jpg;Fuchs;S1;4000,0", "b.jpg;Reh;S2;4000,0")).index
    assert index["label"].tolist() == ["Fuchs", "Reh"]
    assert index["location"].tolist() == ["S1", "S2"]
    assert index["width"].tolist() == [4000, 4000]
    assert read(write_text("Fichier,Esp\u00e8ce", "a.jpg,renard")).index["label"].tolist() == ["renard"]
