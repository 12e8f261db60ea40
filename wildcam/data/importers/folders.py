"""Folders of images: folder names are the labels, and sometimes locations or subsets.

Known layouts: `<label>/…`, `<label>/<station>/…`, `<station>/<label>/…` (camtrapR),
`<train|val|test>/<label>/…`, and images without folders, which are unlabelled.
"""

import itertools
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.importers.contract import PREVIEW_ROWS, Imported, ImportOptions, Preview, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.files import IMAGE_SUFFIXES, images_under, is_text
from wildcam.data.importers.header_columns import columns_of_headers
from wildcam.data.splits import GIVEN_SUBSETS
from wildcam.errors import DataError

MOST_HEADERS = 20_000
"""Images whose headers are read for time and size; reading more would take minutes."""

PREVIEW_FILES = 2_000

STATION_NAME = (
    r"(?i)^(?:station|stn|site|location|loc|camera|cam|ct|trap|plot|grid|deployment)(?:[\s_-]|\d|[A-Z]$|$)|\d"
)
"""Names of locations have numbers or one of these words; names of species do not."""

CAMTRAPR_NAME = r"^(?P<location>.+?)__(?:.+__)?(?P<date>\d{4}-\d\d-\d\d)__(?P<time>\d\d-\d\d-\d\d)(?:\(\d+\))?\.[^.]+$"
"""`Station__Camera__2009-04-10__05-07-00(1).JPG`, as camtrapR's imageRename writes (the camera may be left out)."""


def read(source: Path, options: ImportOptions) -> Imported:
    """Every image below the folder. Raises `DataError` where there is none."""
    remarks = Remarks()
    found = list(images_under(_folder(source)))
    paths = [path for path in found if is_text(path)]
    odd = [path for path in found if not is_text(path)]
    remarks.add(
        "photo with a file or folder name that is not UTF-8: left out, rename it",
        len(odd),
        ascii(odd[0]) if odd else "",
    )
    if len(paths) > MOST_HEADERS:
        remarks.add(f"more than {MOST_HEADERS:,} photos: times and sizes are not read from them", len(paths))
    return Imported(_index(source, paths, len(paths) <= MOST_HEADERS, remarks), source, {}, remarks=remarks.all())


def preview(source: Path, options: ImportOptions) -> Preview:
    """The layout as the first files show it."""
    paths = [path for path in itertools.islice(images_under(_folder(source)), PREVIEW_FILES) if is_text(path)]
    spread = paths[:: max(1, len(paths) // PREVIEW_ROWS)][:PREVIEW_ROWS]
    index = _index(source, paths, False, Remarks())
    rows = index[index["path"].isin(spread)].dropna(axis="columns", how="all").reset_index(drop=True)
    return Preview("folders", tuple(rows), rows)


def layout(parts: pd.DataFrame) -> tuple[str, ...]:
    """What the levels of folders are, outermost first. `parts`: a column a level, missing where there is none."""
    names = [parts[level].dropna().drop_duplicates() for level in parts]
    if not names:
        return ()
    if names[0].str.lower().isin(GIVEN_SUBSETS).all() and len(names) > 1:
        return ("given_split", *layout(parts.iloc[:, 1:]))
    stations = [bool(len(level)) and level.str.contains(STATION_NAME, regex=True).all() for level in names]
    if len(names) > 1 and stations[0] and not stations[1] and parts.iloc[:, 1].notna().all():
        return ("location", "label")
    return ("label", "location") if len(names) > 1 and stations[1] else ("label",)


def _folder(source: Path) -> Path:
    if not source.is_dir():
        raise DataError(f"{source} is not a folder: expected one with photos in it.")
    return source


def _index(root: Path, paths: list[str], with_headers: bool, remarks: Remarks) -> pd.DataFrame:
    if not paths:
        raise DataError(
            f"{root} has no photos: expected files that end in {', '.join(IMAGE_SUFFIXES)} in it or in its subfolders."
        )
    path = pd.Series(paths, dtype="string")
    columns: dict[str, object] = {"image_id": path, "path": path}
    parts = path.str.split("/", expand=True).iloc[:, :3]
    folders = parts.where(parts.shift(-1, axis="columns").notna()) if parts.shape[1] > 1 else parts.iloc[:, :0]
    folders = folders.dropna(axis="columns", how="all")
    columns |= {name: folders.iloc[:, level] for level, name in enumerate(layout(folders))}
    named = path.str.replace(r"^.*/", "", regex=True).str.extract(CAMTRAPR_NAME)
    columns.setdefault("location", named["location"])
    times = named["date"] + " " + named["time"].str.replace("-", ":")
    if with_headers:
        headers = columns_of_headers(root, paths, remarks, times=times)
        return build_index(columns | {str(name): headers[name] for name in headers})
    return build_index(columns | {"taken_at": taken_at(times, remarks)})
