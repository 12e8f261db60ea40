"""Uploads: names that stay in their folder, a temporary place that does not grow, and files that are kept or gone."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from wildcam.data import uploads
from wildcam.data.uploads import MOST_PREVIEWS, PREVIEWS, UPLOADS, kept, safe_name, stage
from wildcam.errors import DataError, UsageError


def packed(files: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def lying(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("labels.csv", "labels.csv"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        (r"C:\Users\me\labels.csv", "labels.csv"),
        ("..", "upload"),
        ("", "upload"),
        (".hidden.csv", "hidden.csv"),
        ("a\0b\n.csv", "ab.csv"),
        ("what? <b>*.csv", "what_ _b__.csv"),
        ("動物の写真.csv", "動物の写真.csv"),
        ("Cafe\u0301.csv", "Café.csv"),
        ("\udc80.csv", "csv"),
    ],
)
def test_a_file_name_stays_in_its_folder(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize("name", ["x" * 400 + ".csv", "動" * 400 + ".csv", "x." + "y" * 400, " " * 400 + ".csv"])
def test_a_long_name_is_cut_and_keeps_its_suffix(name: str, tmp_path: Path) -> None:
    safe = safe_name(name)
    assert len(safe.encode()) <= 200
    assert safe.endswith(".csv") or not name.endswith("x.csv")
    (tmp_path / safe).write_text("it is a name")


def test_an_upload_is_staged_once_and_found_again(tmp_path: Path) -> None:
    (first,) = stage(tmp_path, "id", "../labels.csv", b"path\n1.jpg\n")
    assert first.read_bytes() == b"path\n1.jpg\n"
    assert tmp_path / UPLOADS / PREVIEWS in first.parents
    assert stage(tmp_path, "id", "../labels.csv", memoryview(b"other")) == [first]
    assert first.read_bytes() == b"path\n1.jpg\n"
    assert stage(tmp_path, "another", "labels.csv", b"x") != [first]


def test_the_metadata_of_a_zip_is_unpacked_without_its_folders(tmp_path: Path) -> None:
    members = {
        "wilds/metadata.csv": "a",
        "wilds/categories.csv": "b",
        "other/metadata.csv": "c",
        "wilds/1.jpg": "image",
        "__MACOSX/._metadata.csv": "junk",
        "/x/absolute.json": "{}",
        "../../upward.json": "{}",
    }
    files = stage(tmp_path, "id", "wilds.zip", packed(members))
    assert [file.name for file in files] == ["absolute.json", "categories.csv", "metadata-2.csv", "metadata.csv"]
    assert [file.read_text() for file in files] == ["{}", "b", "c", "a"]
    assert len({file.parent for file in files}) == 1


def test_a_zip_with_one_table_of_its_own_name_becomes_that_table(tmp_path: Path) -> None:
    (file,) = stage(tmp_path, "id", "labels.csv", packed({"labels.csv": "path\n1.jpg\n"}))
    assert file.name == "labels.csv"
    assert file.read_text() == "path\n1.jpg\n"


def test_a_zip_that_an_importer_reads_stays_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "recognise", lambda source: "camtrap_dp")
    content = packed({"media.csv": "a"})
    (file,) = stage(tmp_path, "id", "package.zip", content)
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed({"1.jpg": "image"}), "has no metadata file"),
        (packed({"labels.csv": "path\n"})[:40], "cannot be unpacked"),
    ],
    # A ZIP holds the time at which it was packed: its bytes are no name that two workers agree on.
    ids=["no table", "cut off"],
)
def test_a_zip_that_cannot_be_used_leaves_nothing(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=reason):
        stage(tmp_path, "id", "photos.zip", content)
    assert lying(tmp_path) == []


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED_BYTES", 1000)
    with pytest.raises(DataError, match="unpacks to more than"):
        stage(tmp_path, "id", "bomb.zip", packed({"1.csv": b"0" * 700, "2.csv": b"0" * 700}))
    assert lying(tmp_path) == []


def test_previews_do_not_pile_up(tmp_path: Path) -> None:
    for number in range(MOST_PREVIEWS + 5):
        (file,) = stage(tmp_path, str(number), "labels.csv", b"x")
        os.utime(file.parent, (time.time() - 1000 + number,) * 2)
    last = stage(tmp_path, "last", "labels.csv", b"x")
    folders = list((tmp_path / UPLOADS / PREVIEWS).iterdir())
    assert len(folders) == MOST_PREVIEWS
    assert last[0].exists()


def test_old_and_large_previews_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = stage(tmp_path, "old", "labels.csv", b"x")
    os.utime(old.parent, (time.time() - 2 * 24 * 3600,) * 2)
    (large,) = stage(tmp_path, "large", "labels.csv", b"x" * 100)
    assert not old.exists()
    assert large.exists()
    monkeypatch.setattr(uploads, "MOST_PREVIEW_BYTES", 50)
    (current,) = stage(tmp_path, "current", "labels.csv", b"x" * 100)
    assert current.exists()
    assert not large.exists()


def test_what_is_kept_lies_in_one_folder_of_the_data_set(tmp_path: Path) -> None:
    (source,) = stage(tmp_path, "1", "labels.csv", b"source")
    (ground_truth,) = stage(tmp_path, "2", "labels.csv", b"truth")
    with kept(tmp_path, "reserve", [source.parent, ground_truth.parent]) as places:
        assert places[source] == tmp_path / "uploads" / "reserve" / "labels.csv"
        assert places[source.parent] == tmp_path / "uploads" / "reserve"
        assert places[source].read_bytes() == b"source"
        assert places[ground_truth].read_bytes() == b"truth"
    assert lying(tmp_path) == ["uploads/reserve/labels-2.csv", "uploads/reserve/labels.csv"]


def test_a_failure_keeps_nothing_but_the_preview(tmp_path: Path) -> None:
    (source,) = stage(tmp_path, "1", "labels.csv", b"source")
    with pytest.raises(DataError), kept(tmp_path, "reserve", [source.parent]):
        raise DataError("no")
    assert [path.name for path in (tmp_path / UPLOADS).iterdir()] == [PREVIEWS]
    assert source.read_bytes() == b"source"


@pytest.mark.parametrize("failure", [DataError("no"), KeyboardInterrupt()])
def test_after_a_failure_the_former_upload_of_that_name_is_back(failure: BaseException, tmp_path: Path) -> None:
    (old,) = stage(tmp_path, "1", "old.csv", b"old")
    with kept(tmp_path, "reserve", [old.parent]):
        pass
    (new,) = stage(tmp_path, "2", "new.csv", b"new")
    with pytest.raises(type(failure)), kept(tmp_path, "reserve", [new.parent]):
        raise failure
    assert lying(tmp_path / UPLOADS / "reserve") == ["old.csv"]
    with kept(tmp_path, "reserve", [new.parent]):
        pass
    assert lying(tmp_path / UPLOADS) == ["reserve/new.csv"]


@pytest.mark.parametrize("name", ["../x", PREVIEWS, "", "a/b"])
def test_a_name_that_leaves_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    (source,) = stage(tmp_path, "1", "labels.csv", b"source")
    with pytest.raises(UsageError), kept(tmp_path, name, [source.parent]):
        pass


def test_a_zip_with_a_password_is_refused_with_what_to_do(tmp_path: Path) -> None:
    content = bytearray(packed({"labels.csv": "path\n"}))
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + place] |= 1  # the flag that says so
    with pytest.raises(DataError, match=r"labels\.csv in locked\.zip is encrypted: unpack it with its password"):
        stage(tmp_path, "id", "locked.zip", bytes(content))
    assert lying(tmp_path) == []


def test_what_a_data_set_was_uploaded_from_goes_with_it(tmp_path: Path) -> None:
    with kept(tmp_path, "mine", [stage(tmp_path, "id", "labels.csv", b"path\n")[0].parent]):
        pass
    uploads.delete_uploads(tmp_path, "mine")
    uploads.delete_uploads(tmp_path, "never")
    assert lying(tmp_path / UPLOADS) == []
