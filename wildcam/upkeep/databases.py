"""SQLite files of the home: a copy that is whole although others write, and whether one is sound."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from wildcam.disk import obstacle_of
from wildcam.settings import Settings
from wildcam.sqlite_uris import uri_to_read

DATABASES = ("mlflow.db", "accounts.db")
COPIES_FOLDER = "copies"
KEPT_COPIES = 7
_FIRST_BYTES = b"SQLite format 3\0"


def copy_database(source: Path, target: Path) -> None:
    """By SQLite's own backup: one moment of the file, while others may write. Raises `sqlite3.Error`, `OSError`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with closing(_open_to_read(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        other.execute("PRAGMA journal_mode=DELETE")  # one file


def problem_of(path: Path) -> str:
    """What SQLite says against a file; "" where it is sound."""
    try:
        if not path.stat().st_size:
            return "the file is empty"
        with closing(_open_to_read(path)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA quick_check(1)")]
    except (sqlite3.Error, OSError) as error:
        return str(error)
    return "" if found == ["ok"] else found[0]


def begins_as_database(path: Path) -> bool:
    """Whether it is a database at its first bytes: a process that has it open may not notice that it was replaced."""
    with path.open("rb") as file:
        return file.read(len(_FIRST_BYTES)) == _FIRST_BYTES


def keep_daily_copy(settings: Settings) -> None:
    """Copy each sound database once a day, and keep the copies of the last `KEPT_COPIES` days.

    A damaged one is not copied: the last good copy stays. Raises `sqlite3.Error`, `OSError`.
    """
    today = datetime.now(UTC).date().isoformat()
    for name in DATABASES:
        path, copy = settings.home / name, settings.home / COPIES_FOLDER / f"{today}-{name}"
        if not path.exists() or copy.exists() or problem_of(path):
            continue
        new = copy.with_name(f".{copy.name}")
        copy_database(path, new)
        new.replace(copy)
        for old in copies_of(settings, name)[KEPT_COPIES:]:
            old.unlink(missing_ok=True)


def copies_of(settings: Settings, name: str) -> list[Path]:
    """The daily copies of a database, the latest first."""
    return sorted((settings.home / COPIES_FOLDER).glob(f"[0-9]*-{name}"), reverse=True)


def _open_to_read(path: Path) -> sqlite3.Connection:
    uri = uri_to_read(path, refused=bool(obstacle_of(path.parent)))
    return sqlite3.connect(uri, uri=True, timeout=30)
