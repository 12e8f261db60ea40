"""Databases of any home are opened, and one that a killed process left in the midst of writing is taken back."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from wildcam.accounts.roles import Role
from wildcam.accounts.store import ACCOUNTS_FILE, AccountStore
from wildcam.runs import tracking
from wildcam.settings import Settings
from wildcam.sqlite_uris import path_of, sqlalchemy_uri, uri_to_read
from wildcam.upkeep.databases import copy_database, problem_of

ODD = "a%20b?c#d é"

KILLED = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA cache_size = 1")  # pages go to the file before the end
database.execute("UPDATE users SET role = 'viewer'")
database.executemany("INSERT INTO failures VALUES (?, '', 1, 0)", [(str(number) * 500,) for number in range(500)])
os._exit(9)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """Accounts whose writer was killed before its end."""
    AccountStore(tmp_path).add("ada", Role.ADMIN, None)
    path = tmp_path / ACCOUNTS_FILE
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert Path(f"{path}-journal").stat().st_size
    return path


def test_a_killed_writer_of_accounts_locks_nobody_out(killed: Path) -> None:
    assert [own.role for own in AccountStore(killed.parent).accounts()] == [Role.ADMIN]
    assert not Path(f"{killed}-journal").exists()


def test_a_database_of_a_killed_writer_is_sound_and_copied(killed: Path, tmp_path: Path) -> None:
    assert problem_of(killed) == ""
    copy_database(killed, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT role FROM users").fetchall() == [("admin",)]


def test_what_was_written_in_part_is_never_read_as_it_lies(killed: Path) -> None:
    assert uri_to_read(killed, refused=True).endswith("mode=rw")
    AccountStore(killed.parent).accounts()
    assert uri_to_read(killed, refused=True).endswith("immutable=1")


def test_a_home_of_any_name_keeps_its_databases_and_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(home=tmp_path / ODD)
    settings.home.mkdir()
    path = settings.home / "mlflow.db"
    assert path_of(settings.tracking_uri) == path
    written = tracking.connect(settings.tracking_uri)
    run_id = written.create_run("a run", {}, {})
    written.client._tracking_client.store.engine.dispose()
    assert os.listdir(tmp_path) == [ODD]
    assert path.stat().st_size
    assert problem_of(path) == ""
    assert tracking.connect_to_read(sqlalchemy_uri(path)).get_run(run_id).info.run_name == "a run"
    assert os.listdir(tmp_path) == [ODD]
    AccountStore(settings.home).add("ada", Role.ADMIN, None)
    assert [own.name for own in AccountStore(settings.home).accounts()] == ["ada"]
