"""iWildCam 2020 (https://github.com/visipedia/iwildcam_comp): train annotations, and the test file next to them.

The files say `<id>.jpg`; the images lie in `train/` and `test/`, or flat in one folder.
"""

from pathlib import Path

import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.importers import files
from wildcam.data.importers.coco_camera_traps import read_table, usable_rows
from wildcam.data.importers.contract import Imported, ImportOptions, Remarks
from wildcam.data.species_names import SpeciesName, SpeciesNames
from wildcam.errors import DataError

TRAIN_NAME = "iwildcam2020_train_annotations.json"
TEST_NAME = "iwildcam2020_test_information.json"


def read(source: Path, options: ImportOptions) -> Imported:
    """Train and test file as one table; `given_split` says which is which."""
    remarks = Remarks()
    source, test_source = _sources(source, options.test_source)
    root = options.images_dir or source.parent
    tables: list[pd.DataFrame] = []
    categories: dict[str, int] = {}
    names: dict[str, SpeciesName] = {}
    for path in filter(None, (source, test_source)):
        table, listed = read_table(path, remarks)
        tables.append(_placed(table, _subset(table, path), root, remarks))
        categories = listed.numbers | categories
        names = listed.names.by_label | names
    table = pd.concat(tables, ignore_index=True)
    repeated = table["image_id"].duplicated()
    remarks.note("photo id of the train file repeated in the test file: left out", repeated, table["image_id"])
    index = build_index(usable_rows(table[~repeated], source, remarks))
    return Imported(index, root, categories, remarks=remarks.all(), names=SpeciesNames(by_label=names))


def _sources(source: Path, test_source: Path | None) -> tuple[Path, Path | None]:
    """The train file, and the test file where one is named or the source is the competition's folder."""
    if not source.is_dir():
        return source, test_source
    train, test = source / TRAIN_NAME, source / TEST_NAME
    if not train.is_file():
        raise DataError(f"{source} has no {TRAIN_NAME}: enter the path of the train annotations.")
    return train, test_source or (test if test.is_file() else None)


def _subset(table: pd.DataFrame, path: Path) -> str:
    """A file without a single annotation is the competition's test file."""
    return "train" if table["label"].notna().any() or "train" in path.name else "test"


def _placed(table: pd.DataFrame, subset: str, root: Path, remarks: Remarks) -> pd.DataFrame:
    """The table with its subset, and with paths in the folder where the images lie."""
    table["given_split"] = pd.Series(subset, index=table.index, dtype="string")
    table["path"] = files.safe_paths(table["path"], root, remarks)
    names = table["path"].dropna()
    first, *rest = (f"{subset}/", "", "images/", "test/" if subset == "train" else "train/")
    if names.str.contains("/", regex=False).any():  # the paths name their folder already
        first, *rest = ("", f"{subset}/")
    table["path"] = files.folder_of(names, root, (first, *rest)) + table["path"]
    return table
