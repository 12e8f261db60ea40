"""A CSV with a row an image: the columns are given, or guessed from their names and from what they hold."""

from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Mend, build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.coco_camera_traps import usable_rows
from wildcam.data.importers.column_guess import (
    guess_columns,
    guess_from_rows,
    label_flags,
    more_label_columns,
    note_columns,
    with_scientific_name,
)
from wildcam.data.importers.contract import ColumnMap, Imported, ImportOptions, Preview, Remarks
from wildcam.data.importers.dates import taken_at, utc_offsets
from wildcam.data.importers.labels_of_images import labels_of_images
from wildcam.data.importers.lila import is_lila, labels_of_sequences
from wildcam.data.importers.several_labels import first_and_more, label_rows, of_flags, with_flag
from wildcam.data.importers.text_table import read_head, read_table
from wildcam.data.species_names import SpeciesNames
from wildcam.spreadsheet import unguarded_column

NAME_COLUMNS = (("scientificname", "genus+species"), ("commonname", "vernacularname"))


def read(source: Path, options: ImportOptions) -> Imported:
    """A table with a row an image, or several where an image has several labels."""
    remarks = Remarks()
    table = with_scientific_name(read_table(source, remarks))
    columns = guess_columns(list(table), options.columns, source.name, table)
    note_columns(table, columns, remarks)
    root = options.images_dir or source.parent
    index = build_index(_one_row_a_image(_columns(table, columns, root, remarks), source, remarks))
    return Imported(index, root, categories={}, remarks=remarks.all(), names=_names(table, columns))


def _names(table: pd.DataFrame, columns: ColumnMap) -> SpeciesNames:
    """Of a table with a column of labels and one of scientific or common names, in rows of a single label."""
    known = {name.lower().replace(" ", "").replace("_", ""): name for name in table}
    scientific, common = (next((known[name] for name in names if name in known), None) for names in NAME_COLUMNS)
    if not columns.label or {scientific, common} <= {columns.label, None}:
        return SpeciesNames()
    labels = cleaning.text(table[columns.label])
    _, second, _ = first_and_more(labels, Remarks())
    missing = pd.Series(pd.NA, table.index, dtype="string")
    return SpeciesNames.of_columns(
        labels.mask(second.notna()),
        cleaning.text(table[scientific]) if scientific else missing,
        cleaning.text(table[common]) if common else missing,
    )


def preview(source: Path, options: ImportOptions) -> Preview:
    """The first rows as the source has them, and what each column is taken for."""
    rows = with_scientific_name(read_head(source))
    return Preview("csv", guess_columns(list(rows), options.columns, source.name, rows), rows)


def guess_from_head(source: Path) -> tuple[ColumnMap, pd.DataFrame]:
    """For a person to check: what each column may be, and the first rows."""
    rows = with_scientific_name(read_head(source))
    return guess_from_rows(rows, source.name), rows


def _columns(table: pd.DataFrame, columns: ColumnMap, root: Path, remarks: Remarks) -> pd.DataFrame:
    """The catalog's columns of every row; rows without a safe path are gone."""

    def of(name: str | None) -> pd.Series:
        return unguarded_column(table[name]) if name else pd.Series(pd.NA, index=table.index, dtype="string")

    path = of(columns.path)
    if columns.folder:
        apart = ~path.str.contains("/", regex=False).fillna(True).astype(bool)
        path = path.where(~apart | of(columns.folder).isna(), of(columns.folder).str.rstrip("/\\") + "/" + path)
    clock = of(columns.time) if columns.datetime else of(None)
    written, location = _with_clock(of(columns.datetime), clock), cleaning.names(of(columns.location))
    flags = [] if columns.label else label_flags(table, columns)
    given = of_flags(table, flags, remarks, path) if flags else cleaning.text(of(columns.label))
    label, second, third = first_and_more(given, remarks)
    label = with_flag(label, of(columns.empty) if columns.empty else None, remarks, path)
    for name in more_label_columns(list(table), columns):
        remarks.note(f"label of a further column, {name!r}: only two are kept", of(name).notna(), of(name), Mend.SOURCE)
    found = pd.DataFrame(
        {
            "path": files.safe_paths(path, root, remarks),
            "label": label,
            "second_label": cleaning.text(of(columns.second_label)).fillna(second),
            "third_label": third,
            "location": location,
            "taken_at": taken_at(written, remarks, cameras=location, month_first=is_lila(table) or None),
            "utc_offset": utc_offsets(written),
            "label_of_sequence": labels_of_sequences(table),
            "sequence_id": cleaning.text(of(columns.sequence)),
            "given_split": cleaning.text(of(columns.split)),
            "frame": cleaning.frames(of(columns.frame), remarks),
            "width": cleaning.sizes(of(columns.width), remarks, "width"),
            "height": cleaning.sizes(of(columns.height), remarks, "height"),
            "image_id": cleaning.text(of(columns.image_id)),
        }
    )
    return found[found["path"].notna()].reset_index(drop=True)


def _with_clock(dates: pd.Series, times: pd.Series) -> pd.Series:
    """Dates with the time of another column, where they have none of their own."""
    lone = ~dates.str.contains(":", regex=False).fillna(True).astype(bool) & times.notna()
    return dates.where(~lone, dates + " " + times)


def _one_row_a_image(table: pd.DataFrame, source: Path, remarks: Remarks) -> dict[str, object]:
    """Rows of one image become one, with the second label in addition to the first.

    A column of ids serves only where it numbers the images: one that repeats or has gaps, or that
    numbers rows of repeated paths, numbers something else, and the path is the identity.
    """
    ids = table["image_id"]
    unfit = ids.isna() | ids.duplicated()
    if unfit.any() or table["path"].duplicated().any():
        if ids.notna().any():
            remarks.note("id that is not unique: paths are used as ids", unfit, ids)
        table["image_id"] = table["path"]
    one = table[~table["image_id"].duplicated()].reset_index(drop=True)
    of_row, labels = label_rows(table)
    by_image = pd.Series(pd.Index(one["image_id"]).get_indexer(pd.Index(table["image_id"])))
    rows = by_image.take(of_row).to_numpy()
    remarks.add("repeated row of a photo: merged with its first row", len(table) - len(one))
    one[["label", "second_label"]], _ = labels_of_images(rows, labels, one["path"], remarks)
    return usable_rows(one.drop(columns="third_label"), source, remarks)
