"""Every format that a data set can come in, and the one way from a source to the catalog."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from wildcam.data import catalog
from wildcam.data.catalog import Dataset
from wildcam.data.importers import (
    camtrap_dp,
    coco_camera_traps,
    csv_table,
    folders,
    iwildcam2020,
    wildlife_insights,
    wilds,
)
from wildcam.data.importers.contract import (
    PREVIEW_ROWS,
    ColumnMap,
    Imported,
    Importer,
    ImportOptions,
    Preview,
    Remarks,
)
from wildcam.data.importers.detections import with_detections
from wildcam.data.importers.ground_truth import with_ground_truth
from wildcam.data.importers.impossible_times import set_aside
from wildcam.data.importers.labels_of_images import note_labels_of_sequences
from wildcam.data.importers.on_disk import located
from wildcam.data.importers.one_row_a_file import one_row_a_file
from wildcam.data.importers.recognise import recognise
from wildcam.data.labels import LabelPolicy
from wildcam.errors import one_of

__all__ = [
    "IMPORTERS",
    "ColumnMap",
    "ImportOptions",
    "Imported",
    "Importer",
    "Preview",
    "import_dataset",
    "preview",
    "read",
    "recognise",
    "try_import",
]

Progress = Callable[[str, float], None]

IMPORTERS: dict[str, Importer] = {
    importer.name: importer
    for importer in (
        Importer(
            "iwildcam2020",
            "iWildCam 2020",
            "Train annotations of the Kaggle competition (JSON), with the test file next to them.",
            iwildcam2020.read,
        ),
        Importer(
            "wilds",
            "WILDS iWildCam",
            "metadata.csv of WILDS's iwildcam_v2.0, next to categories.csv.",
            wilds.read,
            wilds.preview,
        ),
        Importer(
            "coco",
            "COCO Camera Traps",
            "One JSON with images, annotations and categories, as on LILA.",
            coco_camera_traps.read,
        ),
        Importer(
            "camtrap_dp",
            "Camtrap DP",
            "A folder or zip with deployments.csv, media.csv and observations.csv.",
            camtrap_dp.read,
        ),
        Importer(
            "wildlife_insights",
            "Wildlife Insights",
            "A download: a folder or zip with images.csv and deployments.csv, or images.csv alone.",
            wildlife_insights.read,
        ),
        Importer(
            "csv",
            "CSV table",
            "One row per photo: its path, and optional columns such as label, location and time.",
            csv_table.read,
            csv_table.preview,
        ),
        Importer(
            "folders",
            "Folders",
            "A folder of photos: its folders stand for species, locations, stations or dates, in any order.",
            folders.read,
            folders.preview,
        ),
    )
}
"""Every importer by its name."""


def read(source: Path, *, format: str | None = None, options: ImportOptions = ImportOptions()) -> Imported:
    """The source as a table, with the labels and detector results that the options name. Nothing is stored."""
    imported = _importer(source, format).read(source, options)
    imported = with_detections(with_ground_truth(imported, options.ground_truth), options.detector)
    remarks = Remarks()
    index = set_aside(imported.index, remarks)
    note_labels_of_sequences(index, remarks)
    return dataclasses.replace(imported, index=index, remarks=(*imported.remarks, *remarks.all()))


def preview(source: Path, format: str | None = None, options: ImportOptions = ImportOptions()) -> Preview:
    """The format, the recognised columns and the first rows."""
    importer = _importer(source, format)
    if importer.preview:
        return importer.preview(source, options)
    rows = importer.read(source, options).index.head(PREVIEW_ROWS).dropna(axis="columns", how="all")
    return Preview(importer.name, tuple(rows), rows)


def try_import(
    source: Path, *, format: str | None = None, options: ImportOptions = ImportOptions()
) -> tuple[Preview, Imported]:
    """What an import would bring: its preview, and its table with the photos found on the disk. Nothing is stored.

    Raises `DataError` where the import would.
    """
    format = format or recognise(source)
    return preview(source, format, options), one_row_a_file(located(read(source, format=format, options=options)))


def import_dataset(
    datasets_dir: Path,
    source: Path,
    *,
    name: str,
    format: str | None = None,
    options: ImportOptions = ImportOptions(),
    labels: LabelPolicy | None = None,
    is_demo: bool = False,
    replace: bool = False,
    progress: Progress = lambda step, fraction: None,
) -> Dataset:
    """Read a source, test which images exist, and store the catalog: complete or not at all.

    Raises `UsageError` for a bad or taken name or an unknown format, `DataError` for a source that cannot be used.
    """
    catalog.check_free(datasets_dir, name, replace=replace)
    progress("Reading the source", 0.0)
    format = format or recognise(source)
    imported = read(source, format=format, options=options)
    progress("Searching for the photos", 0.6)
    imported = one_row_a_file(located(imported))
    progress("Storing the catalog", 0.8)
    labels = labels or LabelPolicy.suggest([*imported.index["label"].cat.categories, *imported.categories])
    dataset = catalog.save_dataset(
        datasets_dir,
        imported.index,
        name=name,
        source=str(source.absolute()),
        root=imported.root,
        format=format,
        labels=labels,
        categories=imported.categories,
        warnings=imported.remarks,
        detections=imported.detections,
        names=imported.names,
        is_demo=is_demo,
        replace=replace,
    )
    progress("Done", 1.0)
    return dataset


def _importer(source: Path, format: str | None) -> Importer:
    name = format or recognise(source)
    if name not in IMPORTERS:
        raise one_of("format", name, list(IMPORTERS))
    return IMPORTERS[name]
