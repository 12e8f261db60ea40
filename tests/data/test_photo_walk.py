"""The walk over a folder: photos, what is nobody's photo, and what cannot be read."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wildcam.data.importers import read
from wildcam.data.passed_over import EXPORT_MARK, PassedOver, reason_for_path
from wildcam.data.photo_walk import PhotoWalk
from wildcam.errors import DataError

JPEG = b"\xff\xd8\xff\xe0 and so on"


def fill(folder: Path, *names: str, content: bytes = JPEG) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def walk(folder: Path) -> tuple[list[str], dict[PassedOver, int]]:
    found = PhotoWalk(folder)
    paths = list(found)
    assert not found.failures
    return paths, {reason: tally.count for reason, tally in found.passed_over.items()}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *(
            (f"{folder}/1.jpg", PassedOver.DELETED)
            for folder in ("$RECYCLE.BIN/S-1-5", "RECYCLER", ".Trash-1000/files")
        ),
        *((f"{folder}/1.jpg", PassedOver.DELETED) for folder in ("#recycle", "@Recycle", ".dtrash", "DeletedFiles")),
        *((f"{folder}/1.jpg", PassedOver.DELETED) for folder in ("lost+found", "LOST.DIR", "FOUND.000", ".Trashes")),
        *(
            (f"{folder}/1.jpg", PassedOver.THUMBNAIL)
            for folder in ("@eaDir/1.jpg", ".thumbnails", "Thumbs", ".@__thumb")
        ),
        *(
            (f"{folder}/1.jpg", PassedOver.THUMBNAIL)
            for folder in (".@__thumb", ".picasaoriginals", "x Previews.lrdata/a")
        ),
        *((f"{folder}/1.jpg", PassedOver.HIDDEN) for folder in ("__MACOSX", ".AppleDouble", ".stversions", ".hidden")),
        ("System Volume Information/1.jpg", PassedOver.HIDDEN),
        *((name, PassedOver.HIDDEN) for name in ("._1.jpg", ".1.jpg")),
        ("SYNOPHOTO_THUMB_XL.jpg", PassedOver.THUMBNAIL),
        *((name, PassedOver.BACKUP) for name in ("1.jpg_original", "1.jpg~", "1.jpg.part", "1.jpg.bak")),
    ],
)
def test_nobody_s_photos_are_passed_over_and_counted(tmp_path: Path, name: str, reason: PassedOver) -> None:
    fill(tmp_path, f"fox/{name}", "fox/2.jpg")
    assert walk(tmp_path) == (["fox/2.jpg"], {reason: 1})
    assert reason_for_path(f"card.zip/fox/{name}") is reason
    assert reason_for_path("card.zip/fox/2.jpg") is None


@pytest.mark.parametrize("name", ["a.jpe", "a.jfif", "a.MPO", "a", "a.JPG", "a.JPEG"])
def test_other_endings_of_a_jpeg_are_taken_by_content(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    assert walk(tmp_path) == ([name], {})


def test_what_is_no_photo_is_counted_by_kind(tmp_path: Path) -> None:
    fill(tmp_path, "a.mp4", "b.AVI", "c.cr2", "d.heic", "e.csv", "f", content=b"something else")
    assert walk(tmp_path) == ([], {PassedOver.VIDEO: 2, PassedOver.RAW: 2, PassedOver.OTHER: 2})


def test_photos_come_in_order_and_a_named_bin_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "DeletedFiles", "b/2.JPG", "b/1.png", "a.webp", content=b"RIFF----WEBP")
    assert walk(tmp_path / "DeletedFiles")[0] == ["a.webp", "b/1.png", "b/2.JPG"]


def test_own_exports_and_own_home_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "1.jpg", "sorted/fox/1.jpg", f"sorted/{EXPORT_MARK}", "home/mlflow.db", "home/datasets/x/t.jpg")
    paths, passed = walk(tmp_path)
    assert paths == ["1.jpg"]
    assert passed == {PassedOver.EXPORT: 1, PassedOver.HOME: 1}
    assert walk(tmp_path / "sorted")[0] == ["fox/1.jpg"]  # who names the export means it


def test_a_link_to_a_folder_is_counted_and_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.jpg")
    (tmp_path / "b").symlink_to(tmp_path, target_is_directory=True)
    assert walk(tmp_path) == (["a/1.jpg"], {PassedOver.LINK: 1})


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Listing the folder fails as a broken drive does; the superuser may read what permissions forbid."""
    listing = os.scandir

    def make(folder: Path) -> None:
        def failing(path: Any = ".") -> Iterator[os.DirEntry[str]]:
            if os.fspath(path) == str(folder):
                raise OSError(5, "Input/output error", str(folder))
            return listing(path)

        monkeypatch.setattr(os, "scandir", failing)

    return make


def test_a_folder_that_cannot_be_listed_is_named_and_never_empty(
    tmp_path: Path, unreadable: Callable[[Path], None]
) -> None:
    fill(tmp_path, "badger/1.jpg", "fox/1.jpg")
    unreadable(tmp_path / "badger")
    found = PhotoWalk(tmp_path)
    assert list(found) == ["fox/1.jpg"]
    assert [(failure.path, failure.reason) for failure in found.failures] == [("badger", "Input/output error")]
    with pytest.raises(DataError, match=r"badger \(Input/output error\)"):
        read(tmp_path, format="folders")


def test_a_bin_that_cannot_be_listed_harms_nothing(tmp_path: Path, unreadable: Callable[[Path], None]) -> None:
    fill(tmp_path, "fox/1.jpg", "lost+found/x.jpg")
    unreadable(tmp_path / "lost+found")
    assert walk(tmp_path) == (["fox/1.jpg"], {})
