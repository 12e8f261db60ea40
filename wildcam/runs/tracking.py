"""The connection to MLflow, a SQLite file or a tracking server: the one place that calls its client."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST, ErrorCode
from mlflow.utils.search_utils import SearchUtils

from wildcam.counting import counted
from wildcam.errors import RunError
from wildcam.runs.failures import explain
from wildcam.runs.lock import Lock
from wildcam.sqlite_uris import is_sqlite, path_of, sqlalchemy_uri_to_read

EXPERIMENT = "wildcam"
_POINTS_A_PAGE = 25_000  # as many as MLflow's own client asks for at once
_MOST_RUNS = 50_000  # MLflow's largest page
_LONGEST_PARAM = 6_000  # MLflow would cut a longer one, and say nothing
_LONGEST_TAG = 8_000  # likewise
_NO_SUCH_RUN = tuple(map(ErrorCode.Name, (RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE)))


@cache
def connect(uri: str) -> "Tracking":
    """A connection, shared by all threads; a SQLite file is set up at first use. Raises `RunError`."""
    for name in ("alembic", "mlflow.store.db.utils"):  # they announce every migration of a new database
        logging.getLogger(name).setLevel(logging.WARNING)
    if not is_sqlite(uri):
        return Tracking(uri)
    path = path_of(uri)
    try:
        lock = Lock.acquire(path.with_suffix(".lock"), timeout_seconds=60)
        if lock is None:
            raise RunError(f"{path} is being set up by another process for over a minute: try again.")
        with lock:  # two first users would both make the tables
            _check_not_emptied(path)
            _let_readers_in(path)
            return Tracking(uri)
    except (OSError, sqlite3.Error) as error:
        raise RunError(explain(error)) from error


def connect_to_read(uri: str) -> "Tracking":
    """A connection that needs nothing written: for a SQLite file that `connect` could not open. Raises `RunError`."""
    return _connect_to_read(sqlalchemy_uri_to_read(path_of(uri)))


@cache
def _connect_to_read(uri: str) -> "Tracking":
    return Tracking(uri)


class Tracking:
    """What WildCam asks of MLflow. Every method raises `RunError`, in one sentence, where it does not answer."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        with self._errors():
            self.client = MlflowClient(uri)
            found = self.client.get_experiment_by_name(EXPERIMENT)
            self.experiment_id = found.experiment_id if found else self.client.create_experiment(EXPERIMENT)

    def create_run(self, name: str, tags: Mapping[str, str], params: Mapping[str, str]) -> str:
        """The id of a new run. Refuses a parameter that would be cut."""
        for key, value in params.items():
            if len(value) > _LONGEST_PARAM:
                raise RunError(
                    f"Received {key} of {counted(len(value), 'character')}: expected at most {_LONGEST_PARAM:,}."
                )
        with self._errors():
            run_id: str = self.client.create_run(self.experiment_id, tags=dict(tags), run_name=name).info.run_id
            self.client.log_batch(run_id, params=[Param(key, value) for key, value in params.items()])
            return run_id

    def get_run(self, run_id: str) -> Run:
        """The run of that id. Raises `RunError`."""
        with self._errors():
            return self.client.get_run(run_id)

    def find_run(self, run_id: str) -> Run | None:
        """The run of that id; None where there is none, or where it cannot be an id."""
        with self._errors():
            try:
                return self.client.get_run(run_id)
            except MlflowException as error:
                if error.error_code in _NO_SUCH_RUN:
                    return None
                raise

    def search(self, wanted: str, most: int = _MOST_RUNS) -> list[Run]:
        """At most so many runs that fit MLflow's filter, newest first."""
        order = ["attributes.start_time DESC"]
        with self._errors():
            return list(self.client.search_runs([self.experiment_id], wanted, max_results=most, order_by=order))

    def log(self, run_id: str, *, metrics: Sequence[Metric] = (), tags: Mapping[str, str] | None = None) -> None:
        """Write points, then tags. Refuses a tag that would be cut."""
        for name, value in (tags or {}).items():
            if len(value) > _LONGEST_TAG:
                raise RunError(
                    f"Received {name} of {counted(len(value), 'character')}: expected at most {_LONGEST_TAG:,}."
                )
        run_tags = [RunTag(name, value) for name, value in (tags or {}).items()]
        with self._errors():
            self.client.log_batch(run_id, metrics=list(metrics), tags=run_tags)

    def delete_tag(self, run_id: str, name: str) -> None:
        """Take a tag off."""
        with self._errors():
            self.client.delete_tag(run_id, name)

    def update_run(self, run_id: str, *, status: str | None = None, name: str | None = None) -> None:
        """Change MLflow's status of a run, or its name."""
        with self._errors():
            self.client.update_run(run_id, status=status, name=name)

    def end_run(self, run_id: str, status: str) -> None:
        """Write MLflow's last status of a run, and the time."""
        with self._errors():
            self.client.set_terminated(run_id, status=status)

    def read_history(self, run_id: str, metric: str, start: int = 0) -> list[Metric]:
        """A metric's points in order of time, step and value, from position `start` on.

        `MlflowClient` has no question for the rest of a history; its stores have, and both SQL and server heed it.
        """
        store = self.client._tracking_client.store
        points: list[Metric] = []
        token = SearchUtils.create_page_token(start).decode() if start else None
        with self._errors():
            while True:
                page = store.get_metric_history(run_id, metric, max_results=_POINTS_A_PAGE, page_token=token)
                points += page
                token = page.token
                if token is None:
                    return points

    def erase(self, run_id: str) -> None:
        """Delete a run; from a database, with its points, as `mlflow gc` does. A server keeps it until its own gc."""
        erase_rows: Callable[[str], None] | None
        with self._errors():
            self.client.delete_run(run_id)
            if erase_rows := getattr(self.client._tracking_client.store, "_hard_delete_run", None):
                erase_rows(run_id)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """MLflow's errors as one sentence with what to do."""
        try:
            yield
        except MlflowException as error:
            if is_sqlite(self.uri):
                raise RunError(explain(error)) from error
            first_line = str(error).strip().split("\n")[0][:300]
            raise RunError(
                f"The tracking server {self.uri} did not answer as expected: check that it runs and that "
                f"WILDCAM_TRACKING is its address. It says: {first_line}"
            ) from error


def _check_not_emptied(path: Path) -> None:
    """A new file is made only where there are no runs: else all of them would be out of sight without a word."""
    is_empty = not path.exists() or not path.stat().st_size
    if is_empty and any((path.parent / "runs").glob("[!.]*")):
        raise RunError(
            f"{path} is {'empty' if path.exists() else 'gone'}, and there are runs: `wildcam doctor --mend` puts a "
            "daily copy in its place."
        )


def _let_readers_in(path: Path) -> None:
    """Switch the file to write-ahead logging for good: readers do not wait for the writer, nor it for them."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()
