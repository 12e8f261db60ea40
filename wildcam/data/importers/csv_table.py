"""A CSV with a row an image: the columns are given, or guessed from their names."""

import dataclasses
import re
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.coco_camera_traps import first_and_second, take, usable_rows
from wildcam.data.importers.contract import ColumnMap, Imported, ImportOptions, Preview, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.text_table import read_head, read_table
from wildcam.data.photo_walk import IMAGE_SUFFIXES
from wildcam.errors import DataError

COMMON_NAMES = {
    "path": (
        "path",
        "filepath",
        "imagepath",
        "photopath",
        "relativefilepath",
        "filename",
        "file",
        "image",
        "imagename",
        "imagefile",
        "photo",
        "image",
        "sourcefile",
        "rawpath",
    ),
    "label": (
        "label",
        "species",
        "scientificname",
        "commonname",
        "categoryname",
        "category",
        "classname",
        "class",
        "taxon",
        "animal",
        "speciesname",
        "vernacularname",
        "categoryid",
    ),
    "location": (
        "location",
        "locationid",
        "locationname",
        "site",
        "siteid",
        "camera",
        "cameraid",
        "station",
        "stationid",
        "deployment",
        "deploymentid",
        "placename",
    ),
    "datetime": (
        "datetime",
        "takenat",
        "timestamp",
        "datetimeoriginal",
        "datecaptured",
        "photodatetime",
        "capturedat",
        "createdate",
        "date",
    ),
    "image_id": ("imageid", "id", "mediaid", "photoid", "uuid"),
    "sequence": ("sequence", "sequenceid", "seqid", "event", "eventid", "burst", "burstid"),
    "split": ("split", "givensplit", "subset", "fold", "partition"),
    "folder": ("relativepath", "directory", "folder", "dir"),
    "time": ("time",),
    "frame": ("frame", "framenum", "seqframenum", "framenumber"),
    "width": ("width", "imagewidth"),
    "height": ("height", "imageheight"),
}
"""What tables call their columns, without case and punctuation, the best first."""

MOST_LISTED = 12
"""Columns that an error names."""


def read(source: Path, options: ImportOptions) -> Imported:
    """A table with a row an image, or several where an image has several labels."""
    remarks = Remarks()
    table = read_table(source, remarks)
    columns = guess_columns(list(table), options.columns, source.name)
    root = options.images_dir or source.parent
    index = build_index(_one_row_a_image(_columns(table, columns, root, remarks), source, remarks))
    return Imported(index, root, categories={}, remarks=remarks.all())


def preview(source: Path, options: ImportOptions) -> Preview:
    """The first rows as the source has them, and what each column is taken for."""
    rows = read_head(source)
    return Preview("csv", guess_columns(list(rows), options.columns, source.name), rows)


def guess_columns(header: list[str], given: ColumnMap | None, source: str) -> ColumnMap:
    """The given names, completed by common ones; an empty name says that the table has no such column.

    Raises `DataError` for a name that the header has not.
    """
    known = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in reversed(header)}
    chosen = {field: name for field, name in dataclasses.asdict(given or ColumnMap()).items() if name is not None}
    for field, name in chosen.items():
        if name and name not in header:
            raise DataError(f"{source} has no column {name!r} for the {field}. Its columns: {_listed(header)}.")
    for field, names in COMMON_NAMES.items():
        if field not in chosen:
            free = [known[name] for name in names if known.get(name) not in (None, *chosen.values())]
            chosen |= {field: free[0]} if free else {}
    chosen = {field: name for field, name in chosen.items() if name}
    if "path" not in chosen and "folder" in chosen:  # a lone relative path names the file itself
        chosen["path"] = chosen.pop("folder")
    if "path" not in chosen:
        raise DataError(
            f"{source} has no column of photo file names that is recognised; its columns are "
            f"{_listed(header)}. Choose the one with the file names."
        )
    return ColumnMap(**chosen)


def guess_from_rows(rows: pd.DataFrame, source: str) -> ColumnMap:
    """As `guess_columns`, for a person to check: the column of file names is recognised by its values, too.

    `path` is None where no column holds file names.
    """
    header = list(rows)
    try:
        return guess_columns(header, None, source)
    except DataError:
        for name in header:
            values = rows[name].dropna().str.lower()
            if len(values) and values.str.endswith(IMAGE_SUFFIXES).all():
                return guess_columns(header, ColumnMap(path=name), source)
        placeholder = "".join(header) + "?"  # a path that no column is, so that the others are guessed
        return dataclasses.replace(
            guess_columns([*header, placeholder], ColumnMap(path=placeholder), source), path=None
        )


def _listed(header: list[str]) -> str:
    return ", ".join(header[:MOST_LISTED]) + (", …" if len(header) > MOST_LISTED else "")


def _columns(table: pd.DataFrame, columns: ColumnMap, root: Path, remarks: Remarks) -> pd.DataFrame:
    """The catalog's columns of every row; rows without a safe path are gone."""

    def of(name: str | None) -> pd.Series:
        return table[name] if name else pd.Series(pd.NA, index=table.index, dtype="string")

    path = of(columns.path)
    if columns.folder:
        apart = ~path.str.contains("/", regex=False).fillna(True).astype(bool)
        path = path.where(~apart | of(columns.folder).isna(), of(columns.folder).str.rstrip("/\\") + "/" + path)
    clock = of(columns.time) if columns.datetime else of(None)
    found = pd.DataFrame(
        {
            "path": files.safe_paths(path, root, remarks),
            "label": cleaning.text(of(columns.label)),
            "location": cleaning.names(of(columns.location)),
            "taken_at": taken_at(_with_clock(of(columns.datetime), clock), remarks),
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
    labelled = table[table["label"].notna()].reset_index(drop=True)
    rows = pd.Index(one["image_id"]).get_indexer(pd.Index(labelled["image_id"]))
    first, second = first_and_second(rows, labelled["label"], len(one))
    one["label"] = take(labelled["label"], first)
    one["second_label"] = take(labelled["label"], second)
    remarks.add("repeated row of a photo: merged with its first row", len(table) - len(one))
    remarks.note("photo with a second label: kept in addition to the first", one["second_label"].notna(), one["path"])
    return usable_rows(one, source, remarks)
