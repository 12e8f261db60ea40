"""Deleting a run and its folder, whatever state the folder is in."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.errors import RunError
from wildcam.runs.lock import HANDOVER_SECONDS, Lock
from wildcam.runs.reading import RunReader


class RunRemoval(RunReader):
    """Deletes runs."""

    def delete(self, run_id: str) -> None:
        """Remove a run and free its disk: files first, so that one that was half deleted is listed still.

        Raises `RunError` while a worker lives, or where a file cannot be removed.
        """
        run = self.get(run_id)
        permit(Act.DELETE_RUN, run.name, made_by=run.made_by)
        lock = None if run.state.is_live else Lock.acquire(run.lock_path, timeout_seconds=HANDOVER_SECONDS)
        if lock is None:
            raise RunError(f"Run {run.name} is {run.state.display}: stop it before deleting it.")
        with lock:
            remove_folder(run.folder)
            self.tracking.erase(run.id)


def remove_folder(folder: Path) -> None:
    """Remove all of it, read-only folders, too. Raises `RunError` that names what stays."""
    left: list[str] = []

    def keep_error(_: Any, path: str, error: Any) -> None:
        if not isinstance(error[1], FileNotFoundError):
            left.append(path)

    _make_writable(folder)
    shutil.rmtree(folder, onerror=keep_error)
    if folder.exists():
        first = left[0] if left else folder
        raise RunError(f"{first} cannot be removed: give this user the right to remove it, then delete the run again.")


def _make_writable(folder: Path | str) -> None:
    """Let the owner change every folder in it: that is what removing a file asks for, not the file's own mode."""
    with suppress(OSError):
        os.chmod(folder, 0o700)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _make_writable(entry.path)
