"""The images of a request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from wildcam.data.boxes import confident_boxes
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.folder_levels import FolderLevel, layout_of
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.header_columns import columns_of_headers
from wildcam.data.importers.impossible_times import set_aside
from wildcam.data.importers.json_file import read_start
from wildcam.data.photo_walk import BY_CONTENT, IMAGE_SUFFIXES, PhotoWalk, ReadFailure, texts
from wildcam.data.splits import Subset, rows_of_subset
from wildcam.data_roots import DataRoots
from wildcam.errors import DataError
from wildcam.images import Box
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.table import ImageRecord
from wildcam.settings import Settings

MOST_LIST_BYTES = 200_000_000
"""A list of files has no more: more than a million paths."""


@dataclass(frozen=True)
class ImageRecords:
    """Images below one folder, in a fixed order. `boxes`: of the most confident detection, None where there is none."""

    root: Path
    records: tuple[ImageRecord, ...]
    boxes: tuple[Box | None, ...]
    failures: tuple[ReadFailure, ...] = ()  # folders that could not be listed: their images are not among the records
    passed_over: tuple[str, ...] = ()  # a sentence for each kind of files that are nobody's photos

    def path_of(self, record: ImageRecord) -> Path:
        """The file."""
        return self.root / record.path

    @property
    def are_missing(self) -> bool:
        """Whether their folder is gone, or empty as the mount point of a disk that was disconnected."""
        return not self.root.is_dir() or not any(self.root.iterdir())

    def with_headers(self) -> "ImageRecords":
        """With times and sizes from the files' headers, where the source has none."""
        if any(record.taken_at or record.width for record in self.records):
            return self
        headers = times_of_files(self.root, self.records)
        known = (
            replace(
                record,
                taken_at=_time(row["taken_at"]),
                utc_offset=_offset(row["utc_offset"]),
                camera=record.camera or _text(row["camera"]),
                sequence_id=record.sequence_id or _text(row["sequence_id"]),
                width=_number(row["width"]),
                height=_number(row["height"]),
            )
            for record, row in zip(self.records, headers.to_dict("records"), strict=True)
        )
        return replace(self, records=tuple(known))


def find_images(request: PredictionRequest, settings: Settings) -> ImageRecords:
    """Every image of a request. Raises a `WildcamError` where there is none."""
    if request.dataset:
        return _of_dataset(open_dataset(settings.datasets_dir, request.dataset), request)
    roots = DataRoots.of_text(request.roots)
    if request.folder:
        return _of_folder(roots.path(request.folder))
    return _of_listing(roots.path(request.listing), roots)


def _of_dataset(dataset: Dataset, request: PredictionRequest) -> ImageRecords:
    rows = dataset.index
    if request.subset:
        rows = rows_of_subset(rows, request.split_spec, Subset(request.subset))
    if rows.empty:
        raise DataError(f"There is no photo in {request.source}: choose another subset or split.")
    boxes = confident_boxes(rows).itertuples(index=False, name=None)
    return ImageRecords(
        Path(dataset.info.root),
        tuple(map(_record, rows.itertuples())),
        tuple(None if pd.isna(left) else (left, top, width, height) for left, top, width, height in boxes),
    )


def _record(row: Any) -> ImageRecord:
    return ImageRecord(
        image_id=row.image_id,
        path=row.path,
        location=_text(row.location),
        sequence_id=_text(row.sequence_id),
        taken_at=_time(row.taken_at),
        width=_number(row.width),
        height=_number(row.height),
        camera=_text(row.camera),
        utc_offset=_offset(row.utc_offset),
    )


def times_of_files(root: Path, records: Sequence[ImageRecord]) -> pd.DataFrame:
    """What the files' headers say, without times that cannot be: a row a record."""
    paths = [record.path for record in records]
    headers = columns_of_headers(root, paths, Remarks())
    return set_aside(headers.assign(path=paths, location=[record.location for record in records]), Remarks())


def _offset(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _time(value: pd.Timestamp) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()


def _number(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _of_folder(folder: Path) -> ImageRecords:
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder on this machine: expected one with photos.")
    walk = PhotoWalk(folder)
    paths, odd = texts(walk)
    if not paths:
        walk.check_complete()
        raise DataError(
            f"{folder} has no photos: expected JPEG, PNG, TIFF, WebP, GIF or BMP files in it or its subfolders."
        )
    said = [f"{tally.count:,} × {reason.advice} (first: {tally.example})" for reason, tally in walk.passed_over.items()]
    if odd:
        said.append(f"{len(odd):,} × photo with a name that is not UTF-8: rename it (first: {ascii(odd[0])})")
    return replace(_of_paths(folder, paths), failures=tuple(walk.failures), passed_over=tuple(said))


def _of_listing(listing: Path, roots: DataRoots) -> ImageRecords:
    try:
        lines = read_start(listing, MOST_LIST_BYTES + 1).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{listing.name} is no text: expected a text file with a photo's path in each line.") from error
    if sum(map(len, lines)) > MOST_LIST_BYTES:
        raise DataError(f"{listing.name} has more than {MOST_LIST_BYTES / 1e6:,.0f} MB: make several lists of it.")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _check_line(line.strip(), f"Line {number:,} of {listing.name}", listing.parent, roots)
    return _of_paths(listing.parent, list(dict.fromkeys(line.strip() for line in lines if line.strip())))


def _check_line(path: str, where: str, folder: Path, roots: DataRoots) -> None:
    """The text of a line that names no photo is not repeated: it may be of any file, and others may read it."""
    if not path.lower().endswith((*IMAGE_SUFFIXES, *filter(None, BY_CONTENT))):
        raise DataError(f"{where} names no photo: expected paths that end in {', '.join(IMAGE_SUFFIXES)}.")
    try:
        roots.path(str(folder / path))
    except DataError as error:
        raise DataError(f"{where} names a file that is not in a data folder of this server.") from error


def _of_paths(root: Path, paths: list[str]) -> ImageRecords:
    """Files without a data set; the location is the folder that their folders name, else the whole folder but for
    those that the camera made.
    """
    folders = [path.rpartition("/")[0] for path in paths]
    layout = layout_of(folders)
    locations = {
        folder: layout.values(folder, FolderLevel.LOCATION) or "/".join(layout.kept[folder]) for folder in set(folders)
    }
    records = [
        ImageRecord(image_id=path, path=path, location=locations[folder] or ".")
        for path, folder in zip(paths, folders, strict=True)
    ]
    return ImageRecords(root.absolute(), tuple(records), (None,) * len(records))
