"""One pass over all files of a data set. What is measured is kept, block by block, so that a pass that is broken off,
or made again, measures only files that are new or changed.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import pandas as pd

from wildcam.counting import counted
from wildcam.data.catalog import Dataset, Status, open_dataset, update_status
from wildcam.errors import DataError, UsageError
from wildcam.quality.measure import Measurement, measure
from wildcam.quality.table import HASH_COLUMNS, align, as_rows, block_path, load_quality, read_block, write_block

BLOCK = 8192
"""Files that share a Parquet file, and whose measures are in memory at a time.

With another number, raise `MEASURES`.
"""

WRITE_SECONDS = 20.0
"""How often an unfinished block is written: what a killed process loses at most."""

MOST_NAMED = 3
"""Files that an error names."""


@dataclass(frozen=True)
class Scan:
    """The result of a pass."""

    quality: pd.DataFrame  # as `load_quality` gives it
    measured: int  # files that were read in this pass; the others were known and unchanged, or missing
    finished: bool  # False: stopped before every file was scanned
    refused: tuple[str, ...] = ()  # paths of files that the system did not let be read: what they are is unknown

    def check_complete(self) -> None:
        """Raise `DataError` where files could not be read: they are not checked."""
        if not self.refused:
            return
        named = ", ".join(self.refused[:MOST_NAMED]) + (", …" if len(self.refused) > MOST_NAMED else "")
        raise DataError(
            f"{counted(len(self.refused), 'file')} could not be opened and {'is' if len(self.refused) == 1 else 'are'} "
            f"not checked: {named}. Check the drive and the permissions, then check again: only these are opened."
        )


def scan(
    dataset: Dataset,
    progress: Callable[[int, int], None] | None = None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> Scan:
    """Scan every file; at the end the catalog gets the status of every image. `progress`: files done, in all.

    It counts as a check of all files only where the system let every one be read.

    What was measured is kept, whatever ends a pass early: a request, an error, Ctrl-C. Raises `DataError` where the
    folder of the images is not there, and where the data set is deleted or replaced meanwhile.
    """
    _reopen(dataset)
    paths = dataset.index["path"].drop_duplicates().tolist()
    done = measured = 0
    refused: list[str] = []
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        for number, start in enumerate(range(0, len(paths), BLOCK)):
            part = paths[start : start + BLOCK]
            with _Block(dataset, number) as block:
                for path, found in zip(part, pool.map(block.measure_if_changed, part), strict=True):
                    measured += block.keep(path, found)
                    if found and found.is_refused:
                        refused.append(path)
                    done += 1
                    if progress:
                        progress(done, len(paths))
                    if done < len(paths) and stop_requested():
                        raise _Stop
    except _Stop:
        return Scan(_quality(dataset), measured, finished=False, refused=tuple(refused))
    finally:
        pool.shutdown(cancel_futures=True)
    quality = _quality(dataset)
    update_status(_reopen(dataset), [Status(status) for status in quality["status"]], is_complete=not refused)
    return Scan(quality, measured, finished=True, refused=tuple(refused))


class _Stop(Exception):
    """Leaves the loops of a pass, blocks being written on the way."""


class _Block:
    """The rows of a block: those that are stored, and those that this pass adds; written when it is left."""

    def __init__(self, dataset: Dataset, number: int) -> None:
        self._dataset = dataset
        self._path: Path = block_path(dataset, number)
        self._stored = read_block(self._path)
        complete = self._stored[self._stored["digest"].notna()]  # what could not be read to its end is tried again
        self._known = dict(
            zip(complete["path"], zip(complete["bytes"], complete["modified_ns"], strict=True), strict=True)
        )
        self._new: dict[str, Measurement] = {}
        self._written = time.monotonic()

    def measure_if_changed(self, path: str) -> Measurement | None:
        """Measure a file; None where it is known and unchanged. Thread-safe."""
        try:
            file = self._dataset.image_path(path)
        except DataError as error:
            return Measurement(Status.UNREADABLE, str(error))
        if path in self._known and _identity(file) == self._known[path]:
            return None
        return measure(file)

    def keep(self, path: str, found: Measurement | None) -> bool:
        """Take a row; whether its file was read."""
        if found is None:
            return False
        self._new[path] = found
        if time.monotonic() - self._written > WRITE_SECONDS:
            self._write()
        return found.digest is not None

    def _write(self) -> None:
        _reopen(self._dataset)
        new = as_rows([_record(path, found) for path, found in self._new.items()])
        write_block(self._path, pd.concat([self._stored[~self._stored["path"].isin(new["path"])], new]))
        self._written = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._new:
            self._write()


def _record(path: str, found: Measurement) -> dict[str, object]:
    record = asdict(found)
    record.pop("is_refused")  # such a file is opened again by every pass
    hashes = record.pop("hash") or [None] * len(HASH_COLUMNS)
    return {"path": path, **record, **dict(zip(HASH_COLUMNS, hashes, strict=True))}


def _quality(dataset: Dataset) -> pd.DataFrame:
    stored = load_quality(dataset)
    return align(as_rows([]), dataset) if stored is None else stored


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except (OSError, ValueError):
        return None
    return stat.st_size, stat.st_mtime_ns


def _reopen(dataset: Dataset) -> Dataset:
    """The data set as it is now. Raises `DataError` where it was replaced, and where its disk is not there: its
    files would all count as missing.
    """
    try:
        now = open_dataset(dataset.folder.parent, dataset.name)
    except UsageError:
        now = None
    if now is None or now.info.imported_at != dataset.info.imported_at:
        raise DataError(f"Data set {dataset.name!r} was deleted or replaced while its files were checked.")
    if not now.info.root.is_dir():
        raise DataError(
            f"{now.info.root}, the folder of the photos, does not exist: connect its disk, "
            "or import the data set again."
        )
    return now
