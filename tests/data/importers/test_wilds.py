"""WILDS's own table."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import Imported, read, recognise
from wildcam.errors import DataError

Write = Callable[..., Path]

HEADER = ",split,location_remapped,location,sequence_remapped,seq_id,y,category_id,datetime,filename,image_id"
ROWS = [
    "0,0,0,267,0,s0,0,0,2013-08-08 11:45:00.000000,a.jpg,a",
    "1,1,1,300,1,s1,1,73,2013-08-09 11:45:00.000000,b.jpg,b",
    "2,3,0,267,2,s2,9,404,2013-08-10 11:45:00.000000,c.jpg,c",
]


@pytest.fixture
def folder(write_text: Write) -> Path:
    write_text("y,category_id,name", "0,0,empty", "1,73,fox", "99999,75,human", "99999,76,ghost", name="categories.csv")
    return write_text(HEADER, *ROWS, name="metadata.csv").parent


def test_labels_and_subsets_have_their_names(folder: Path, remarks: Callable[[Imported], dict[str, int]]) -> None:
    assert recognise(folder) == recognise(folder / "metadata.csv") == "wilds"
    imported = read(folder)
    index = imported.index
    assert index["label"].tolist() == ["empty", "fox", "category 9"]
    assert index["given_split"].tolist() == ["train", "val", "id_val"]
    assert index["path"].tolist() == ["train/a.jpg", "train/b.jpg", "train/c.jpg"]
    assert index["location"].tolist() == ["267", "300", "267"]
    assert imported.categories["fox"] == 73
    assert remarks(imported) == {"label that is not in categories.csv: named by its number": 1}


def test_without_categories_labels_are_numbers_and_it_says_so(folder: Path) -> None:
    (folder / "categories.csv").unlink()
    imported = read(folder)
    assert imported.index["label"].tolist() == ["category 0", "category 1", "category 9"]
    assert "categories.csv is not next to" in imported.remarks[0].what


def test_categories_without_their_columns_are_refused(folder: Path, write_text: Write) -> None:
    write_text("y,category_id", "0,0", name="categories.csv")
    with pytest.raises(DataError, match=r"categories.csv has no column name"):
        read(folder)


def test_another_table_is_refused(write_text: Write) -> None:
    with pytest.raises(DataError, match="has no column split, y"):
        read(write_text("filename,image_id,location", "a.jpg,a,1"), format="wilds")
