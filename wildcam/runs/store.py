"""Runs and their curves, kept by MLflow: parameters, tags, metrics; files beside it in `runs/<id>/`."""

import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from mlflow.entities import LifecycleStage, Metric, Param, RunTag
from mlflow.entities import Run as MlflowRun
from mlflow.exceptions import MlflowException
from pydantic import BaseModel

from wildcam.errors import RunError, UsageError, one_of
from wildcam.runs.lock import Lock, is_held
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State, effective_state
from wildcam.runs.tracking import connect
from wildcam.settings import Settings

EPOCH_METRICS = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "val_macro_f1", "learning_rate")
"""Metrics whose step counts epochs."""

STEP_METRICS = ("step_loss", "step_accuracy", "step_learning_rate", "photographs_per_second")
"""Metrics whose step counts batches."""

POINT_COLUMNS = ("metric", "step", "wall_time", "value")
"""Columns of a table of points; `wall_time` in seconds since 1970."""

_MLFLOW_STATUS = {
    State.QUEUED: "SCHEDULED", State.RUNNING: "RUNNING", State.FINISHED: "FINISHED",
    State.STOPPED: "KILLED", State.FAILED: "FAILED",
}  # fmt: skip
_MOST_RUNS = 50_000  # MLflow's largest page
_MOST_POINTS = 1_000  # its largest batch
_MOST_NAMED = 10  # runs that an error lists


