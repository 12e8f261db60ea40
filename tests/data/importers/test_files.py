"""Paths inside the images' folder, and none outside."""

from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.files import file_status, safe_paths


def safe(*paths: str | None, root: Path = Path("/data/reserve")) -> list[str | None]:
    clean = safe_paths(pd.Series(paths, dtype="string"), root, Remarks())
    return clean.astype(object).where(clean.notna(), None).tolist()


@pytest.mark.parametrize(
    "path",
    [
        "../a.jpg",
        "x/../../a.jpg",
        "..",
        "x/..",
        "./../a.jpg",
        "..\\a.jpg",
        "/data/reserve/../a.jpg",
        "C:\\x\\..\\a.jpg",
        "a\x00.jpg",
    ],
)
def test_a_path_that_leaves_the_folder_is_dropped(path: str) -> None:
    assert safe(path, "b.jpg") == [None, "b.jpg"]


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("./a.jpg", "a.jpg"),
        ("x/././a.jpg", "x/a.jpg"),
        ("x\\a.jpg", "x/a.jpg"),
        ("x//a.jpg", "x/a.jpg"),
        (" a.jpg ", "a.jpg"),
        ("/data/reserve/x/a.jpg", "x/a.jpg"),
        ("x/..a.jpg", "x/..a.jpg"),
        ("~a.jpg", "~a.jpg"),
        ("/etc/passwd", "etc/passwd"),
        ("/data/reserved/a.jpg", "data/reserved/a.jpg"),
        ("C:\\Users\\me\\a.jpg", "C/Users/me/a.jpg"),
        ("d:/a.jpg", "d/a.jpg"),
        ("\\\\nas\\share\\x\\a.jpg", "nas/share/x/a.jpg"),
        ("https://example.org/a.jpg?size=large", "example.org/a.jpg"),
        ("gs://bucket/x/a.jpg", "bucket/x/a.jpg"),
        ("file:///a.jpg", "a.jpg"),
    ],
)
def test_a_path_inside_becomes_plain_and_relative(path: str, clean: str) -> None:
    assert safe(path) == [clean]


def test_what_is_dropped_is_counted_apart(tmp_path: Path) -> None:
    remarks = Remarks()
    safe_paths(pd.Series(["../a.jpg", "", None, "b.jpg"], dtype="string"), tmp_path, remarks)
    assert [remark.count for remark in remarks.all()] == [1, 2]


def test_only_files_that_are_there_are_ok(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/a.jpg").touch()
    (tmp_path / "x/folder.jpg").mkdir()
    paths = pd.Series(["x/a.jpg", "x/b.jpg", "x/folder.jpg", "y/a.jpg"], dtype="string")
    assert file_status(paths, tmp_path).tolist() == ["ok", "missing", "missing", "missing"]
