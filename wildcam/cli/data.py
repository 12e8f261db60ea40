"""`data …`: import, list, describe, check and delete data sets."""

from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, print_json, print_rows, progress_bar
from wildcam.data import catalog
from wildcam.data.check import check_dataset
from wildcam.data.importers import IMPORTERS, ColumnMap, ImportOptions, import_dataset
from wildcam.data.profile import profile
from wildcam.settings import load_settings

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="The data set's name.")]


@app.command("import")
def import_source(
    source: Annotated[Path, typer.Argument(help="A metadata file, or a folder of photographs.")],
    name: Annotated[str, typer.Option(help="What to call the data set.")],
    format: Annotated[str | None, typer.Option(help=f"One of {', '.join(IMPORTERS)}; told from the content.")] = None,
    images: Annotated[Path | None, typer.Option(help="The photographs' folder, if not beside the source.")] = None,
    test: Annotated[Path | None, typer.Option(help="iWildCam's second file, of the test photographs.")] = None,
    detector: Annotated[Path | None, typer.Option(help="MegaDetector results (JSON).")] = None,
    truth: Annotated[Path | None, typer.Option(help="CSV image_id,label for unlabelled photographs.")] = None,
    path_column: Annotated[str | None, typer.Option(help="CSV: the column of the file names.")] = None,
    label_column: Annotated[str | None, typer.Option(help="CSV: the column of the labels.")] = None,
    location_column: Annotated[str | None, typer.Option(help="CSV: the column of the cameras.")] = None,
    datetime_column: Annotated[str | None, typer.Option(help="CSV: the column of the times.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a data set of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a source into the catalog; source and photographs stay where and as they are."""
    columns = ColumnMap(path=path_column, label=label_column, location=location_column, datetime=datetime_column)
    options = ImportOptions(images_dir=images, columns=columns, test_source=test, detector=detector, truth=truth)
    with progress_bar("reading") as bar:
        dataset = import_dataset(
            load_settings().datasets_dir, source, name=name, format=format, options=options, replace=replace,
            progress=lambda step, fraction: bar.show(round(100 * fraction), 100, step),
        )  # fmt: skip
    if as_json:
        print_json(dataset.info.model_dump(mode="json"))
        return
    print(f"{name}: {dataset.info.photographs:,} photographs, read as {dataset.info.format}.")
    for remark in dataset.info.warnings:
        print(f"  {remark.count:,} × {remark.what}" + (f" (first: {remark.example})" if remark.example else ""))


@app.command("list")
def list_datasets(as_json: AsJson = False) -> None:
    """Every data set."""
    rows = [
        {"name": info.name, "photographs": info.photographs, "format": info.format, "source": info.source}
        for info in catalog.list_datasets(load_settings().datasets_dir)
    ]
    print_rows(rows, as_json=as_json, empty="No data set yet: python -m wildcam demo")


@app.command("profile")
def show_profile(name: Name, as_json: AsJson = False) -> None:
    """What is in a data set: sizes, the long tail, empty frames, cameras, dates."""
    figures = profile(catalog.open_dataset(load_settings().datasets_dir, name))
    print_facts(figures.to_json() if as_json else figures.summary(), as_json=as_json)


@app.command("check")
def check(name: Name, as_json: AsJson = False) -> None:
    """Decode every photograph and remember which cannot be read."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    with progress_bar("decoding") as bar:
        result = check_dataset(dataset, progress=bar.show)
    facts = {"photographs": result.photographs, "missing": result.missing, "unreadable": len(result.unreadable)}
    print_facts(facts | ({"reasons": result.unreadable} if as_json else {}), as_json=as_json)
    if not as_json:
        for path, reason in result.unreadable.items():
            print(f"  {path}: {reason}")


@app.command("delete")
def delete(
    name: Name, yes: Annotated[bool, typer.Option("--yes", prompt="Forget the catalog of this data set?")] = False
) -> None:
    """Forget a data set; its photographs stay where they are."""
    if yes:
        catalog.delete_dataset(load_settings().datasets_dir, name)
        print(f"{name} is forgotten.")
