"""The connection to MLflow: a SQLite file, set up at first use, or a tracking server."""

import logging
import sqlite3
from functools import cache
from pathlib import Path

from mlflow import MlflowClient

from wildcam.errors import RunError
from wildcam.runs.lock import Lock

EXPERIMENT = "wildcam"


@cache
def connect(uri: str) -> tuple[MlflowClient, str]:
    """A client, shared by all threads, and the id of the experiment that holds every run."""
    for name in ("alembic", "mlflow.store.db.utils"):  # they announce every migration of a new database
        logging.getLogger(name).setLevel(logging.WARNING)
    if not uri.startswith("sqlite:///"):
        return _open(uri)
    path = Path(uri.removeprefix("sqlite:///"))
    lock = Lock.acquire(path.with_suffix(".lock"), timeout_seconds=60)
    if lock is None:
        raise RunError(f"{path} is being set up by another process for over a minute: try again.")
    with lock:  # two first users would both make the tables
        _let_readers_in(path)
        return _open(uri)


def _let_readers_in(path: Path) -> None:
    """Switch the file to write-ahead logging for good: readers do not wait for the writer, nor it for them."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


def _open(uri: str) -> tuple[MlflowClient, str]:
    client = MlflowClient(uri)
    found = client.get_experiment_by_name(EXPERIMENT)
    return client, found.experiment_id if found else client.create_experiment(EXPERIMENT)
