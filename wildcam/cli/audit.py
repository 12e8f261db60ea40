"""`audit`: who asked for what."""

from typing import Annotated

import typer

from wildcam.accounts.audit import read_audit
from wildcam.cli.output import AsJson, print_rows
from wildcam.settings import load_settings


def audit(
    user: Annotated[str | None, typer.Option(help="Of this user alone.")] = None,
    act: Annotated[str | None, typer.Option(help="This act alone, such as delete_dataset or log_in.")] = None,
    last: Annotated[int, typer.Option(min=1, help="The latest lines, at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show who asked for what, the latest first: by page and by command, allowed or not."""
    table = read_audit(load_settings().home)
    for column, wanted in (("user", user), ("act", act)):
        if wanted is not None:
            table = table[table[column] == wanted]
    print_rows(table.head(last).to_dict("records"), as_json=as_json, empty="Nothing is recorded.")
