"""What is wrong with sources in the field, in every format: one sentence, or a remark with its count."""

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wildcam.data.importers import Imported, import_dataset, read, recognise
from wildcam.data.importers.iwildcam2020 import TRAIN_NAME
from wildcam.errors import DataError

Remarks = Callable[[Imported], dict[str, int]]
Rows = list[list[Any]]

DATE = "2013-08-08 11:45:00"


@dataclass(frozen=True)
class Image:
    """What a source may say of an image."""

    path: str = "a.jpg"
    id: str | None = None  # None = the path
    label: str | None = "fox"  # None = a label whose name the source does not tell
    location: Any = 7
    taken_at: str = DATE
    width: Any = 40
    height: Any = 30

    @property
    def name(self) -> str:
        return self.path if self.id is None else self.id


class Source:
    """Writes images in one format. `strangers` are labelled and not listed."""

    def __init__(self, folder: Path, format: str) -> None:
        self.folder, self.format = folder, format

    def write(
        self, *images: Image, strangers: tuple[str, ...] = (), separator: str = ",", encoding: str = "utf-8"
    ) -> Path:
        self.separator, self.encoding = separator, encoding
        if self.format in ("coco", "iwildcam2020"):
            return self._json(images, strangers)
        return {"csv": self._csv, "wilds": self._wilds, "camtrap_dp": self._camtrap_dp}[self.format](images, strangers)

    def _json(self, images: tuple[Image, ...], strangers: tuple[str, ...]) -> Path:
        names = self._labels(images)
        content = {
            "images": [
                {"id": p.name, "file_name": p.path, "datetime": p.taken_at, "width": p.width, "height": p.height}
                | ({} if p.location is None else {"location": p.location})
                for p in images
            ],
            "annotations": [
                *({"image_id": p.name, "category_id": names.index(p.label)} for p in images),
                *({"image_id": name, "category_id": 0} for name in strangers),
            ],
            "categories": [{"id": number, "name": name} for number, name in enumerate(names)],
        }
        path = self.folder / (TRAIN_NAME if self.format == "iwildcam2020" else "source.json")
        path.write_text(json.dumps(content))
        return path

    def _csv(self, images: tuple[Image, ...], strangers: tuple[str, ...]) -> Path:
        header = ["image_id", "path", "label", "location", "datetime", "width", "height"]
        return self._table(
            "table.csv",
            header,
            [[p.name, p.path, p.label, p.location, p.taken_at, p.width, p.height] for p in images],
        )

    def _wilds(self, images: tuple[Image, ...], strangers: tuple[str, ...]) -> Path:
        names = self._labels(images)
        self._table("categories.csv", ["y", "category_id", "name"], [[y, y, name] for y, name in enumerate(names)])
        header = ["", "split", "location_remapped", "location", "y", "datetime", "filename", "image_id"]
        rows = [[n, 0, 0, p.location, names.index(p.label), p.taken_at, p.path, p.name] for n, p in enumerate(images)]
        return self._table("metadata.csv", header, rows)

    def _camtrap_dp(self, images: tuple[Image, ...], strangers: tuple[str, ...]) -> Path:
        self._table(
            "deployments.csv",
            ["deploymentID", "locationID"],
            [[f"d{n}", p.location] for n, p in enumerate(images)],
        )
        observations = [
            *(["d0", p.name, "media", "animal", p.label] for p in images),
            *(["d0", name, "media", "animal", "fox"] for name in strangers),
        ]
        header = ["deploymentID", "mediaID", "observationLevel", "observationType", "scientificName"]
        self._table("observations.csv", header, observations)
        media = [[p.name, f"d{n}", p.taken_at, p.path] for n, p in enumerate(images)]
        return self._table("media.csv", ["mediaID", "deploymentID", "timestamp", "filePath"], media)

    def _labels(self, images: tuple[Image, ...]) -> list[str | None]:
        return sorted({image.label for image in images}, key=lambda label: (label is not None, label))

    def _table(self, name: str, header: list[str], rows: Rows) -> Path:
        with (self.folder / name).open("w", newline="", encoding=self.encoding) as file:
            writer = csv.writer(file, delimiter=self.separator)
            writer.writerows([header, *rows])
        return self.folder / name


