"""Copy the home to a folder elsewhere: while runs compute, only what is new, and read again at the end."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wildcam.errors import DataError, UsageError
from wildcam.settings import Settings
from wildcam.upkeep.databases import DATABASES, copy_database
from wildcam.upkeep.manifest import FILES_FOLDER, Entry, Manifest, add_entry, hash_of, read_manifest

LEFT_OUT = ("cache", "demo")
"""Folders of the home that are made anew."""

Progress = Callable[[str, int, int], None]
"""What is done, how many files are, of how many."""


@dataclass(frozen=True)
class BackedUp:
    """What a backup did."""

    files: int
    bytes: int
    copied: int  # the others were there already
    vanished: int  # deleted meanwhile


def back_up(settings: Settings, folder: Path, progress: Progress = lambda what, done, total: None) -> BackedUp:
    """Bring a backup up to date, or begin one. Raises `UsageError`, `DataError`, `OSError`."""
    home, folder = settings.home, folder.absolute()
    if folder.is_relative_to(home) or home.is_relative_to(folder):
        raise UsageError(f"{folder} and the home {home} lie in each other: choose a folder elsewhere, on another disk.")
    known = read_manifest(folder)
    if known is None and folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty and not a backup: choose a new folder.")
    if known is not None and known.home != str(home):
        raise UsageError(f"{folder} is a backup of {known.home}, not of {home}: choose another folder.")
    old = known.entries if known else {}
    paths = sorted(_files(home))
    Manifest(str(home), old, is_complete=False).write(folder)
    entries, copied, vanished = {}, 0, 0
    for number, path in enumerate(paths):
        progress("copying", number, len(paths))
        try:
            entry = _kept(home, folder, path, old)
            if entry is None:
                entry = _copy(home, folder, path)
                add_entry(folder, entry)
                copied += 1
        except FileNotFoundError:
            vanished += 1
            continue
        entries[path] = entry
    _verify(folder, entries, progress)
    Manifest(str(home), entries, is_complete=True).write(folder)
    _remove_others(folder, entries)
    return BackedUp(len(entries), sum(entry.size for entry in entries.values()), copied, vanished)


def _files(home: Path) -> Iterator[str]:
    """Every file that belongs into a backup, relative to the home: no lock, and no hidden one, which is unfinished."""
    for folder, folders, names in os.walk(home):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if Path(folder) == home:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in names:
            is_journal = name.endswith(("-wal", "-shm", "-journal"))
            if not (name.startswith(".") or name.endswith(".lock") or is_journal):
                path = Path(folder, name)
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(home).as_posix()


def _kept(home: Path, folder: Path, path: str, old: dict[str, Entry]) -> Entry | None:
    """What the backup has of a file that has not changed since; None where it is to be copied."""
    entry, found = old.get(path), (home / path).stat()
    if entry is None or path in DATABASES or (entry.size, entry.changed_ns) != (found.st_size, found.st_mtime_ns):
        return None
    return entry if (folder / FILES_FOLDER / path).is_file() else None


def _copy(home: Path, folder: Path, path: str) -> Entry:
    source, target = home / path, folder / FILES_FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    changed_ns = source.stat().st_mtime_ns
    if path in DATABASES:
        try:
            copy_database(source, target)
        except sqlite3.Error as error:
            raise DataError(f"{source} cannot be copied: {error}. `wildcam doctor` says more.") from error
    else:
        shutil.copyfile(source, target)  # what is added meanwhile is in the next backup
    return Entry(path, target.stat().st_size, changed_ns, hash_of(target))


def _verify(folder: Path, entries: dict[str, Entry], progress: Progress) -> None:
    """Read all of it again. Raises `DataError`."""
    for number, entry in enumerate(entries.values()):
        progress("verifying", number, len(entries))
        if hash_of(folder / FILES_FOLDER / entry.path) != entry.sha256:
            (folder / FILES_FOLDER / entry.path).unlink()  # to be copied again
            raise DataError(f"{folder / FILES_FOLDER / entry.path} is not what was written: check that disk.")


def _remove_others(folder: Path, entries: dict[str, Entry]) -> None:
    """Files that the home no longer has."""
    root = folder / FILES_FOLDER
    for parent, _, names in os.walk(root, topdown=False):
        for name in names:
            if Path(parent, name).relative_to(root).as_posix() not in entries:
                Path(parent, name).unlink()
        if Path(parent) != root and not os.listdir(parent):
            os.rmdir(parent)
