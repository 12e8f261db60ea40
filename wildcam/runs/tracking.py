"""The connection to MLflow: a SQLite file, set up at first use, or a tracking server."""

import logging
import sqlite3
from functools import cache
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric
from mlflow.utils.search_utils import SearchUtils

from wildcam.errors import RunError
from wildcam.runs.lock import Lock

EXPERIMENT = "wildcam"
_PAGE = 25_000  # points, as many as MLflow's own client asks for at once


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


def read_history(client: MlflowClient, run_id: str, metric: str, start: int = 0) -> list[Metric]:
    """A metric's points in order of time, step and value, from position `start` on.

    `MlflowClient` has no question for the rest of a history; its stores have, and both SQL and server heed it.
    """
    store = client._tracking_client.store
    points: list[Metric] = []
    token = SearchUtils.create_page_token(start).decode() if start else None
    while True:
        page = store.get_metric_history(run_id, metric, max_results=_PAGE, page_token=token)
        points += page
        token = page.token
        if token is None:
            return points


def erase(client: MlflowClient, run_id: str) -> None:
    """Delete a run; from a database, with its points, as `mlflow gc` does. A server keeps it until its own `mlflow gc`."""
    client.delete_run(run_id)
    if erase_rows := getattr(client._tracking_client.store, "_hard_delete_run", None):
        erase_rows(run_id)


def _let_readers_in(path: Path) -> None:
    """Switch the file to write-ahead logging for good: readers do not wait for the writer, nor it for them."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


def _open(uri: str) -> tuple[MlflowClient, str]:
    client = MlflowClient(uri)
    found = client.get_experiment_by_name(EXPERIMENT)
    return client, found.experiment_id if found else client.create_experiment(EXPERIMENT)
