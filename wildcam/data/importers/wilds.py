"""WILDS iWildCam (https://wilds.stanford.edu/datasets/#iwildcam): `metadata.csv` next to `categories.csv`."""

from pathlib import Path

import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.coco_camera_traps import usable_rows
from wildcam.data.importers.contract import Imported, ImportOptions, Preview, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.text_table import read_head, read_table
from wildcam.errors import DataError

SPLITS = {"0": "train", "1": "val", "2": "test", "3": "id_val", "4": "id_test"}
"""Subsets as numbered by `split_dict` of WILDS; `val` and `test` have locations that are not in train."""

NEEDED = ("split", "y", "filename", "image_id", "location")


def read(source: Path, options: ImportOptions) -> Imported:
    """The data set's metadata; all images lie in `train/`, whatever their subset."""
    remarks = Remarks()
    source = source / "metadata.csv" if source.is_dir() else source
    given = read_table(source, remarks)
    _check_columns(given, NEEDED, source)
    root = options.images_dir or source.parent
    names, categories = _categories(source.parent / "categories.csv", remarks)
    numbers = cleaning.names(given["y"])
    table = pd.DataFrame(
        {
            "image_id": cleaning.text(given["image_id"]),
            "path": files.safe_paths(given["filename"], root, remarks),
            "label": numbers.map(names).astype("string").fillna("category " + numbers),
            "category_id": cleaning.whole_numbers(_column(given, "category_id")),
            "location": cleaning.names(given["location"]),
            "sequence_id": cleaning.text(_column(given, "seq_id")),
            "taken_at": taken_at(_column(given, "datetime"), remarks),
            "given_split": cleaning.names(given["split"]).replace(SPLITS),
        }
    )
    remarks.note("label that is not in categories.csv: named by its number", ~numbers.isin(names.index), numbers)
    table["path"] = files.folder_of(table["path"].dropna(), root, ("train/", "")) + table["path"]
    repeated = table["image_id"].duplicated() | table["image_id"].isna()
    remarks.note("missing or repeated photo id: left out", repeated, table["path"])
    index = build_index(usable_rows(table[~repeated], source, remarks))
    return Imported(index, root, categories, remarks=remarks.all())


def preview(source: Path, options: ImportOptions) -> Preview:
    """The first rows as the source has them."""
    rows = read_head(source / "metadata.csv" if source.is_dir() else source)
    return Preview("wilds", tuple(rows), rows)


def _categories(path: Path, remarks: Remarks) -> tuple[pd.Series, dict[str, int]]:
    """Names by `y`, and the label → original number table; both empty without the file."""
    if not path.is_file():
        remarks.add("categories.csv is not next to metadata.csv: labels are named by their numbers", 1, path)
        return pd.Series([], index=pd.Index([], dtype="string"), dtype="string"), {}
    table = read_table(path, remarks)
    _check_columns(table, ("y", "name"), path)
    table["y"], table["name"] = cleaning.names(table["y"]), cleaning.text(table["name"])
    nameless = table["name"].isna() & table["y"].notna()
    remarks.note("category without a name: named by its number", nameless, table["y"])
    table = table.dropna(subset=["y", "name"]).drop_duplicates("y")
    numbers = cleaning.whole_numbers(_column(table, "category_id"))
    known = {str(name): int(number) for name, number in zip(table["name"], numbers, strict=True) if pd.notna(number)}
    return pd.Series(table["name"].array, index=pd.Index(table["y"])), known


def _check_columns(table: pd.DataFrame, needed: tuple[str, ...], path: Path) -> None:
    lacking = [name for name in needed if name not in table]
    if lacking:
        raise DataError(f"{path.name} has no column {', '.join(lacking)}: expected WILDS's own table.")


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table else pd.Series(pd.NA, index=table.index, dtype="string")
