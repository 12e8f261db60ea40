"""Tables in text files: encoding and separator are guessed, every value arrives as text."""

import csv
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from wildcam.counting import counted
from wildcam.data.importers.contract import PREVIEW_ROWS, Remarks
from wildcam.data.importers.json_file import read_bytes, read_start
from wildcam.errors import DataError

SEPARATORS = (",", ";", "\t", "|")
MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"]
"""What spreadsheets, R and pandas write for nothing."""

HEAD_BYTES = 256 * 1024
"""A preview reads this much of a file."""


def read_table(path: Path, remarks: Remarks) -> pd.DataFrame:
    """The whole table, columns of text; missing values are missing, rows of another length left out and counted."""
    return parse_table(read_bytes(path), path.name, remarks)


def parse_table(content: bytes, name: str, remarks: Remarks, *, may_be_empty: bool = False) -> pd.DataFrame:
    """As `read_table`, of bytes. Raises `DataError` for what is no table, or has no rows where it must have some."""
    content = _as_utf8(content, name)
    table = _parse(content, name, remarks)
    if table.empty and not may_be_empty:
        raise DataError(f"{name} has a header and no rows: expected one row per photo.")
    return table


def read_head(path: Path) -> pd.DataFrame:
    """The first rows only, whatever the size of the file."""
    return _parse(_as_utf8(head_bytes(path), path.name), path.name, Remarks()).head(PREVIEW_ROWS)


def read_header(path: Path) -> list[str]:
    """The names of the columns."""
    return _header(_as_utf8(head_bytes(path), path.name))[0]


def head_bytes(path: Path) -> bytes:
    """The beginning of a file, whole lines where it has lines. Raises `DataError` where there is nothing to read."""
    content = read_start(path, HEAD_BYTES)
    return content if len(content) < HEAD_BYTES else content[: content.rfind(b"\n") + 1] or content


def _as_utf8(content: bytes, name: str) -> bytes:
    """The same text in UTF-8 without a mark; what is not UTF-8 is taken for Windows's Western encoding or Latin-1."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").encode()
    if b"\x00" in content[:HEAD_BYTES]:
        raise DataError(f"{name} is not a text file: expected a table with a header row (CSV).")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1").encode()


def _header(content: bytes) -> tuple[list[str], str]:
    """Names of the columns, unique, and the separator: the one that gives the most columns."""
    line = content.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", errors="replace")
    rows = {separator: next(csv.reader([line], delimiter=separator), []) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda separator: len(rows[separator]))
    names: list[str] = []
    for position, name in enumerate(rows[separator], start=1):
        name = name.strip() or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return names, separator


def _parse(content: bytes, name: str, remarks: Remarks) -> pd.DataFrame:
    header, separator = _header(content)
    skipped: list[str] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped.append(row.text)
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(column_names=header, skip_rows=1),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), null_values=MISSING, strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pd.DataFrame(columns=header, dtype="string")
        raise DataError(f"{name} cannot be read as a table ({error}): expected CSV with a header row.") from error
    if skipped and not table.num_rows:
        raise DataError(
            f"{name} has {counted(len(header), 'column')} in its header and a different number of values in every row, "
            f"such as {skipped[0][:80]!r}: expected as many values as columns."
        )
    remarks.add(
        f"row without exactly {counted(len(header), 'value')}: left out", len(skipped), skipped[0] if skipped else ""
    )
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)
