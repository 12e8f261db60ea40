"""Runs and their curves, kept by MLflow: parameters, tags, metrics; files beside it in `runs/<id>/`."""

import json
import logging
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.entities import Run as MlflowRun
from mlflow.exceptions import MlflowException
from pydantic import BaseModel, ConfigDict

from wildcam.errors import RunError, one_of
from wildcam.runs.lock import Lock, is_held
from wildcam.runs.states import Kind, State, effective_state
from wildcam.settings import Settings

EXPERIMENT = "wildcam"
POINT_COLUMNS = ("metric", "step", "wall_time", "value")
"""Columns of a table of points; `wall_time` in seconds since 1970."""

_MLFLOW_STATUS = {
    State.QUEUED: "SCHEDULED", State.RUNNING: "RUNNING", State.FINISHED: "FINISHED",
    State.STOPPED: "KILLED", State.FAILED: "FAILED",
}  # fmt: skip


class Progress(BaseModel):
    """The worker's last sign of life: what it does, how far it is. Written every second."""

    model_config = ConfigDict(frozen=True)

    phase: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True)
class Run:
    """A run as a reader sees it now."""

    id: str
    name: str
    kind: Kind
    state: State
    reason: str  # one sentence on how it ended, if it did not end well
    params: dict[str, str]
    tags: dict[str, str]
    metrics: dict[str, float]  # the last value of each
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    folder: Path

    @property
    def log_path(self) -> Path:
        """Everything that the worker printed."""
        return self.folder / "worker.log"

    @property
    def progress(self) -> Progress:
        """Where the worker is; empty before its first sign."""
        try:
            return Progress.model_validate_json((self.folder / "progress.json").read_bytes())
        except FileNotFoundError:
            return Progress()

    def log_tail(self, lines: int = 200) -> str:
        """The end of the log."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as file:
            file.seek(max(0, self.log_path.stat().st_size - 400 * lines))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


class RunStore:
    """Create, read and mark runs. Many may read; each run has one writer, its worker."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = _connect(settings.tracking_uri)
        self.experiment_id = _experiment(settings.tracking_uri)

    def create(self, kind: Kind, name: str, params: BaseModel) -> Run:
        """A new run that nobody works on yet; `wildcam.runs.local.launch` gives it a worker."""
        tags = {"wildcam.kind": str(kind), "mlflow.source.name": "wildcam"}
        created = self.client.create_run(self.experiment_id, tags=tags, run_name=name)
        values = params.model_dump(mode="json").items()
        self.client.log_batch(created.info.run_id, params=[Param(key, str(value)) for key, value in values])
        self.enqueue(created.info.run_id)
        return self.get(created.info.run_id)

    def get(self, run_id: str) -> Run:
        """The run of that id, or of an unambiguous beginning of it. Raises `UsageError` if there is none."""
        try:
            return self._read(self.client.get_run(run_id))
        except MlflowException:
            runs = self.all()
        found = [run for run in runs if run.id.startswith(run_id) or run.name == run_id]
        if len(found) != 1:
            raise one_of("run", run_id, [f"{run.id[:8]} ({run.name})" for run in runs])
        return found[0]

    def all(self, kind: Kind | None = None) -> list[Run]:
        """All runs, newest first."""
        wanted = f"tags.`wildcam.kind` = '{kind}'" if kind else ""
        page = self.client.search_runs(
            [self.experiment_id], wanted, ViewType.ACTIVE_ONLY, max_results=1000, order_by=["start_time DESC"]
        )
        return [self._read(run) for run in page]

    def queue(self) -> list[Run]:
        """Runs that wait for a slot, the next one first."""
        waiting = self.client.search_runs([self.experiment_id], f"tags.`wildcam.state` = '{State.QUEUED}'")
        runs = [self._read(run) for run in waiting]
        return sorted(
            (run for run in runs if run.state in (State.QUEUED, State.STOPPING)),
            key=lambda run: (run.submitted_at, run.id),
        )

    def enqueue(self, run_id: str) -> None:
        """Put a run (again) at the end of the queue; older stop requests are forgotten."""
        now = str(time.time())
        tags = {"wildcam.state": str(State.QUEUED), "wildcam.submitted_at": now, "wildcam.stop": "", "wildcam.reason": ""}
        self._set_tags(run_id, tags)
        self.client.update_run(run_id, status=_MLFLOW_STATUS[State.QUEUED])

    def mark(self, run_id: str, state: State, reason: str = "") -> None:
        """Write the state (the worker does)."""
        self._set_tags(run_id, {"wildcam.state": str(state), "wildcam.reason": reason})
        if state is State.RUNNING:
            self._set_tags(run_id, {"wildcam.started_at": str(time.time())})
            self.client.update_run(run_id, status=_MLFLOW_STATUS[state])
        else:
            self.client.set_terminated(run_id, status=_MLFLOW_STATUS[state])

    def request_stop(self, run_id: str) -> None:
        """Ask the worker to stop. Raises `RunError` where nothing runs."""
        run = self.get(run_id)
        if not run.state.is_live:
            raise RunError(f"Run {run.name} is {run.state}: there is nothing to stop.")
        self.client.set_tag(run.id, "wildcam.stop", "1")

    def is_stop_requested(self, run_id: str) -> bool:
        """Whether somebody asked this run to stop."""
        return bool(self.client.get_run(run_id).data.tags.get("wildcam.stop"))

    def log_points(self, run_id: str, points: Sequence[Metric]) -> None:
        """Append points of curves."""
        for start in range(0, len(points), 1000):  # MLflow's largest batch
            self.client.log_batch(run_id, metrics=list(points[start : start + 1000]))

    def curves(self, run_id: str, metrics: Iterable[str]) -> pd.DataFrame:
        """Points of the metrics, `POINT_COLUMNS`, in order of step, one a step.

        Where a run was resumed, points after the checkpoint that it went on from are not shown twice.
        """
        cuts = json.loads(self.client.get_run(run_id).data.tags.get("wildcam.resumes", "[]"))
        rows = [
            (name, point.step, point.timestamp / 1000, point.value)
            for name in metrics
            for point in self.client.get_metric_history(run_id, name)
        ]
        table = pd.DataFrame(rows, columns=list(POINT_COLUMNS)).astype({"step": "int64", "value": "float64"})
        for cut in cuts:
            per_epoch = ~table["metric"].isin(STEP_METRICS)
            last = per_epoch.map({True: cut["epoch"], False: cut["step"]})
            table = table[(table["wall_time"] >= cut["time"]) | (table["step"] <= last)]
        table = table.sort_values(["metric", "step", "wall_time"], kind="stable")
        return table.drop_duplicates(["metric", "step"], keep="last").reset_index(drop=True)

    def note_resume(self, run_id: str, *, epoch: int, step: int) -> None:
        """Remember that the run goes on from the end of `epoch` (global `step`)."""
        cuts = json.loads(self.client.get_run(run_id).data.tags.get("wildcam.resumes", "[]"))
        cuts.append({"epoch": epoch, "step": step, "time": time.time()})
        self.client.set_tag(run_id, "wildcam.resumes", json.dumps(cuts))

    def set_tag(self, run_id: str, name: str, value: str) -> None:
        """Keep a fact of the run under `wildcam.<name>`."""
        self.client.set_tag(run_id, f"wildcam.{name}", value[:5000])

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name."""
        self.client.update_run(run_id, name=name)

    def delete(self, run_id: str) -> None:
        """Remove a run and free its disk. Raises `RunError` while a worker lives."""
        run = self.get(run_id)
        lock = Lock.acquire(run.folder / "worker.lock", timeout_seconds=0.2)
        if lock is None:
            raise RunError(f"Run {run.name} is {run.state}: stop it before deleting it.")
        self.client.delete_run(run.id)
        shutil.rmtree(run.folder, ignore_errors=True)
        lock.release()

    def folder(self, run_id: str) -> Path:
        """The run's own files."""
        return self.settings.runs_dir / run_id

    def _read(self, run: MlflowRun) -> Run:
        folder = self.folder(run.info.run_id)
        tags = run.data.tags
        stored = State(tags.get("wildcam.state", State.QUEUED))
        if stored in (State.QUEUED, State.RUNNING) and not is_held(folder / "worker.lock"):
            # The worker may have ended between the two looks: what it wrote last counts.
            run = self.client.get_run(run.info.run_id)
            tags = run.data.tags
            stored = State(tags.get("wildcam.state", State.QUEUED))
            state = effective_state(stored, alive=False, stop_requested=False)
        else:
            state = effective_state(stored, alive=True, stop_requested=bool(tags.get("wildcam.stop")))
        return Run(
            id=run.info.run_id,
            name=run.info.run_name,
            kind=Kind(tags["wildcam.kind"]),
            state=state,
            reason=tags.get("wildcam.reason", "") or _lost_reason(state),
            params=dict(run.data.params),
            tags={key.removeprefix("wildcam."): value for key, value in tags.items() if key.startswith("wildcam.")},
            metrics=dict(run.data.metrics),
            submitted_at=_time(tags.get("wildcam.submitted_at")) or datetime.fromtimestamp(0, UTC),
            started_at=_time(tags.get("wildcam.started_at")),
            ended_at=datetime.fromtimestamp(run.info.end_time / 1000, UTC) if run.info.end_time else None,
            folder=folder,
        )

    def _set_tags(self, run_id: str, tags: dict[str, str]) -> None:
        self.client.log_batch(run_id, tags=[RunTag(key, value) for key, value in tags.items()])


