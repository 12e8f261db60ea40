"""How results are printed: tables for people, JSON for programs; progress goes to standard error.

Names come from files of others, so everything that is printed is `visible`: none of it commands the terminal.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys, but for tabs and ends of lines; those that turn the direction of text, too."""


def visible(text: str) -> str:
    """The text with control characters as JSON escapes."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_line(text: str) -> None:
    """On standard output."""
    print(visible(text))


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print_line(json.dumps(value, indent=2, ensure_ascii=False, default=str, allow_nan=True))


def print_note(sentence: str) -> None:
    """On standard error, where there is something to say."""
    if sentence:
        print(visible(sentence), file=sys.stderr)


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str) -> None:
    """Rows with the same keys, as a table or as JSON; `empty` is what a person reads where there is none."""
    if as_json:
        print_json(list(rows))
    elif not rows:
        print_line(empty)
    else:
        table = Table(box=None, pad_edge=False)
        for name in rows[0]:
            table.add_column(visible(name), overflow="fold")
        for row in rows:
            table.add_row(*("" if value is None else visible(str(value)) for value in row.values()))
        _console().print(table, markup=False, highlight=False)


def print_facts(facts: Mapping[str, Any], *, as_json: bool) -> None:
    """Names and values, a line each, or one JSON object."""
    if as_json:
        print_json(facts)
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        print_line(f"{name:<{width}}  {value}")


class Bar:
    """A bar whose task is `done` of `total`, with a word on what is done."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def show(self, done: float, total: float, what: str | None = None) -> None:
        """Move the bar."""
        changes: dict[str, Any] = {"completed": done, "total": total or None}
        self._progress.update(self._task, **changes | ({"description": visible(what)} if what else {}))


@contextmanager
def progress_bar(what: str) -> Iterator[Bar]:
    """A progress bar on standard error; silent where that is not a terminal."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        yield Bar(progress, progress.add_task(visible(what), total=None))


def _console() -> Console:
    """Never cut a table that goes into a file or a pipe."""
    return Console() if sys.stdout.isatty() else Console(width=400)
