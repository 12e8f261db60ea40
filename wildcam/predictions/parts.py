"""Predictions on disk, as they come: numbered Parquet files, each written whole, beside the batch's metadata."""

import io
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet

from wildcam import atomic
from wildcam.errors import DamagedFile, DataError
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import SCHEMA, Prediction, as_table
from wildcam.stored import Stamp, read_stored_model, reading, stamp_of

_AGAIN = "The batch cannot be shown: start it again, or bring the file back from a backup. Its photos are whole."

FOLDER, METADATA = "predictions", "metadata.json"
PART_ROWS = 2_000
PART_SECONDS = 10.0
"""Whichever comes first ends a part. What is in no part is predicted again after a kill."""


class PartWriter:
    """Gathers rows into parts, numbered on from those on disk."""

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        self._number = 1 + max(
            (int(path.stem.split("-")[1]) for path in self._folder.glob("part-*.parquet")), default=0
        )
        self._rows: list[dict[str, object]] = []
        self._since = time.monotonic()

    def write_metadata(self, metadata: BatchMetadata) -> None:
        """Write what holds for all rows."""
        atomic.write_json(self._folder / METADATA, metadata)

    def add(self, prediction: Prediction) -> None:
        """Add a row; a full or old part is written."""
        self._rows.append(prediction.row())
        if len(self._rows) >= PART_ROWS or time.monotonic() - self._since >= PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the gathered rows."""
        if self._rows:
            content = io.BytesIO()
            pa.parquet.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA), content)
            atomic.write_bytes(self._folder / f"part-{self._number:06}.parquet", content.getvalue())
            self._number += 1
            self._rows = []
        self._since = time.monotonic()


def read_predictions(run_folder: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Every row so far, with `table.COLUMNS` or some of them, in the order in which they came."""
    paths = sorted((run_folder / FOLDER).glob("part-*.parquet"))
    if not paths:
        empty = as_table([])
        return empty[columns] if columns else empty
    return _read(paths, columns=columns)


def read_sound_predictions(run_folder: Path, columns: list[str]) -> tuple[pd.DataFrame, bool]:
    """As `read_predictions`, of the parts that can be read; and whether these are all."""
    with suppress(DamagedFile):
        return read_predictions(run_folder, columns), True
    tables = [as_table([])[columns]]
    for path in sorted((run_folder / FOLDER).glob("part-*.parquet")):
        with suppress(DamagedFile):
            tables.append(_read([path], columns=columns))
    return pd.concat(tables, ignore_index=True), False


def parts_stamp(run_folder: Path) -> Stamp:
    """The key of what was read of the parts: it changes when rows come or go. Empty where there are none."""
    return stamp_of(run_folder / FOLDER, ".parquet")


def read_rows(run_folder: Path, image_ids: list[str]) -> pd.DataFrame:
    """All columns of a few images."""
    paths = sorted((run_folder / FOLDER).glob("part-*.parquet"))
    return _read(paths, filter=pyarrow.dataset.field("image_id").isin(pa.array(image_ids, pa.string())))


def remove_rows(run_folder: Path, chosen: Callable[[pd.Series], pd.Series]) -> int:
    """Take out the rows whose `path` is marked by `chosen`; how many. Each part is the old or the new one."""
    removed = 0
    for path in sorted((run_folder / FOLDER).glob("part-*.parquet")):
        with reading(path, _AGAIN):
            part = pa.parquet.read_table(path)
        gone = chosen(part["path"].to_pandas()).to_numpy(bool)
        if gone.any():
            content = io.BytesIO()
            pa.parquet.write_table(part.filter(pa.array(~gone)), content)
            atomic.write_bytes(path, content.getvalue())
            removed += int(gone.sum())
    return removed


def read_metadata(run_folder: Path) -> BatchMetadata:
    """Raises `DataError` where the batch has not begun, `DamagedFile` where the file is damaged."""
    try:
        return read_stored_model(run_folder / FOLDER / METADATA, BatchMetadata, _AGAIN)
    except FileNotFoundError as error:
        raise DataError("This batch has not begun: there are no predictions yet.") from error


def _read(paths: list[Path], **selection: Any) -> pd.DataFrame:
    """Raises `DamagedFile`, which names the first part that cannot be read."""
    try:
        return _to_table(paths, selection).to_pandas()
    except (OSError, ValueError):
        for path in paths:
            with reading(path, _AGAIN):
                _to_table([path], {})
        raise


def _to_table(paths: list[Path], selection: dict[str, Any]) -> pa.Table:
    parts: Any = pyarrow.dataset.dataset(paths, schema=SCHEMA)
    return parts.to_table(**selection)
