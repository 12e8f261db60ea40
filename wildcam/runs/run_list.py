"""All runs, kept between readings: a reading of hundreds costs as little as one of those that changed."""

import threading
import time
from datetime import UTC, datetime

from wildcam.runs.reading import RunReader
from wildcam.runs.run import Run

WHOLE_SECONDS = 60.0
"""After so long all runs are read anew: another process may have renamed, noted or tagged one."""

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class RunList:
    """All runs, newest first. Threads may share it.

    A run that is added, removed, begins or ends is seen at once; what another process writes about an ended one
    within `WHOLE_SECONDS`, after `forget` at once.
    """

    def __init__(self, reader: RunReader) -> None:
        self._reader = reader
        self._guard = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._folder_changed_at = 0
        self._read_at: float | None = None

    def read(self) -> list[Run]:
        """Every run in the state that it is in now. Raises `RunError` where MLflow does not answer."""
        with self._guard:
            changed_at = self._folder_change()
            is_old = self._read_at is None or time.monotonic() - self._read_at >= WHOLE_SECONDS
            if is_old or changed_at != self._folder_changed_at:
                self._runs = {run.id: run for run in self._reader.all()}
                self._folder_changed_at, self._read_at = changed_at, time.monotonic()
            else:
                self._read_changed()
            return list(self._runs.values())

    def forget(self) -> None:
        """Read all anew the next time."""
        with self._guard:
            self._read_at = None

    def _read_changed(self) -> None:
        last_end = max((run.ended_at for run in self._runs.values() if run.ended_at), default=_FIRST)
        changed = [*self._reader.without_end(), *self._reader.ended_since(last_end)]
        new = {run.id: run for run in changed if run.id not in self._runs}
        self._runs = new | self._runs | {run.id: run for run in changed}

    def _folder_change(self) -> int:
        """When a run was last added to the folder of runs or removed from it; ns since 1970."""
        try:
            return self._reader.settings.runs_dir.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
