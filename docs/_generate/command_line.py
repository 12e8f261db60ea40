"""The reference of the command line, as Typer writes it."""

import typer
from typer.cli import get_docs_for_click

from wildcam.cli.main import build

INTRODUCTION = """# Command line

`wildcam COMMAND` and `python -m wildcam COMMAND` are the same. Every result can be printed with `--json`. Exit codes:
0, 1 (it failed) and 2 (wrong usage); an error is one line on standard error. This page is generated from the commands
themselves.

"""


def command_line_page() -> str:
    """Every command with its arguments and options, as Markdown."""
    command = typer.main.get_command(build())
    context = typer.Context(command, info_name="wildcam")
    text = get_docs_for_click(obj=command, ctx=context, name="wildcam")
    return INTRODUCTION + text.split("\n", 1)[1]
