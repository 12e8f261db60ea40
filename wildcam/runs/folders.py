"""Remove a run's folder, whatever state it is in."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from wildcam.errors import RunError


def remove_folder(folder: Path) -> None:
    """Remove all of it, read-only folders, too. Raises `RunError` that names what stays."""
    left: list[str] = []

    def note(_: Any, path: str, error: Any) -> None:
        if not isinstance(error[1], FileNotFoundError):
            left.append(path)

    _open_up(folder)
    shutil.rmtree(folder, onerror=note)
    if folder.exists():
        first = left[0] if left else folder
        raise RunError(f"{first} cannot be removed: give this user the right to remove it, then delete the run again.")


def _open_up(folder: Path | str) -> None:
    """Let the owner change every folder in it: that is what removing a file asks for, not the file's own mode."""
    with suppress(OSError):
        os.chmod(folder, 0o700)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _open_up(entry.path)
