"""`data …`: import, list, describe, check, rename and delete data sets."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam import atomic
from wildcam.cli.clock import clock
from wildcam.cli.deployments import deployments
from wildcam.cli.dry_run import print_dry_run, print_remarks
from wildcam.cli.names import names
from wildcam.cli.output import AsJson, print_facts, print_json, print_line, print_note, print_rows, progress_bar
from wildcam.cli.people import delete_people_of, people
from wildcam.cli.reviews import reviews
from wildcam.counting import counted
from wildcam.data import catalog
from wildcam.data.credits import read_credits, save_credits
from wildcam.data.folder_levels import FolderLevel
from wildcam.data.importers import IMPORTERS, ColumnMap, ImportOptions, import_dataset, try_import
from wildcam.data.labels import LabelRole
from wildcam.data.likely_duplicate_labels import (
    DuplicateReason,
    likely_duplicate_labels,
    likely_duplicate_locations,
)
from wildcam.errors import UsageError, one_of
from wildcam.profile import everything, profile
from wildcam.quality.check import check_dataset
from wildcam.quality.findings import Finding, count_findings, find
from wildcam.quality.submit import submit_check
from wildcam.runs.manage_datasets import delete_dataset, use_of
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv

app = typer.Typer(help="Import, list, describe and check data sets.")
app.command("clock")(clock)
app.command("deployments")(deployments)
app.command("names")(names)
app.command("reviews")(reviews)
app.command("people")(people)
app.command("delete-people")(delete_people_of)
MOST_LISTED = 20  # labels that an error names
Name = Annotated[str, typer.Argument(help="The data set's name.")]


@app.command("import")
def import_source(
    source: Annotated[Path, typer.Argument(help="A metadata file, or a folder of photos.")],
    name: Annotated[str | None, typer.Option(help="Name of the data set.")] = None,
    format: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(IMPORTERS)}; recognised by content if not given.")
    ] = None,
    images: Annotated[Path | None, typer.Option(help="Photo folder, if not next to the source.")] = None,
    test: Annotated[Path | None, typer.Option(help="iWildCam's second file, with the test photos.")] = None,
    detector: Annotated[Path | None, typer.Option(help="MegaDetector results (JSON).")] = None,
    ground_truth: Annotated[Path | None, typer.Option(help="CSV image_id,label for unlabelled photos.")] = None,
    path_column: Annotated[str | None, typer.Option(help="CSV: column of the file names.")] = None,
    label_column: Annotated[str | None, typer.Option(help="CSV: column of the labels.")] = None,
    location_column: Annotated[str | None, typer.Option(help="CSV: column of the locations.")] = None,
    datetime_column: Annotated[str | None, typer.Option(help="CSV: column of dates and times.")] = None,
    second_label_column: Annotated[str | None, typer.Option(help="CSV: column of a second label.")] = None,
    empty_column: Annotated[str | None, typer.Option(help="CSV: column that marks photos without an animal.")] = None,
    sequence_column: Annotated[str | None, typer.Option(help="CSV: column of the bursts.")] = None,
    split_column: Annotated[str | None, typer.Option(help="CSV: column of the subsets (train, val, test).")] = None,
    image_id_column: Annotated[str | None, typer.Option(help="CSV: column of unique photo ids.")] = None,
    folder_column: Annotated[str | None, typer.Option(help="CSV: column of folders of the file names.")] = None,
    time_column: Annotated[str | None, typer.Option(help="CSV: column of times of day.")] = None,
    frame_column: Annotated[str | None, typer.Option(help="CSV: column of the place in the burst.")] = None,
    levels: Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL,LEVEL,…",
            help=f"Folders: what each level stands for, the outermost first: {', '.join(FolderLevel)}.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come in, and store nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a data set of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a data set. Source and photos are only read, never moved or changed."""
    columns = ColumnMap(
        path=path_column,
        label=label_column,
        location=location_column,
        datetime=datetime_column,
        second_label=second_label_column,
        empty=empty_column,
        sequence=sequence_column,
        split=split_column,
        image_id=image_id_column,
        folder=folder_column,
        time=time_column,
        frame=frame_column,
    )
    options = ImportOptions(
        images_dir=images,
        columns=columns,
        test_source=test,
        detector=detector,
        ground_truth=ground_truth,
        levels=_levels(levels),
    )
    if dry_run:
        print_dry_run(*try_import(source, format=format, options=options), as_json=as_json)
        return
    if name is None:
        raise UsageError("The data set has no name: give one with --name, or try the import with --dry-run.")
    with progress_bar("reading") as bar:
        dataset = import_dataset(
            load_settings().datasets_dir,
            source,
            name=name,
            format=format,
            options=options,
            replace=replace,
            progress=lambda step, fraction: bar.show(round(100 * fraction), 100, step),
        )
    if as_json:
        print_json(dataset.info.model_dump(mode="json"))
        return
    print_line(f"{name}: {counted(dataset.info.images, 'photo')}, format {dataset.info.format}.")
    print_remarks(dataset.info.warnings)


def _levels(text: str | None) -> tuple[FolderLevel, ...] | None:
    if text is None:
        return None
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in list(FolderLevel):
            raise one_of("level of folders", name, list(FolderLevel))
    return tuple(map(FolderLevel, names))


@app.command("list")
def list_datasets(as_json: AsJson = False) -> None:
    """List the data sets."""
    datasets_dir = load_settings().datasets_dir
    rows = [
        {"name": info.name, "title": info.display, "images": info.images, "format": info.format, "source": info.source}
        for info in catalog.list_datasets(datasets_dir)
    ]
    for sentence in catalog.damaged_datasets(datasets_dir).values():
        print_note(sentence)
    print_rows(rows, as_json=as_json, empty="No data set yet: python -m wildcam demo")