JSON_FORMATS = ("coco", "iwildcam2020")
TABLE_FORMATS = ("csv", "wilds", "camtrap_dp")
FORMATS = (*JSON_FORMATS, *TABLE_FORMATS)


@pytest.fixture
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    folder = tmp_path / "source"
    folder.mkdir()
    return Source(folder, request.param)


def in_formats(*formats: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", formats, indirect=True)


def paths(imported: Imported) -> list[str]:
    """As the source says: iWildCam's and WILDS's images lie in `train/`."""
    return imported.index["path"].str.removeprefix("train/").tolist()


@in_formats(*FORMATS)
def test_a_sound_source_needs_no_remark(source: Source) -> None:
    path = source.write(Image(), Image("b.jpg", label="empty"))
    assert recognise(path) == source.format
    imported = read(path)
    assert imported.remarks == ()
    assert imported.index["label"].tolist() == ["fox", "empty"]


@in_formats(*FORMATS)
def test_an_id_that_occurs_again_is_counted(source: Source, remarks: Remarks) -> None:
    imported = read(source.write(Image("a.jpg", "1"), Image("b.jpg", "1"), Image("c.jpg", "2")))
    assert imported.index["image_id"].is_unique
    what = {
        "csv": "id that is not unique: paths are used as ids",
        "wilds": "missing or repeated photo id: left out",
    }.get(source.format, "repeated photo id: only the first is kept")
    assert remarks(imported) == {what: 1}
    assert paths(imported) == (["a.jpg", "b.jpg", "c.jpg"] if source.format == "csv" else ["a.jpg", "c.jpg"])


@in_formats("coco", "iwildcam2020", "camtrap_dp")
def test_a_label_of_an_image_that_is_not_listed_is_counted(source: Source, remarks: Remarks) -> None:
    imported = read(source.write(Image(), strangers=("x", "y")))
    assert len(imported.index) == 1
    assert list(remarks(imported).values()) == [2]
    assert "unlisted" in imported.remarks[0].what


@in_formats("coco", "iwildcam2020", "wilds", "camtrap_dp")
def test_a_label_without_a_name_gets_one(source: Source, remarks: Remarks) -> None:
    imported = read(source.write(Image(), Image("b.jpg", label=None)))
    assert imported.index["label"].tolist() == ["fox", "animal" if source.format == "camtrap_dp" else "category 0"]
    assert 1 in [count for what, count in remarks(imported).items() if "without a " in what]


@in_formats(*FORMATS)
def test_a_date_that_cannot_be_read_is_counted(source: Source, remarks: Remarks) -> None:
    imported = read(source.write(Image(taken_at="soon"), Image("b.jpg"), Image("c.jpg", taken_at="")))
    assert imported.index["taken_at"].isna().tolist() == [True, False, True]
    assert remarks(imported) == {"date that cannot be read: left out": 1}


@in_formats("coco", "iwildcam2020", "csv")
@pytest.mark.parametrize("size", [-40, 0, "wide"])
def test_a_size_that_no_image_has_is_counted(source: Source, size: object, remarks: Remarks) -> None:
    imported = read(source.write(Image(width=size), Image("b.jpg", height=size)))
    assert imported.index["width"].isna().tolist() == [True, False]
    assert imported.index["height"].isna().tolist() == [False, True]
    assert remarks(imported) == {
        "width that is not a positive number: left out": 1,
        "height that is not a positive number: left out": 1,
    }


@in_formats(*FORMATS)
def test_locations_are_text_numbers_or_absent(source: Source) -> None:
    given = ["Río Verde", 267, "267", None]
    imported = read(source.write(*(Image(f"{n}.jpg", location=place) for n, place in enumerate(given))))
    found = imported.index["location"].astype(object)
    assert found.where(found.notna(), None).tolist() == [
        "Río Verde",
        "267",
        "267",
        "d3" if source.format == "camtrap_dp" else None,
    ]


@in_formats(*FORMATS)
def test_a_source_without_rows_is_refused(source: Source) -> None:
    with pytest.raises(DataError, match=r"the list is empty|has a header and no rows"):
        read(source.write(), format=source.format)


@in_formats(*FORMATS)
def test_a_source_of_nothing_is_refused(source: Source) -> None:
    path = source.write(Image())
    path.write_bytes(b"")
    with pytest.raises(DataError, match=f"{path.name} is empty"):
        read(path, format=source.format)


@in_formats(*JSON_FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.99])
def test_json_that_is_cut_off_is_refused(source: Source, share: float) -> None:
    path = source.write(Image(), Image("b.jpg"))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    for act in (recognise, lambda path: read(path, format=source.format)):
        with pytest.raises(DataError, match=r"is not valid JSON .*If it was cut off, download or export it again"):
            act(path)


