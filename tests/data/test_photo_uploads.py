"""Uploaded photos: their folders are kept, no file replaces another, and none lies outside."""

import io
import zipfile
from pathlib import Path

import pytest

from wildcam.data import photo_uploads
from wildcam.data.importers.packed import UPLOAD_COMMENT
from wildcam.data.photo_uploads import PhotoUpload, stage_photos, uploaded_name
from wildcam.data.uploads import kept
from wildcam.errors import DataError


def upload(name: str, content: bytes = b"photo") -> PhotoUpload:
    return PhotoUpload(f"id of {name}", name, io.BytesIO(content))


def packed(name: str, *members: str) -> PhotoUpload:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member in members:
            archive.writestr(member, member)
    return upload(name, content.getvalue())


def staged(home: Path, *uploads: PhotoUpload) -> list[str]:
    folder = stage_photos(home, uploads)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_folders_in_a_chosen_folder_are_kept_and_its_own_name_is_none_of_them(tmp_path: Path) -> None:
    files = [upload("reserve/fox/1.jpg"), upload("reserve/fox/2.jpg"), upload("reserve/empty/1.jpg")]
    assert staged(tmp_path, *files) == ["empty/1.jpg", "fox/1.jpg", "fox/2.jpg"]
    assert uploaded_name(files) == "reserve"


@pytest.mark.parametrize(
    ("name", "members", "files"),
    [
        ("cards.zip", ["fox/1.jpg", "empty/1.jpg"], ["empty/1.jpg", "fox/1.jpg"]),
        ("cards.zip", ["cards/fox/1.jpg", "__MACOSX/._1.jpg"], ["__MACOSX/._1.jpg", "fox/1.jpg"]),
        ("fox.zip", ["fox/1.jpg"], ["fox/1.jpg"]),  # its one folder is a class
    ],
)
def test_a_zip_that_is_alone_is_the_folder(name: str, members: list[str], files: list[str], tmp_path: Path) -> None:
    assert staged(tmp_path, packed(name, *members)) == files


def test_of_several_zips_each_is_a_folder_beside_the_photos(tmp_path: Path) -> None:
    uploads = [packed("fox.zip", "1.jpg"), packed("hare.zip", "1.jpg"), upload("2.jpg")]
    assert staged(tmp_path, *uploads) == ["2.jpg", "fox/1.jpg", "hare/1.jpg"]


def test_files_that_the_page_packed_are_as_if_they_came_one_by_one(tmp_path: Path) -> None:
    parts = [packed("reserve.zip", "reserve/fox/1.jpg"), packed("reserve.zip", "reserve/fox/2.jpg", "reserve/3.jpg")]
    for part in parts:
        with zipfile.ZipFile(part.file, "a") as archive:
            archive.comment = UPLOAD_COMMENT
    assert staged(tmp_path, *parts) == ["3.jpg", "fox/1.jpg", "fox/2.jpg"]
    assert uploaded_name(parts) == "reserve"


def test_of_two_photos_of_one_name_none_is_lost(tmp_path: Path) -> None:
    first, second = PhotoUpload("a", "1.jpg", io.BytesIO(b"a")), PhotoUpload("b", "1.jpg", io.BytesIO(b"b"))
    assert staged(tmp_path, first, second) == ["1-2.jpg", "1.jpg"]


@pytest.mark.parametrize("name", ["../../1.jpg", "/etc/1.jpg", "a/../../1.jpg", "..\\..\\1.jpg", "C:\\x\\1.jpg"])
def test_no_file_leaves_the_folder(name: str, tmp_path: Path) -> None:
    (found,) = staged(tmp_path, packed("cards.zip", name))
    assert found.endswith("1.jpg")
    assert ".." not in found
    assert {path.name for path in tmp_path.iterdir()} == {"uploads"}


def test_what_is_hidden_stays_hidden(tmp_path: Path) -> None:
    assert staged(tmp_path, upload("card/._1.jpg"), upload("card/.trash/1.jpg")) == ["._1.jpg", ".trash/1.jpg"]


@pytest.mark.parametrize("uploads", [[upload("1.jpg", b"x" * 700)] * 2, [packed("c.zip", *map(str, range(10**3)))]])
def test_an_upload_that_takes_too_much_is_refused_and_leaves_nothing(
    uploads: list[PhotoUpload], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_uploads, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match="has more than"):
        stage_photos(tmp_path, uploads)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_photos_are_kept_with_their_folders(tmp_path: Path) -> None:
    folder = stage_photos(tmp_path, [upload("reserve/fox/1.jpg"), upload("reserve/fox/old/2.jpg")])
    with kept(tmp_path, "reserve", [folder]) as moved:
        assert moved[folder] == tmp_path / "uploads" / "reserve"
    assert (tmp_path / "uploads" / "reserve" / "fox" / "old" / "2.jpg").read_bytes() == b"photo"
    assert not folder.exists()