@app.command("profile")
def show_profile(name: Name, as_json: AsJson = False) -> None:
    """Show the figures of a data set. Sizes, the long tail, empty photos, locations, dates."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    print_facts(everything(dataset) if as_json else profile(dataset).summary(), as_json=as_json)


@app.command("labels")
def labels(
    name: Name,
    merge: Annotated[
        list[str] | None, typer.Option(metavar="OLD=NEW", help="Merge a label into another; repeatable.")
    ] = None,
    empty: Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Give this label the role empty.")] = None,
    animal: Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Give this label the role animal.")] = None,
    other: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Give this label the role other (neither).")
    ] = None,
    take_second: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="Of photos with this label and a second one, let the second count."),
    ] = None,
    take_first: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="Let this label count again where there is a second one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change the roles of labels. Also lists likely duplicate labels."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    known = dataset.label_sizes.index.tolist()
    policy = dataset.info.labels
    for old, new in (_pair(text) for text in merge or ()):
        policy = policy.with_merge(_known(old, known), _known(new, known))
    for role, chosen in ((LabelRole.EMPTY, empty), (LabelRole.ANIMAL, animal), (LabelRole.OTHER, other)):
        for label in chosen or ():
            policy = policy.with_role(_known(label, known), role)
    for taken, chosen in ((True, take_second), (False, take_first)):
        for label in chosen or ():
            policy = policy.with_second(_known(label, known), taken=taken)
    if policy != dataset.info.labels:
        dataset = catalog.update_labels(dataset, policy)
    table = policy.to_table(dataset.label_sizes)
    rows = table.astype({"counts_as": "object"}).where(table.notna(), None).to_dict("records")
    pairs = likely_duplicate_labels(dataset.label_sizes.drop(list(dataset.info.labels.merged), errors="ignore"))
    locations = likely_duplicate_locations(dataset.index["location"].value_counts())
    if as_json:
        pair_rows = pairs.to_dict("records")
        location_rows = [
            {"location": one, "other_location": other} for one, other in locations[["label", "other_label"]].to_numpy()
        ]
        print_json({"labels": rows, "likely_duplicate_labels": pair_rows, "likely_duplicate_locations": location_rows})
        return
    print_rows(rows, as_json=False, empty="No photo has a label.")
    for label, other_label, reason in pairs.itertuples(index=False, name=None):
        print_line(f"likely duplicate: {label} / {other_label}: {DuplicateReason(reason).display}")
    for location, other_location in locations[["label", "other_label"]].to_numpy():
        print_line(f"likely one location: {location} / {other_location}")


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals:
        raise UsageError(f"--merge {text!r} has no '=': expected OLD=NEW, such as 'agouti paca=cuniculus paca'.")
    return old.strip(), new.strip()


def _known(label: str, known: list[str]) -> str:
    """The label. Raises `UsageError` for one that the data set does not have."""
    if label not in known:
        raise one_of("label", label, known[:MOST_LISTED])
    return label


@app.command("credits")
def give_credits(
    name: Name,
    file: Annotated[Path, typer.Argument(help="CSV: folder, source, locations, licence, url.")],
) -> None:
    """Keep where the photos come from, and under which licence, for the cards of models that learn from them."""
    credits = read_credits(file)
    save_credits(catalog.open_dataset(load_settings().datasets_dir, name), credits)
    print_line(f"{name}: {len({credit.source for credit in credits})} sources in {len(credits)} folders.")


@app.command("check")
def check(
    name: Name,
    detach: Annotated[bool, typer.Option("--detach", help="Return at once and check in the background.")] = False,
    list_to: Annotated[
        Path | None, typer.Option("--list", metavar="FILE.csv", help="Write all findings to a CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check new and changed files. Finds missing, unreadable, duplicate, near-identical, dark, blurred, tiny ones."""
    if detach:
        if list_to:
            raise UsageError("--list and --detach cannot be combined: --list needs the result of the check.")
        run = submit_check(RunStore(load_settings()), name)
        print_facts({"run": run.id, "name": run.name, "state": str(run.state)}, as_json=as_json)
        return
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    with progress_bar("checking files") as bar:
        result = check_dataset(dataset, progress=bar.show)
    findings = find(dataset.index, result.quality)
    if list_to:
        atomic.write_bytes(list_to, to_csv(findings).encode())
    unreadable = findings[findings["finding"] == Finding.UNREADABLE]
    reasons = dict(zip(unreadable["path"], unreadable["detail"], strict=True))
    counts = {str(finding): count for finding, count in count_findings(findings).items()}
    facts: dict[str, object] = {"images": len(dataset.index), "measured": result.measured}
    if as_json:
        sums = {"missing": counts["missing"], "unreadable": counts["unreadable"], "findings": counts}
        print_facts(facts | sums | {"reasons": reasons}, as_json=True)
    else:
        print_facts(facts | counts, as_json=False)
        for path, reason in reasons.items():
            print_line(f"  {path}: {reason}")
    result.check_complete()


@app.command("rename")
def rename(name: Name, title: Annotated[str, typer.Argument(help="What pages show in place of the name.")]) -> None:
    """Give a data set another title. Its name, by which commands, runs and links know it, stays."""
    dataset = catalog.rename_dataset(load_settings().datasets_dir, name, title)
    print_line(f"Data set {name} is shown as {dataset.display}.")


@app.command("delete")
def delete(name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False) -> None:
    """Delete a data set. Photos stay where they are, except those that a browser uploaded for it."""
    store = RunStore(load_settings())
    for sentence in use_of(store, name).describe_loss():
        print_note(sentence)
    if yes or typer.confirm("Delete this data set?"):
        delete_dataset(store, name)
        print_line(f"Data set {name} deleted.")
