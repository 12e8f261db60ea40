"""`backup`, `restore`, `doctor`: keep a home safe, bring it back, look through it."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, print_json, print_line, progress_bar
from wildcam.counting import counted
from wildcam.errors import DataError
from wildcam.settings import load_settings
from wildcam.upkeep import backup as backing_up
from wildcam.upkeep import restore as restoring
from wildcam.upkeep.doctor import examine


def backup(
    folder: Annotated[Path, typer.Argument(help="Where the backup is kept; one that is there is brought up to date.")],
    as_json: AsJson = False,
) -> None:
    """Back up the home to a folder, also while runs compute. Photos outside the home stay where they are."""
    with progress_bar("backing up") as bar:
        done = backing_up.back_up(load_settings(), folder, lambda what, at, total: bar.show(at, total, what))
    facts = {"files": done.files, "megabytes": round(done.bytes / 1e6, 1), "copied": done.copied}
    print_facts({**facts, "deleted meanwhile": done.vanished, "folder": str(folder)}, as_json=as_json)


def restore(folder: Annotated[Path, typer.Argument(help="A folder that `wildcam backup` made.")]) -> None:
    """Bring a home back from a backup; WILDCAM_HOME must be empty. Every file is checked first."""
    settings = load_settings()
    with progress_bar("restoring") as bar:
        files = restoring.restore(settings, folder, lambda what, at, total: bar.show(at, total, what))
    print_line(f"{counted(files, 'file')} restored to {settings.home}.")


def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="Mend what can be mended.")] = False, as_json: AsJson = False
) -> None:
    """Look through the home. Says what is damaged, and what can be mended."""
    settings = load_settings()
    rows, open_findings = [], 0
    for finding in examine(settings):
        mended = mend and finding.mend is not None
        if mended and finding.mend is not None:
            finding.mend()
        open_findings += not mended
        rows.append({"finding": finding.what, "advice": finding.advice, "mended": mended})
        if not as_json:
            print_line(f"{finding.what} {'Mended.' if mended else finding.advice}")
    if as_json:
        print_json({"findings": rows})
    if open_findings:
        raise DataError(f"{counted(open_findings, 'finding')} to look at. `wildcam doctor --mend` mends what it can.")
    if not as_json:
        print_line("The home is sound.")