STEP_METRICS = ("step_loss", "step_accuracy", "step_learning_rate", "photographs_per_second")
"""Metrics whose step counts batches; all others count epochs."""


def _time(seconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None


def _lost_reason(state: State) -> str:
    return "Its worker ended without a word (killed, or the machine went down)." if state is State.LOST else ""


@cache
def _connect(uri: str) -> MlflowClient:
    for name in ("alembic", "mlflow.store.db.utils"):  # they announce every migration of a new database
        logging.getLogger(name).setLevel(logging.WARNING)
    if not uri.startswith("sqlite:///"):
        return MlflowClient(uri)
    path = Path(uri.removeprefix("sqlite:///"))
    lock = Lock.acquire(path.with_suffix(".lock"), timeout_seconds=60)  # two first users would both migrate
    if lock is None:
        raise RunError(f"{path} is being set up by another process for over a minute: try again.")
    try:
        client = MlflowClient(uri)
        client.search_experiments(max_results=1)
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA journal_mode=WAL")  # readers do not wait for the writer
        database.close()
        return client
    finally:
        lock.release()


@cache
def _experiment(uri: str) -> str:
    client = _connect(uri)
    found = client.get_experiment_by_name(EXPERIMENT)
    if found:
        return str(found.experiment_id)
    try:
        return str(client.create_experiment(EXPERIMENT))
    except MlflowException:  # another process made it meanwhile
        return str(client.get_experiment_by_name(EXPERIMENT).experiment_id)
