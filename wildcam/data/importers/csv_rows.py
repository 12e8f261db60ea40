"""Rows of a table that do not fit its header: short, long, or swallowed by a quotation mark that nobody closed.

The slow way, row by row, for a table in which something does not fit; it is linear, too.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from wildcam.counting import counted
from wildcam.data.importers.contract import Remarks

LONGEST_NOTE = 200
"""Lines that one quoted value may have."""

Row = list[str]


@dataclass
class MendedRows:
    """Rows of exactly the header's length, and what was done to get them."""

    rows: list[Row] = field(default_factory=list)
    open_quotes: list[str] = field(default_factory=list)
    short: int = 0
    first_short: str = ""
    long: list[str] = field(default_factory=list)

    def note(self, columns: int, remarks: Remarks) -> None:
        """Say what was mended and what was left out."""
        remarks.add(
            "quotation mark that is never closed: read as a part of its text, so that it takes no row with it",
            len(self.open_quotes),
            self.open_quotes[0] if self.open_quotes else "",
        )
        values = counted(columns, "value")
        remarks.add(
            f"row with fewer than {values}: the last ones count as empty",
            self.short,
            self.first_short,
        )
        remarks.add(
            f"row with more than {values}: left out, put texts with a separator into quotation marks",
            len(self.long),
            self.long[0] if self.long else "",
        )


def mend_rows(content: bytes, columns: int, separator: str) -> MendedRows:
    """The rows below the header of a table in UTF-8 whose lines end in `\\n`."""
    found = MendedRows()
    for line, row in _records(content.decode(errors="replace").split("\n")[1:], columns, separator, found):
        while len(row) > columns and not row[-1].strip():
            row.pop()
        if len(row) > columns:
            found.long.append(line)
        elif any(value.strip() for value in row):
            if len(row) < columns:
                found.short += 1
                found.first_short = found.first_short or line
                row += [""] * (columns - len(row))
            found.rows.append(row)
    return found


def _records(lines: list[str], columns: int, separator: str, found: MendedRows) -> Iterator[tuple[str, Row]]:
    """Each record's first line and values."""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if '"' not in line:
            if line.strip():
                yield line, line.split(separator)
            continue
        whole, end = line, number
        while _is_open(whole, separator):
            last = _closing_line(lines, end, columns, separator)
            if last is None:
                break
            whole, end = "\n".join([line, *lines[number : last + 1]]), last + 1
        else:
            number = end
            yield line, _values(whole, separator)
            continue
        found.open_quotes.append(line)
        yield line, _with_literal_quote(line, separator)


def _values(text: str, separator: str) -> Row:
    return next(csv.reader([text + "\n"] if "\n" not in text else text.splitlines(keepends=True), delimiter=separator))


def _is_open(text: str, separator: str) -> bool:
    """Whether the text ends inside a quoted value."""
    return _closed_values(separator).fullmatch(text) is None


@cache
def _closed_values(separator: str) -> re.Pattern[str]:
    """Values of which every one that begins with a quotation mark also ends with one."""
    other = re.escape(separator)
    value = rf'(?:"(?:[^"]|"")*+"[^{other}]*+|[^"{other}][^{other}]*+|)'
    return re.compile(rf"{value}(?:{other}{value})*+", re.DOTALL)


def _closing_line(lines: list[str], start: int, columns: int, separator: str) -> int | None:
    """The line in which an open value ends as one should: before a separator or the end of its line. None where it
    does not, or where whole rows would lie inside it.
    """
    for number in range(start, min(start + LONGEST_NOTE, len(lines))):
        line = lines[number]
        if columns > 1 and '"' not in line and line.count(separator) == columns - 1:
            return None  # a row of its own
        if '"' in line:
            rest = line.replace('""', "")
            mark = rest.find('"')
            if mark < 0:
                continue
            closes = rest[mark + 1 : mark + 2] in ("", separator)
            is_row = columns > 1 and len(_values(line, separator)) == columns and mark and rest[mark - 1] == separator
            return number if closes and not is_row else None
    return None


def _with_literal_quote(line: str, separator: str) -> Row:
    """The values of a line, the mark that opens and never closes being a letter like others."""
    values: Row = []
    rest: str | None = line
    while rest is not None:
        end = _end_of_quoted(rest) if rest.startswith('"') else 0
        if end and rest[end : end + 1] in ("", separator):
            values.append(rest[1 : end - 1].replace('""', '"'))
            rest = rest[end + 1 :] if end < len(rest) else None
        else:
            value, found, after = rest.partition(separator)
            values.append(value)
            rest = after if found else None
    return values


def _end_of_quoted(rest: str) -> int:
    """Where a quoted value that closes on this line ends, after its mark; 0 where it does not close."""
    position = 1
    while (position := rest.find('"', position)) > 0:
        if rest[position + 1 : position + 2] == '"':
            position += 2
            continue
        return position + 1
    return 0
