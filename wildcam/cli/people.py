"""`data people`, `data delete-people`: photos that show people, and their deletion for good."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam import atomic
from wildcam.cli.output import AsJson, print_facts, print_line, print_note
from wildcam.counting import counted
from wildcam.data.catalog import open_dataset
from wildcam.errors import UsageError
from wildcam.predictions.people import known_people
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv
from wildcam.upkeep.delete_people import Deleted, delete_people, finish

Name = Annotated[str, typer.Argument(help="The data set's name.")]


def people(
    name: Name,
    list_to: Annotated[
        Path | None, typer.Option("--list", metavar="FILE.csv", help="Write each photo with its reason to a CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count the photos that show people, by what calls them so: a label, a detector, an answer, a review."""
    settings = load_settings()
    found = known_people(settings).of_dataset(open_dataset(settings.datasets_dir, name))
    if list_to:
        atomic.write_bytes(list_to, to_csv(found).encode())
    print_facts({"photos": len(found), **found["reason"].value_counts().to_dict()}, as_json=as_json)


def delete_people_of(
    name: Annotated[str, typer.Argument(help="The data set's name; none with --finish.")] = "",
    photos: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Delete these photos, whatever they show: a text with an id in each line."),
    ] = None,
    source_files: Annotated[
        bool, typer.Option("--source-files", help="Delete the photos' own files, too, wherever they lie.")
    ] = False,
    finish_earlier: Annotated[
        bool, typer.Option("--finish", help="Do the rest of a deletion that was interrupted.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete photos that show people for good. Small copies, features, answers, reviews and rows go with them."""
    store = RunStore(load_settings())
    if finish_earlier:
        _print(finish(store), as_json)
        return
    dataset = open_dataset(store.settings.datasets_dir, name)
    if photos:
        ids = _ids(photos)
        count = len(ids)
    else:
        ids = None
        count = len(known_people(store.settings).of_dataset(dataset))
    if not count:
        raise UsageError(f"No photo of the data set {name!r} is known to show people: nothing is deleted.")
    print_note(_loss(count, source_files))
    if yes or typer.confirm("Delete them for good?"):
        _print(delete_people(store, name, ids, delete_sources=source_files), as_json)


def _ids(photos: Path) -> set[str]:
    try:
        lines = photos.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{photos.name} is no text: expected an id of a photo in each line.") from error
    return {line.strip() for line in lines if line.strip()}


def _loss(count: int, source_files: bool) -> str:
    kept = "Their files are deleted, too." if source_files else "Their files stay where they are (--source-files)."
    return (
        f"{counted(count, 'photo')} of people: their rows, answers, reviews and measures are deleted, and the "
        f"caches of all photos, which are made again. {kept} Backups and folders that were exported are not reached."
    )


def _print(done: Deleted, as_json: bool) -> None:
    facts = {
        "photos": done.photos,
        "data sets": ", ".join(done.datasets),
        "answers": done.answers,
        "corrections": done.corrections,
        "source files": done.sources,
    }
    print_facts(facts, as_json=as_json)
    for left in done.sources_left:
        print_note(f"cannot be deleted: {left}")
    if not as_json:
        print_line("Deleted for good. `wildcam audit` has the record.")
