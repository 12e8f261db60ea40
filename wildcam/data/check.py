"""The integrity of a data set's files: each is decoded once, and what cannot be read is remembered."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from wildcam.data.catalog import Dataset, Status, update_status
from wildcam.errors import DataError
from wildcam.images import load_rgb

BLOCK = 1024
"""Files that wait for a thread at a time: a queue of a whole data set would cost more memory than its table."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    photographs: int
    missing: int
    unreadable: dict[str, str]  # path: the sentence that says why


def check_dataset(dataset: Dataset, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Decode every photograph and store its status in the catalog. `progress` gets files done and in all.

    Nothing is stored where the check is broken off.
    """
    paths = dataset.index["path"].tolist()
    status: list[Status] = []
    unreadable: dict[str, str] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(paths), BLOCK):
            block = paths[start : start + BLOCK]
            for path, (found, reason) in zip(block, pool.map(lambda path: _look(dataset, path), block), strict=True):
                status.append(found)
                if found is Status.UNREADABLE:
                    unreadable[path] = reason
                if progress:
                    progress(len(status), len(paths))
    update_status(dataset, status)
    return Checked(len(paths), status.count(Status.MISSING), unreadable)


def _look(dataset: Dataset, path: str) -> tuple[Status, str]:
    try:
        file = dataset.photograph_path(path)
        if not file.exists():
            return Status.MISSING, ""
        load_rgb(file)
    except DataError as error:
        return Status.UNREADABLE, str(error)
    return Status.OK, ""