def test_a_descriptor_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = Source(tmp_path, "camtrap_dp").write(Image())
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "me')
    with pytest.raises(DataError, match=r"datapackage.json is not valid JSON"):
        read(path)


@in_formats(*TABLE_FORMATS)
@pytest.mark.parametrize("end", ["b", 'b,"c'])
def test_a_row_that_is_cut_off_is_counted(source: Source, end: str, remarks: Remarks) -> None:
    path = source.write(Image())
    path.write_bytes(path.read_bytes() + end.encode())
    imported = read(path)
    assert paths(imported)[0] == "a.jpg"
    said = remarks(imported)
    assert said.pop("row without a file name: left out", 1) == 1
    assert set(said.values()) == {1}
    assert any(what.startswith("row with fewer than") for what in said)


@in_formats(*FORMATS)
@pytest.mark.parametrize("path", ["../../etc/passwd", "/data/../etc/passwd", "..\\a.jpg"])
def test_a_path_that_leaves_the_images_folder_is_never_read(source: Source, path: str, remarks: Remarks) -> None:
    imported = read(source.write(Image(path), Image("b.jpg")))
    assert paths(imported) == ["b.jpg"]
    assert remarks(imported) == {f"path outside the photo folder {imported.root}: left out, never read": 1}


@pytest.mark.parametrize("name", ["../../etc/passwd", "/../etc/passwd", "..", "a\\..\\..\\b.jpg"])
def test_a_file_name_of_an_address_does_not_leave_the_folder_either(tmp_path: Path, name: str) -> None:
    source = Source(tmp_path, "camtrap_dp").write(Image("https://example.org/1"), Image("b.jpg"))
    table = pd.read_csv(source).assign(fileName=[name, "b.jpg"])
    table.to_csv(source, index=False)
    assert paths(read(source)) == ["b.jpg"]


NAMES = (
    "写真/ライオン.jpg",
    "صور/أسد.jpg",
    "снимок лисы.jpg",
    "🦊.jpg",
    "e\u0301.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "<b>fox<b> & *co*.jpg",
    "100%_{x}$(y)`.jpg",
    'said "d, e".jpg',
    "a;b|c\td.jpg",
    "'; DROP TABLE x;--.jpg",
    "$HOME.jpg",
)


@in_formats(*FORMATS)
def test_names_in_any_script_or_with_markup_stay_as_they_are(source: Source, tmp_path: Path) -> None:
    for name in NAMES:
        (source.folder / name).parent.mkdir(exist_ok=True)
        (source.folder / name).touch()
    path = source.write(*(Image(name, label=f"<i>{name}</i>") for name in NAMES))
    dataset = import_dataset(tmp_path / "home", path, name="reserve")
    assert dataset.index["path"].tolist() == list(NAMES)
    assert dataset.index["source_label"].tolist() == [f"<i>{name}</i>" for name in NAMES]
    assert set(dataset.index["status"]) == {"ok"}


