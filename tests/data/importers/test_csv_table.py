"""CSV tables as people write them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.importers import ColumnMap, Imported, ImportOptions, preview, read
from wildcam.data.importers.column_guess import guess_from_rows
from wildcam.errors import DataError

Write = Callable[..., Path]
Remarks = Callable[[Imported], dict[str, int]]


def test_columns_are_guessed_from_their_names(write_text: Write) -> None:
    table = write_text("Relative Path,File Name,Species,Station,Date,Time", "cam1,a.jpg,fox,North,2014-03-01,12:30:00")
    imported = read(table)
    row = imported.index.iloc[0]
    assert (row["path"], row["label"], row["location"]) == ("cam1/a.jpg", "fox", "North")
    assert row["taken_at"] == pd.Timestamp("2014-03-01 12:30")
    assert imported.root == table.parent


def test_given_columns_win_over_guessed_ones(write_text: Write) -> None:
    table = write_text("path,thumb,label,what", "a.jpg,t.jpg,1,fox")
    imported = read(table, options=ImportOptions(columns=ColumnMap(path="thumb", label="what")))
    assert imported.index[["path", "label"]].iloc[0].tolist() == ["t.jpg", "fox"]


def test_a_column_that_is_not_there_is_named_with_those_that_are(write_text: Write) -> None:
    table = write_text("path,label", "a.jpg,fox")
    with pytest.raises(DataError, match=r"no column 'species' for the label. Its columns: path, label"):
        read(table, options=ImportOptions(columns=ColumnMap(label="species")))


def test_a_table_without_file_names_is_refused(write_text: Write) -> None:
    with pytest.raises(DataError, match=r"no column of photo file names that is recognised.*Id, Category"):
        read(write_text("Id,Category", "87,3"))


def test_a_blank_label_is_unknown(write_text: Write) -> None:
    imported = read(write_text("path,label", "a.jpg,fox", "b.jpg,", "c.jpg,  ", "d.jpg,NA"))
    assert imported.index["label"].isna().tolist() == [False, True, True, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_semicolons_and_latin_letters_are_read(write_text: Write, encoding: str) -> None:
    table = write_text("path;label;location", "ä.jpg;Zorro común;Río, 2", encoding=encoding)
    assert read(table).index[["path", "label", "location"]].iloc[0].tolist() == ["ä.jpg", "Zorro común", "Río, 2"]


def test_a_table_whose_rows_are_all_of_another_length_is_refused(write_text: Write) -> None:
    with pytest.raises(DataError, match=r"2 columns in its header and a different number of values in every row"):
        read(write_text("path;label", "1;a.jpg;fox;x", "2;b.jpg;fox;x"))


def test_a_latin_letter_beyond_the_head_of_a_large_table_is_read(write_text: Write) -> None:
    rows = [f"{n:06}.jpg,fox" for n in range(30_000)]
    table = write_text("path,label", *rows, "last.jpg,lièvre", encoding="cp1252")
    assert read(table).index["label"].iloc[-1] == "lièvre"
    assert len(preview(table).rows) == 10


def test_short_rows_are_filled_and_long_ones_left_out_and_counted(write_text: Write, remarks: Remarks) -> None:
    imported = read(write_text("path,label", "a.jpg,fox", "b.jpg", "c.jpg,fox,3", '"d, e.jpg",hare'))
    assert imported.index["path"].tolist() == ["a.jpg", "b.jpg", "d, e.jpg"]
    assert list(remarks(imported).values()) == [1, 1]


def test_rows_of_one_image_become_one(write_text: Write, remarks: Remarks) -> None:
    imported = read(write_text("id,path,label", "1,a.jpg,", "2,a.jpg,fox", "3,a.jpg,hare", "4,b.jpg,fox"))
    assert imported.index["image_id"].tolist() == ["a.jpg", "b.jpg"]
    assert imported.index["label"].tolist() == ["fox", "fox"]
    assert imported.index["second_label"].dropna().tolist() == ["hare"]
    assert remarks(imported)["repeated row of a photo: merged with its first row"] == 2


def test_an_id_that_repeats_is_not_the_identity(write_text: Write) -> None:
    imported = read(write_text("id,path", "1,a.jpg", "1,b.jpg"))
    assert imported.index["image_id"].tolist() == ["a.jpg", "b.jpg"]
    assert read(write_text("id,path", "1,a.jpg", "2,b.jpg")).index["image_id"].tolist() == ["1", "2"]


def test_a_table_of_one_column_is_a_list_of_images(write_text: Write) -> None:
    assert read(write_text("filename", "a.jpg", "b.jpg")).index["path"].tolist() == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize("lines", [("path,label",), ("path,label", "", "")])
def test_a_header_without_rows_is_refused(write_text: Write, lines: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="has a header and no rows"):
        read(write_text(*lines))


def test_a_table_whose_paths_all_leave_the_root_says_so(write_text: Write) -> None:
    with pytest.raises(DataError, match=r"no usable photo \(2 × path outside"):
        read(write_text("path", "x/../../a.jpg", "../b.jpg"))


def test_a_preview_shows_rows_and_guesses_and_reads_no_more(write_text: Write) -> None:
    shown = preview(write_text("file,species", *(f"{n}.jpg,fox" for n in range(50))))
    assert shown.columns == ColumnMap(path="file", label="species")
    assert shown.rows["file"].tolist() == [f"{n}.jpg" for n in range(10)]


def test_where_no_name_tells_the_file_its_values_do_and_the_other_columns_are_still_guessed() -> None:
    rows = pd.DataFrame({"what": ["1.JPG", None], "species": ["fox", "owl"], "note": ["a.jpg", "none"]})
    guess = guess_from_rows(rows, "table.csv")
    assert (guess.path, guess.label) == ("what", "species")
    assert guess_from_rows(rows[["species", "note"]], "table.csv").path is None
    assert guess_from_rows(rows[["species", "note"]], "table.csv").label == "species"


@pytest.mark.parametrize("header", ["Zeit", "Uhrzeit", "Time"])
def test_a_time_column_with_whole_dates_is_the_date_where_no_other_is(write_text: Write, header: str) -> None:
    table = write_text(f"Bilddatei;Tierart;{header}", "1.jpg;fox;02.01.2024 10:00", "2.jpg;fox;13.01.2024 11:00")
    imported = read(table)
    assert imported.index["taken_at"].astype(str).to_list() == ["2024-01-02 10:00:00", "2024-01-13 11:00:00"]


def test_times_of_the_day_without_a_date_are_named(write_text: Write, remarks: Remarks) -> None:
    imported = read(write_text("file,species,time", "1.jpg,fox,10:00", "2.jpg,fox,11:00"))
    assert imported.index["taken_at"].isna().all()
    assert [(count, "'time' has times of the day" in what) for what, count in remarks(imported).items()] == [(2, True)]
