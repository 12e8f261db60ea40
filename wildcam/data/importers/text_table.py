"""Tables in text files: encoding, separator and odd rows are found out, every value arrives as text."""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from wildcam.counting import counted
from wildcam.data.importers.contract import PREVIEW_ROWS, Remarks
from wildcam.data.importers.csv_rows import MendedRows, mend_rows
from wildcam.data.importers.json_file import read_bytes, read_start
from wildcam.data.importers.text_encoding import HEAD_BYTES, plain_text, whole_lines
from wildcam.errors import DataError

SEPARATORS = (",", ";", "\t", "|")
MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"]
"""What spreadsheets, R and pandas write for nothing."""

COMPARED_LINES = 12
"""Lines whose values are counted to find the separator."""

ROW_NAMES = "row"
"""The name of a first column that has none, as R writes the names of rows."""


def read_table(path: Path, remarks: Remarks) -> pd.DataFrame:
    """The whole table, columns of text; missing values are missing, rows of another length left out and counted."""
    return parse_table(read_bytes(path), path.name, remarks)


def parse_table(content: bytes, name: str, remarks: Remarks, *, may_be_empty: bool = False) -> pd.DataFrame:
    """As `read_table`, of bytes. Raises `DataError` for what is no table, or has no rows where it must have some."""
    table = _parse(content, name, remarks)
    if table.empty and not may_be_empty:
        raise DataError(f"{name} has a header and no rows: expected one row per photo.")
    return table


def read_head(path: Path) -> pd.DataFrame:
    """The first rows only, whatever the size of the file."""
    return _parse(head_bytes(path), path.name, Remarks()).head(PREVIEW_ROWS)


def read_header(path: Path) -> list[str]:
    """The names of the columns."""
    content, separator = plain_text(head_bytes(path), path.name, Remarks())
    with _reading(path.name):
        return _header(content, separator, Remarks())[0]


def head_bytes(path: Path) -> bytes:
    """The beginning of a file, whole lines where it has lines. Raises `DataError` where there is nothing to read."""
    content = read_start(path, HEAD_BYTES)
    return content if len(content) < HEAD_BYTES else whole_lines(content)


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except (csv.Error, TypeError) as error:  # TypeError: a separator of several characters
        raise DataError(f"{name} is no table that can be read ({error}): expected a CSV with a header row.") from error


def _header(content: bytes, separator: str | None, remarks: Remarks) -> tuple[list[str], str]:
    """Names of the columns, unique, and the separator: the one that gives the most columns in the most rows."""
    lines = content[:HEAD_BYTES].decode("utf-8", errors="replace").split("\n")[:COMPARED_LINES]
    separator = separator or max(SEPARATORS, key=lambda one: _agreement(lines, one))
    names: list[str] = []
    again: list[str] = []
    for position, name in enumerate(next(csv.reader(lines[:1], delimiter=separator), []), start=1):
        name = name.strip() or f"column {position}"
        if name in names:
            again.append(name)
            name = f"{name} ({position})"
        names.append(name)
    remarks.add("column whose name occurs again: its number is added", len(again), again[0] if again else "")
    return names, separator


def _agreement(lines: list[str], separator: str) -> tuple[int, int]:
    """How many values below the header lie in rows of its length, then how many columns it has."""
    lengths = [len(row) for row in csv.reader(lines, delimiter=separator)]
    columns = lengths[0] if lengths else 0
    return (columns - 1) * sum(length == columns for length in lengths), columns


def _parse(content: bytes, name: str, remarks: Remarks) -> pd.DataFrame:
    content, separator = plain_text(content, name, remarks)
    with _reading(name):
        header, separator = _header(content, separator, remarks)
        table = _fast(content, header, separator)
        if table is None:
            return _row_by_row(content, header, separator, name, remarks)
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)


def _fast(content: bytes, header: list[str], separator: str) -> pa.Table | None:
    """The table where every row fits; None where one has another length, or a value that may have swallowed rows."""
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(column_names=header, skip_rows=1),
            parse_options=pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), null_values=MISSING, strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({column: pa.array([], pa.string()) for column in header})
        return None
    has_lines = (pc.any(pc.match_substring_regex(table[column], "\n")).as_py() for column in table.column_names)  # type: ignore[attr-defined]
    return None if b'"' in content and any(has_lines) else table


def _row_by_row(content: bytes, header: list[str], separator: str, name: str, remarks: Remarks) -> pd.DataFrame:
    mended = mend_rows(content, len(header), separator)
    if mended.long and not mended.rows:
        mended, header = _with_row_names(content, header, separator, name, remarks, mended.long[0])
    mended.note(len(header), remarks)
    values = zip(*mended.rows, strict=True) if mended.rows else ([] for _ in header)
    table = pd.DataFrame(
        {column: pd.array(list(of_column), dtype="string") for column, of_column in zip(header, values, strict=True)}
    )
    return table.mask(table.isin(MISSING))


def _with_row_names(
    content: bytes, header: list[str], separator: str, name: str, remarks: Remarks, example: str
) -> tuple[MendedRows, list[str]]:
    """R writes the names of the rows before the first column and no name for them: every row is one value longer."""
    header = [ROW_NAMES, *header]
    mended = mend_rows(content, len(header), separator)
    if mended.long or mended.short or not mended.rows:
        raise DataError(
            f"{name} has {counted(len(header) - 1, 'column')} in its header and a different number of values in every "
            f"row, such as {example[:80]!r}: expected as many values as columns."
        )
    remarks.add("header without a name for the first column: taken for the names of the rows", 1, example)
    return mended, header
