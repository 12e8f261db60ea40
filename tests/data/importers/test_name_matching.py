"""Names that nearly match: found where one alone fits, and never guessed."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wildcam.data.importers import ImportOptions, try_import
from wildcam.data.importers.name_matching import rows_of_names


def match(paths: list[str], wanted: list[str]) -> list[int]:
    return rows_of_names(pd.Series(paths, dtype="string"), pd.Series(wanted, dtype="string")).tolist()


@pytest.mark.parametrize(
    ("paths", "wanted", "rows"),
    [
        (["IMG_1.JPG"], ["img_1.jpg"], [0]),
        (["x.jpg", "X.JPG"], ["X.jpg"], [-1]),
        (["x.jpg"], ["X.jpg", "x.JPG"], [-1, -1]),
        (["x.jpg"], ["x.jpg", "X.JPG"], [0, -1]),
        (["f\u00fcchse/a.jpg"], ["fu\u0308chse/a.jpg"], [0]),
        (["Stra\u00dfe/a.jpg"], ["STRASSE/A.JPG"], [0]),
        (["A/x.jpg", "B/x.jpg"], ["C/Users/me/B/x.jpg"], [1]),
        (["A/x.jpg", "B/x.jpg"], ["x.jpg"], [-1]),
        (["A/x.jpg"], ["x.jpg"], [0]),
        (["A/x.jpg"], ["B/x.jpg"], [-1]),
        (["a/x.jpg"], ["share/A/X.jpg", "other/A/x.jpg"], [-1, -1]),
        (["A /x.jpg"], ["A/x.jpg"], [0]),
        (["a.jpg"], ["a.jpg", "a.jpg"], [0, 0]),
    ],
    ids=str,
)
def test_one_that_fits_alone_is_the_one(paths: list[str], wanted: list[str], rows: list[int]) -> None:
    assert match(paths, wanted) == rows


Write = Callable[..., Path]

part = st.text(st.characters(categories=("L", "N"), include_characters=" _-."), min_size=1, max_size=6)
tree = st.lists(st.lists(part, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8, unique=True)


@settings(deadline=None, max_examples=25)
@given(tree, st.sampled_from(["C/Users/me", "nas/share", "data"]))
def test_paths_of_another_computer_are_found_or_left_and_never_mixed_up(paths: list[str], above: str) -> None:
    found = match(paths, [f"{above}/{path}" for path in paths])
    assert all(row in (-1, position) for position, row in enumerate(found))


@settings(deadline=None, max_examples=25)
@given(tree)
def test_the_same_paths_are_found(paths: list[str]) -> None:
    assert match(paths, paths) == list(range(len(paths)))


@settings(deadline=None, max_examples=25)
@given(tree)
def test_another_normal_form_or_case_is_found_or_left_and_never_mixed_up(paths: list[str]) -> None:
    for change in (str.upper, lambda path: unicodedata.normalize("NFD", path)):
        found = match(paths, list(map(change, paths)))
        taken = [row for row in found if row >= 0]
        assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    "written",
    [
        "C:\\raw\\StationA\\a.jpg",
        "\\\\nas\\share\\StationA\\a.jpg",
        "/home/me/StationA/a.jpg",
        "stationa/A.JPG",
        "https://x.org/StationA/a.jpg?s=1",
    ],
)
def test_a_table_finds_its_photos_and_says_how(write_text: Write, tmp_path: Path, written: str) -> None:
    for station in ("StationA", "StationB"):
        (tmp_path / "photos" / station).mkdir(parents=True)
        (tmp_path / "photos" / station / "a.jpg").touch()
    table = write_text("path,label", f"{written},fox")
    _, imported = try_import(table, options=ImportOptions(images_dir=tmp_path / "photos"))
    assert imported.index[["path", "status"]].iloc[0].tolist() == ["StationA/a.jpg", "ok"]
    assert any("matched with the one photo" in remark.what for remark in imported.remarks)


def test_what_nobody_can_tell_stays_missing(write_text: Write, tmp_path: Path) -> None:
    for station in ("StationA", "StationB"):
        (tmp_path / "photos" / station).mkdir(parents=True)
        (tmp_path / "photos" / station / "a.jpg").touch()
    _, imported = try_import(write_text("path", "a.jpg"), options=ImportOptions(images_dir=tmp_path / "photos"))
    assert imported.index[["path", "status"]].iloc[0].tolist() == ["a.jpg", "missing"]