def test_folders_of_any_name_stay_as_they_are(tmp_path: Path) -> None:
    names = ["<b>fox<b> & co/a\nb.jpg", "ライオン/🦊.jpg", "two\nlines/x.jpg", "أسد/ة.jpg"]
    for name in names:
        (tmp_path / "cards" / name).parent.mkdir(parents=True)
        (tmp_path / "cards" / name).touch()
    dataset = import_dataset(tmp_path / "home", tmp_path / "cards", name="reserve")
    assert sorted(dataset.index["path"]) == sorted(names)
    assert set(dataset.index["source_label"]) == {name.split("/")[0] for name in names}
    assert set(dataset.index["status"]) == {"ok"}


@in_formats(*FORMATS)
def test_a_name_of_two_lines_is_a_name(source: Source, tmp_path: Path) -> None:
    (source.folder / "a\nb.jpg").touch()
    dataset = import_dataset(tmp_path / "home", source.write(Image("a\nb.jpg"), Image("c.jpg")), name="reserve")
    assert dataset.index["path"][0].removeprefix("train/") == "a\nb.jpg"
    assert dataset.index["status"][1] == "missing"


@in_formats(*JSON_FORMATS)
def test_a_nul_in_a_name_is_left_out(source: Source, tmp_path: Path) -> None:
    path = source.write(Image("a\x00.jpg"), Image("b.jpg", label="fo\x00x"))
    dataset = import_dataset(tmp_path / "home", path, name="reserve")
    assert len(dataset.index) == 1
    assert dataset.info.warnings[0].count == 1


@in_formats(*TABLE_FORMATS)
def test_a_table_with_a_nul_is_no_text(source: Source) -> None:
    path = source.write(Image("b.jpg"))
    path.write_bytes(path.read_bytes().replace(b"b.jpg", b"b\x00.jpg"))
    with pytest.raises(DataError, match=f"{path.name} is not a text file"):
        read(path, format=source.format)


@in_formats(*FORMATS)
@pytest.mark.parametrize("name", ["a" * 300 + ".jpg", "a/" * 3000 + "b.jpg", " "])
def test_a_name_that_no_disk_takes_is_missing_or_left_out(source: Source, name: str, tmp_path: Path) -> None:
    path = source.write(Image(name, "1"), Image("b.jpg", "2"))
    assert "ok" not in import_dataset(tmp_path / "home", path, name="reserve").index["status"].tolist()


@in_formats(*TABLE_FORMATS)
@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8"), (";", "latin-1"), (",", "latin-1"), ("\t", "utf-16"), ("|", "utf-8-sig")],
)
def test_a_table_may_be_of_any_encoding_and_separator(source: Source, separator: str, encoding: str) -> None:
    image = Image("Füchse/ä.jpg", label="lièvre", location="Río")
    imported = read(source.write(image, Image(), separator=separator, encoding=encoding))
    assert paths(imported)[0] == "Füchse/ä.jpg"
    assert imported.index[["label", "location"]].iloc[0].tolist() == ["lièvre", "Río"]
    assert all("is not in UTF-8: read as" in remark.what for remark in imported.remarks)
    assert bool(imported.remarks) == (encoding == "latin-1")


@pytest.fixture
def odd_name(tmp_path: Path) -> Path:
    """A folder with an image whose name is not UTF-8; skips where the disk takes no such name."""
    folder = tmp_path / "cards"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/f\xfcchs.jpg")).touch()
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    return folder


def test_an_image_whose_name_is_not_utf_8_is_counted(odd_name: Path, remarks: Remarks) -> None:
    (odd_name / "b.jpg").touch()
    imported = read(odd_name)
    assert paths(imported) == ["b.jpg"]
    assert remarks(imported) == {"photo with a file or folder name that is not UTF-8: left out, rename it": 1}


def test_a_neighbour_whose_name_is_not_utf_8_harms_no_import(odd_name: Path, tmp_path: Path) -> None:
    (odd_name / "a.jpg").touch()
    dataset = import_dataset(tmp_path / "home", Source(odd_name, "csv").write(Image()), name="reserve")
    assert dataset.index["status"].tolist() == ["ok"]
