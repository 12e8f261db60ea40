"""A check: one process at a time scans the files of a data set. The worker and the command line call it."""

from collections.abc import Callable

from wildcam.data.catalog import Dataset
from wildcam.data.deletion_plan import refuse_while_deleting
from wildcam.errors import RunError
from wildcam.quality.scan import Scan, scan
from wildcam.quality.table import scan_lock_path
from wildcam.runs.lock import Lock


def check_dataset(
    dataset: Dataset,
    progress: Callable[[int, int], None] | None = None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> Scan:
    """`scan`, alone. Raises `RunError` where another process checks this data set or deletes photos for good."""
    lock = Lock.acquire(scan_lock_path(dataset), timeout_seconds=1.0)
    if lock is None:
        raise RunError(f"Data set {dataset.name!r} is already being checked: wait until that check ends, or stop it.")
    with lock:
        refuse_while_deleting(dataset.folder.parent.parent)  # the home: its data sets lie in one folder
        return scan(dataset, progress, stop_requested)