class RunStore:
    """Create, read and mark runs. Many may read; each run has one writer, its worker."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client, self.experiment_id = connect(settings.tracking_uri)

    def create(self, kind: Kind, name: str, params: BaseModel) -> Run:
        """A new run that `all` lists once `wildcam.runs.local.launch` has given it a worker."""
        tags = {"wildcam.kind": str(kind), "mlflow.source.name": "wildcam"}
        run_id = self.client.create_run(self.experiment_id, tags=tags, run_name=name).info.run_id
        values = params.model_dump(mode="json").items()
        self.client.log_batch(run_id, params=[Param(key, str(value)) for key, value in values])
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """The run of that id, or of an unambiguous beginning of it, or of that name. Raises `UsageError`."""
        try:
            found = self._read(lambda: [self.client.get_run(run_id)])
        except MlflowException:  # not a whole id
            found = []
        if not found:
            runs = self.all()
            found = [run for run in runs if run.id.startswith(run_id) or run.name == run_id]
        if len(found) == 1:
            return found[0]
        known = [f"{run.id[:8]} ({run.name})" for run in (found or runs)[:_MOST_NAMED]]
        if found:
            raise UsageError(f"{run_id!r} fits {len(found)} runs: {', '.join(known)}. Give more of the id.")
        raise one_of("run", run_id, known)

    def all(self, kind: Kind | None = None) -> list[Run]:
        """All runs, newest first."""
        queued_once = "tags.`wildcam.state` != ''"
        return self._search(f"{queued_once} and tags.`wildcam.kind` = '{kind}'" if kind else queued_once)

    def queue(self) -> list[Run]:
        """Runs that wait for a slot, the next one first."""
        waiting = [run for run in self._search(f"tags.`wildcam.state` = '{State.QUEUED}'") if run.state.is_live]
        return sorted(waiting, key=lambda run: (run.submitted_at, run.id))

    def enqueue(self, run_id: str) -> None:
        """Put a run (again) at the end of the queue; older stop requests are forgotten."""
        self.client.update_run(run_id, status=_MLFLOW_STATUS[State.QUEUED])
        tags = {"state": str(State.QUEUED), "submitted_at": str(time.time()), "stop": "", "reason": ""}
        self._set_tags(run_id, tags)

    def mark(self, run_id: str, state: State, reason: str = "") -> None:
        """Write the state (the worker does). Readers go by the tag, which comes last, when the times are there."""
        tags = {"state": str(state), "reason": reason}
        if state is State.RUNNING:
            self.client.update_run(run_id, status=_MLFLOW_STATUS[state])
            tags["started_at"] = str(time.time())
        else:
            self.client.set_terminated(run_id, status=_MLFLOW_STATUS[state])
        self._set_tags(run_id, tags)

    def request_stop(self, run_id: str) -> None:
        """Ask the worker to stop. Raises `RunError` where nothing runs."""
        run = self.get(run_id)
        if not run.state.is_live:
            raise RunError(f"Run {run.name} is {run.state}: there is nothing to stop.")
        self.set_tag(run.id, "stop", "1")

    def is_stop_requested(self, run_id: str) -> bool:
        """Whether somebody asked this run to stop."""
        return bool(self.client.get_run(run_id).data.tags.get("wildcam.stop"))

    def log_points(self, run_id: str, points: Sequence[Metric]) -> None:
        """Append points of curves; one that is there already is not doubled."""
        for start in range(0, len(points), _MOST_POINTS):
            self.client.log_batch(run_id, metrics=list(points[start : start + _MOST_POINTS]))

    def curves(self, run_id: str, metrics: Iterable[str]) -> pd.DataFrame:
        """Points of the metrics, `POINT_COLUMNS`, in order of step, one a step.

        Where a run was resumed, points after the checkpoint that it went on from are not shown twice.
        """
        rows = [
            (name, point.step, point.timestamp / 1000, point.value)
            for name in metrics
            for point in self.client.get_metric_history(run_id, name)
        ]
        table = pd.DataFrame(rows, columns=list(POINT_COLUMNS))
        table = table.astype({"metric": "str", "step": "int64", "wall_time": "float64", "value": "float64"})
        for resumed in self._resumes(run_id):
            last = table["metric"].isin(STEP_METRICS).map({True: resumed["step"], False: resumed["epoch"]})
            table = table[(table["wall_time"] >= resumed["time"]) | (table["step"] <= last)]
        table = table.sort_values(["metric", "step", "wall_time"], kind="stable")
        return table.drop_duplicates(["metric", "step"], keep="last").reset_index(drop=True)

    def note_resume(self, run_id: str, *, epoch: int, step: int) -> None:
        """Remember that the run goes on from the end of `epoch` (global `step`)."""
        resumes = [*self._resumes(run_id), {"epoch": epoch, "step": step, "time": time.time()}]
        self.client.set_tag(run_id, "wildcam.resumes", json.dumps(resumes))

    def set_tag(self, run_id: str, name: str, value: str) -> None:
        """Keep a fact of the run under `wildcam.<name>`."""
        self.client.set_tag(run_id, f"wildcam.{name}", value[:5000])

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name."""
        self.client.update_run(run_id, name=name)

    def delete(self, run_id: str) -> None:
        """Remove a run and free its disk. Raises `RunError` while a worker lives."""
        run = self.get(run_id)
        lock = Lock.acquire(run.lock_path, timeout_seconds=0.2)
        if lock is None:
            raise RunError(f"Run {run.name} is {run.state}: stop it before deleting it.")
        with lock:
            self.client.delete_run(run.id)
            shutil.rmtree(run.folder, ignore_errors=True)

    def folder(self, run_id: str) -> Path:
        """The run's own files."""
        return self.settings.runs_dir / run_id

    def _search(self, wanted: str) -> list[Run]:
        newest_first = ["attributes.start_time DESC"]
        return self._read(
            lambda: self.client.search_runs([self.experiment_id], wanted, max_results=_MOST_RUNS, order_by=newest_first)
        )

    def _read(self, look: Callable[[], list[MlflowRun]]) -> list[Run]:
        """A run that claims to live with nobody behind it is lost, unless it ended between the looks at the two.

        So after a free lock what the worker wrote last counts: look again.
        """
        found = look()
        alive = self._alive(found)
        if any(_claims_to_live(run) and run.info.run_id not in alive for run in found):
            found = look()
            alive |= self._alive(found)
        return [self._run(run, alive) for run in found if run.info.lifecycle_stage == LifecycleStage.ACTIVE]

    def _alive(self, runs: list[MlflowRun]) -> set[str]:
        ids = (run.info.run_id for run in runs if _claims_to_live(run))
        return {run_id for run_id in ids if is_held(self.folder(run_id) / "worker.lock")}

    def _run(self, run: MlflowRun, alive: set[str]) -> Run:
        run_id = run.info.run_id
        tags = {
            name.removeprefix("wildcam."): value for name, value in run.data.tags.items() if name.startswith("wildcam.")
        }
        state = effective_state(_stored_state(run), alive=run_id in alive, stop_requested=bool(tags.get("stop")))
        return Run(
            id=run_id,
            name=run.info.run_name,
            kind=Kind(tags["kind"]),
            state=state,
            reason=tags.get("reason", "") or _lost_reason(state),
            params=dict(run.data.params),
            tags=tags,
            metrics=dict(run.data.metrics),
            submitted_at=_time(tags["submitted_at"]) if "submitted_at" in tags else _time(run.info.start_time / 1000),
            started_at=_time(tags["started_at"]) if "started_at" in tags else None,
            ended_at=_time(run.info.end_time / 1000) if run.info.end_time and not _claims_to_live(run) else None,
            folder=self.folder(run_id),
        )

    def _resumes(self, run_id: str) -> list[dict[str, float]]:
        return json.loads(self.client.get_run(run_id).data.tags.get("wildcam.resumes", "[]"))

    def _set_tags(self, run_id: str, tags: dict[str, str]) -> None:
        self.client.log_batch(run_id, tags=[RunTag(f"wildcam.{name}", value) for name, value in tags.items()])


def _stored_state(run: MlflowRun) -> State:
    return State(run.data.tags.get("wildcam.state", State.QUEUED))


def _claims_to_live(run: MlflowRun) -> bool:
    return _stored_state(run).is_live


def _time(seconds: float | str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _lost_reason(state: State) -> str:
    return "Its worker ended without a word (killed, or the machine went down)." if state is State.LOST else ""
