"""`disk`, `clean`: what takes the disk, and freeing what nobody needs."""

from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_json, print_line, print_rows
from wildcam.errors import UsageError
from wildcam.settings import load_settings
from wildcam.upkeep import clean as cleaning
from wildcam.upkeep.disk_use import measure

DEFAULT = f"{cleaning.DEFAULT_DAYS}d"


def disk(as_json: AsJson = False) -> None:
    """Show what takes the disk, by kind. Sizes are in megabytes of 10⁶ bytes, as they lie on the disk."""
    rows = [
        {
            "part": use.part.value if as_json else use.part.display,
            "files": use.files,
            "megabytes": _megabytes(use.bytes),
        }
        for use in measure(load_settings())
    ]
    print_rows(rows, as_json=as_json, empty="The home is empty.")


def clean(
    older_than: Annotated[str, typer.Option(metavar="DAYS", help="What nobody has needed for so long.")] = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be freed, and free nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Free the disk of what can be made again. Checkpoints of finished trainings, unused caches, unfinished copies."""
    settings, days = load_settings(), cleaning.read_days(older_than)
    if as_json and not (yes or dry_run):
        raise UsageError("--json asks nothing: say --yes to free, or --dry-run to see what would be freed.")
    found = cleaning.freeable(settings, days)
    rows = [{"part": one.part.value, "what": one.what, "megabytes": _megabytes(one.bytes)} for one in found]
    if not as_json:
        print_rows(rows, as_json=False, empty=f"Nothing to free: all of it was needed in the last {days} days.")
    is_wanted = bool(found) and not dry_run and (yes or typer.confirm("Free this?"))
    freed = _megabytes(cleaning.clean(settings, days)) if is_wanted else 0.0
    if as_json:
        print_json({"what": rows, "freed_megabytes": freed})
    elif is_wanted:
        print_line(f"{freed:,.1f} MB freed.")


def _megabytes(size: int) -> float:
    return round(size / 1e6, 1)
