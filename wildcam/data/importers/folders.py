"""Folders of images: the names of folders are labels, locations or subsets, as `folder_levels` tells them apart."""

import itertools
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Mend, build_index
from wildcam.data.folder_levels import FolderLayout, FolderLevel, layout_of
from wildcam.data.importers.contract import PREVIEW_ROWS, Imported, ImportOptions, Preview, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.header_columns import columns_of_headers
from wildcam.data.photo_walk import IMAGE_SUFFIXES, PhotoWalk, ReadFailure, check_complete, texts
from wildcam.errors import DataError
from wildcam.regular_files import open_regular

MOST_HEADERS = 20_000
"""Images whose headers are read for time and size; reading more would take minutes."""

PREVIEW_FILES = 2_000

COLUMNS = {"label": FolderLevel.LABEL, "location": FolderLevel.LOCATION, "given_split": FolderLevel.SUBSET}
"""Columns of the catalog that folders tell."""

CAMTRAPR_NAME = r"^(?P<location>.+?)__(?:.+__)?(?P<date>\d{4}-\d\d-\d\d)__(?P<time>\d\d-\d\d-\d\d)(?:\(\d+\))?\.[^.]+$"
"""`Station__Camera__2009-04-10__05-07-00(1).JPG`, as camtrapR's imageRename writes (the camera may be left out)."""


def read(source: Path, options: ImportOptions) -> Imported:
    """Every image below the folder. Raises `DataError` where there is none, or where a part of it cannot be read."""
    remarks = Remarks()
    walk = PhotoWalk(_folder(source))
    paths, odd = texts(walk)
    walk.check_complete()
    remarks.add(
        "photo with a file or folder name that is not UTF-8: left out, rename it",
        len(odd),
        ascii(odd[0]) if odd else "",
    )
    for reason, tally in walk.passed_over.items():
        remarks.add(reason.advice, tally.count, tally.example)
    if len(paths) > MOST_HEADERS:
        remarks.add(f"more than {MOST_HEADERS:,} photos: times and sizes are not read from them", len(paths))
    index, _ = _index(source, paths, options, remarks, with_headers=len(paths) <= MOST_HEADERS)
    return Imported(index, source, {}, remarks=remarks.all())


def preview(source: Path, options: ImportOptions) -> Preview:
    """The layout as the first files show it."""
    paths, _ = texts(itertools.islice(PhotoWalk(_folder(source)), PREVIEW_FILES))
    spread = paths[:: max(1, len(paths) // PREVIEW_ROWS)][:PREVIEW_ROWS]
    index, layout = _index(source, paths, options, Remarks(), with_headers=False)
    rows = index[index["path"].isin(spread)].dropna(axis="columns", how="all").reset_index(drop=True)
    return Preview("folders", tuple(rows), rows, layout.levels)


def _folder(source: Path) -> Path:
    if not source.is_dir():
        raise DataError(f"{source} is not a folder: expected one with photos in it.")
    return source


def _index(
    root: Path, paths: list[str], options: ImportOptions, remarks: Remarks, *, with_headers: bool
) -> tuple[pd.DataFrame, FolderLayout]:
    if not paths:
        raise DataError(
            f"{root} has no photos: expected files that end in {', '.join(IMAGE_SUFFIXES)} in it or in its subfolders."
        )
    path = pd.Series(paths, dtype="string")
    columns: dict[str, object] = {"image_id": path, "path": path}
    folder = path.str.replace(r"/?[^/]*$", "", regex=True)
    layout = layout_of(folder, options.levels)
    _note_doubt(layout, remarks)
    for name, level in COLUMNS.items():
        values = {one: layout.values(one, level) for one in folder.unique()}
        columns[name] = folder.map(values).astype("string")
    named = path.str.replace(r"^.*/", "", regex=True).str.extract(CAMTRAPR_NAME)
    columns["location"] = pd.Series(columns["location"]).fillna(named["location"])
    times = named["date"] + " " + named["time"].str.replace("-", ":")
    if with_headers:
        headers = columns_of_headers(root, paths, remarks, times=times)
        _check_opened(root, path[headers["width"].isna()])
        return build_index(columns | {str(name): headers[name] for name in headers}), layout
    return build_index(columns | {"taken_at": taken_at(times, remarks)}), layout


def _note_doubt(layout: FolderLayout, remarks: Remarks) -> None:
    """Where names do not tell, say what a level was taken for."""
    for number, one in enumerate(layout.levels, start=1):
        if one.doubtful:
            remarks.add(
                f"level {number} of the folders is taken as the {one.level.display.lower()}, which its names do not "
                "tell: if it is not, choose what each level stands for",
                1,
                ", ".join(one.names),
                Mend.SOURCE,
            )


def _check_opened(root: Path, paths: pd.Series) -> None:
    """Raise `DataError` where the system gives no byte of a file; one with other bytes than a photo's is opened."""
    failures = []
    for path in paths:
        try:
            with open_regular(root / path) as file:
                file.read(1)
        except OSError as error:
            failures.append(ReadFailure(path, error.strerror or str(error)))
    check_complete(root, failures)
