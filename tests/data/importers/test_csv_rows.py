"""Tables as systems save them: line ends, encodings, quotation marks, short and long rows."""

import contextlib
import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wildcam.data.importers import read
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.csv_rows import mend_rows
from wildcam.data.importers.text_table import parse_table
from wildcam.errors import DataError

Write = Callable[..., Path]


def parse(content: str | bytes) -> tuple[list[list[str | None]], dict[str, int]]:
    """The values, None for missing, and the remarks."""
    remarks = Remarks()
    table = parse_table(content.encode() if isinstance(content, str) else content, "table.csv", remarks)
    values = table.astype("object").where(table.notna(), None)
    return [list(values), *values.to_numpy().tolist()], {remark.what: remark.count for remark in remarks.all()}


HEADER, ROWS = ["path", "label", "note"], [["a.jpg", "fox", "x"], ["b.jpg", "Füchse", "y"]]
TEXT = "path,label,note\na.jpg,fox,x\nb.jpg,Füchse,y\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"], ids=ascii)
def test_lines_may_end_as_any_system_ends_them(end: str) -> None:
    assert parse(TEXT.replace("\n", end))[0] == [HEADER, *ROWS]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_texts_may_be_saved_in_any_encoding(encoding: str) -> None:
    assert parse(TEXT.encode(encoding))[0] == [HEADER, *ROWS]


def test_an_old_mac_s_letters_are_read_and_a_guessed_encoding_is_said() -> None:
    table, remarks = parse(TEXT.replace("\n", "\r").encode("mac_roman"))
    assert table == [HEADER, *ROWS]
    assert "table.csv is not in UTF-8: read as Mac Roman, check its accents" in remarks


@pytest.mark.parametrize("before", ["\n\n", " \n", "sep=;\n", '"sep=;"\n\n', "\n;;;\n", "# made by a program\n"])
def test_what_comes_before_the_header_is_passed_over(before: str) -> None:
    assert parse(before + TEXT.replace(",", ";"))[0] == [HEADER, *ROWS]


def test_the_separator_is_the_one_that_the_rows_agree_on() -> None:
    table, _ = parse("file;species (de, en, fr);site\na.jpg;fox;1,5\nb.jpg;hare;2,5\n")
    assert table[1] == ["a.jpg", "fox", "1,5"]


@pytest.mark.parametrize(
    "text",
    [
        'path,label,note\na.jpg,fox,x\nb.jpg,hare,"open\nc.jpg,fox,z\nd.jpg,fox,z\n',
        'path,label,note\na.jpg,fox,x\nb.jpg,hare,"open\nc.jpg,fox,z\nd.jpg,fox,"also open\n',
        'path,label,note\na.jpg,fox,x\nb.jpg,hare,"open\nc.jpg,fox,"z"\nd.jpg,fox,z\n',
        'path,label,note\r\na.jpg,fox,x\r\nb.jpg,hare,"open\r\nc.jpg,fox,z\r\nd.jpg,fox,5" tall"\r\n',
    ],
    ids=["one", "two", "one beside a closed one", "one beside inches"],
)
def test_a_quotation_mark_that_nobody_closes_takes_no_row_with_it(text: str) -> None:
    table, remarks = parse(text)
    assert [row[0] for row in table[1:]] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert [row[1] for row in table[1:]] == ["fox", "hare", "fox", "fox"]
    assert any(what.startswith("quotation mark that is never closed") for what in remarks)


def test_a_note_of_several_lines_is_one_value() -> None:
    table, remarks = parse('path,label,note\na.jpg,fox,"one\ntwo, ""three""\n\nfour"\nb.jpg,hare,y\n')
    assert table[1:] == [["a.jpg", "fox", 'one\ntwo, "three"\n\nfour'], ["b.jpg", "hare", "y"]]
    assert not remarks


def test_short_rows_are_filled_and_long_ones_are_left_out_and_both_are_said() -> None:
    table, remarks = parse("path,label,note\na.jpg,fox\nb.jpg\nc.jpg,fox,z,,\nd.jpg,fox,red, old\n")
    assert table[1:] == [["a.jpg", "fox", None], ["b.jpg", None, None], ["c.jpg", "fox", "z"]]
    assert sorted(remarks.values()) == [1, 2]


def test_names_of_rows_without_a_header_are_a_column() -> None:
    table, _ = parse('"path","label"\n"1","a.jpg","fox"\n"2","b.jpg","hare"\n')
    assert table == [["row", "path", "label"], ["1", "a.jpg", "fox"], ["2", "b.jpg", "hare"]]


def test_a_header_that_occurs_again_is_numbered_and_said() -> None:
    table, remarks = parse("path,species,species\na.jpg,fox,hare\n")
    assert table[0] == ["path", "species", "species (3)"]
    assert remarks == {"column whose name occurs again: its number is added": 1}


def test_rows_that_agree_with_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="a different number of values in every row"):
        parse("path\na.jpg,1,2\nb.jpg,1\n")


cell = st.text(st.characters(exclude_categories=("C",), exclude_characters="\x85\u2028\u2029"), max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_spreadsheet_writes_comes_back_value_by_value(
    rows: list[tuple[str, ...]], separator: str, end: str
) -> None:
    """Every cell in quotation marks, as spreadsheets write texts; the row by row way reads the same."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    table, _ = parse(text.getvalue())
    missing = ("", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null")
    assert table[1:] == [[None if value in missing else value for value in row] for row in rows]
    mended = mend_rows(text.getvalue().replace("\r\n", "\n").encode(), 3, separator)
    assert mended.rows == [list(row) for row in rows if any(value.strip() for value in row)]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_but_with_a_sentence(content: bytes) -> None:
    with contextlib.suppress(DataError):  # anything else is a failure
        assert list(parse_table(b"path,label\n" + content, "table.csv", Remarks()))


def test_a_whole_table_of_an_old_mac_comes_in(write_text: Write) -> None:
    table = write_text("path,label")
    table.write_bytes(b"path,label\ra.jpg,fox\rb.jpg,hare")
    assert read(table).index["label"].tolist() == ["fox", "hare"]
