"""Tables that a user writes out, fills in and gives back: deployments, names of species."""

from pathlib import Path
from typing import Annotated

import typer

WriteTable = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the table to fill in.")]
ReadTable = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Store the filled table with the data set.")]

MOST_LISTED = 20


def facts_of_others(what: str, others: list[str], written: Path | None) -> dict[str, object]:
    """Rows of the table that are of no photo of the data set, and where the table was written."""
    facts: dict[str, object] = {f"rows of other {what}": ", ".join(others[:MOST_LISTED])} if others else {}
    return facts | ({"written": str(written)} if written else {})
