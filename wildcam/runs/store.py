"""Runs and their curves, kept by MLflow: parameters, tags, metrics; files beside it in `runs/<id>/`."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pandas as pd
from mlflow.entities import LifecycleStage, Metric, Param, RunTag
from mlflow.entities import Run as MlflowRun
from mlflow.exceptions import MlflowException
from pydantic import BaseModel

from wildcam.errors import RunError, UsageError, one_of
from wildcam.runs.exit_record import EXIT_RECORD_FILE, HEARD_FILE, STOP_FILE, ExitRecord
from wildcam.runs.folders import remove_folder
from wildcam.runs.lock import HANDOVER_SECONDS, Lock, is_held
from wildcam.runs.points import Resume, points_table, to_points
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State, effective_state
from wildcam.runs.tracking import connect, erase, read_history
from wildcam.settings import Settings

EPOCH_METRICS = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "val_macro_f1", "learning_rate")
"""Metrics whose step counts epochs."""

STEP_METRICS = ("step_loss", "step_accuracy", "step_learning_rate", "images_per_second")
"""Metrics whose step counts batches."""

SYSTEM_PREFIX = "system/"
SYSTEM_METRICS = (
    "system/cpu_utilization_percentage",
    "system/system_memory_usage_percentage",
    "system/system_memory_usage_megabytes",
    "system/gpu_0_utilization_percentage",
    "system/gpu_0_memory_usage_percentage",
    "system/gpu_0_memory_usage_megabytes",
    "system/gpu_0_power_usage_watts",
    "system/gpu_0_power_usage_percentage",
)
"""Use of the machine, under MLflow's names; their step counts samples. More GPUs follow as `system/gpu_1_…`."""

POINT_COLUMNS = ("metric", "step", "wall_time", "value")
"""Columns of a table of points; `wall_time` in seconds since 1970."""

LOGGED_TAG = "wildcam.logged"
"""Differs after every write of points: the time of the latest point, in milliseconds, and a chance word."""

RESUMES_TAG = "wildcam.resumes"
NOTE_TAG = "mlflow.note.content"  # what MLflow's own page shows as the run's description
USER_PREFIX = "wildcam.user."

_MLFLOW_STATUS = {
    State.QUEUED: "SCHEDULED",
    State.RUNNING: "RUNNING",
    State.FINISHED: "FINISHED",
    State.STOPPED: "KILLED",
    State.FAILED: "FAILED",
}
_MOST_RUNS = 50_000  # MLflow's largest page
_MOST_POINTS = 1_000  # its largest batch
_MOST_NAMED = 10  # runs that an error lists
_LONGEST_NAME = 200
_LONGEST_TEXT = 5_000  # MLflow keeps 8,000 characters of a tag; a note or a tag of a user is refused rather than cut
_QUEUE_SECONDS = 10.0  # how long the queue's order may be in other hands
_APART = 1e-3  # between two places of the queue
_WAITING = f"tags.`wildcam.state` = '{State.QUEUED}'"


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
        waiting = [run for run in self._search(_WAITING) if run.state.is_live]
        return sorted(waiting, key=lambda run: (_place(run), run.id))

    def enqueue(self, run_id: str) -> None:
        """Put a run (again) at the end of the queue; older stop requests are forgotten."""
        folder = self.folder(run_id)
        (folder / STOP_FILE).unlink(missing_ok=True)
        (folder / HEARD_FILE).unlink(missing_ok=True)
        ExitRecord.reserve(folder / EXIT_RECORD_FILE)
        with self._queue_lock():
            last = max(map(_place, self._search(_WAITING)), default=0.0)
            now = time.time()
            self.client.update_run(run_id, status=_MLFLOW_STATUS[State.QUEUED])
            tags = {"state": str(State.QUEUED), "submitted_at": str(now), "stop": "", "reason": ""}
            self._set_tags(run_id, tags | {"place": repr(max(now, last + _APART))})

    def move(self, run_id: str, to_position: int) -> None:
        """Give a waiting run another position in the queue: 1 is the next to compute, a large number the last.

        Workers see it at their next look. Raises `UsageError`, or `RunError` where the run does not wait.
        """
        if to_position < 1:
            raise UsageError(f"Received position {to_position}: the queue begins with position 1.")
        run = self.get(run_id)
        with self._queue_lock():
            waiting = self.queue()
            rest = [other for other in waiting if other.id != run.id]
            if len(rest) == len(waiting):
                raise RunError(f"Run {run.name} is {run.state}: only a waiting run has a position in the queue.")
            places = [_place(other) for other in waiting]
            for other, place in zip([*rest[: to_position - 1], run, *rest[to_position - 1 :]], places, strict=True):
                if _place(other) != place:
                    self.set_tag(other.id, "place", repr(place))

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
        """Ask the worker to stop; a run that still waits is stopped at once. Raises `RunError` where nothing runs."""
        run = self.get(run_id)
        if not run.state.is_live:
            raise RunError(f"Run {run.name} is {run.state}: there is nothing to stop.")
        self.set_tag(run.id, "stop", "1")
        with suppress(OSError):  # the tag says it, too; the file is for who looks after the worker
            (run.folder / STOP_FILE).touch()
        if run.state is State.QUEUED:
            self.mark(run.id, State.STOPPED)

    def cancel(self, run_id: str) -> None:
        """Take a waiting run out of the queue: it is stopped at once. Raises `RunError` where it does not wait."""
        run = self.get(run_id)
        if run.state is not State.QUEUED:
            raise RunError(f"Run {run.name} is {run.state}: only a waiting run can be cancelled.")
        self.request_stop(run.id)

    def is_stop_requested(self, run_id: str) -> bool:
        """Whether somebody asked this run to stop."""
        return bool(self.client.get_run(run_id).data.tags.get("wildcam.stop"))

    def log_points(self, run_id: str, points: Sequence[Metric]) -> None:
        """Append points of curves; one that is there already is not doubled."""
        for start in range(0, len(points), _MOST_POINTS):
            batch = list(points[start : start + _MOST_POINTS])
            sign = RunTag(LOGGED_TAG, f"{max(point.timestamp for point in batch)} {uuid4().hex[:8]}")
            self.client.log_batch(run_id, metrics=batch, tags=[sign])  # MLflow writes them in this order

    def last_point_time(self, run_id: str) -> int:
        """When the last point was logged or the last resume noted, in milliseconds since 1970; 0 before the first."""
        logged = self.client.get_run(run_id).data.tags.get(LOGGED_TAG, "0").split()[0]
        return max([int(logged), *(int(resume.time * 1000) for resume in self._resumes(run_id))])

    def last_step(self, run_id: str, metric: str) -> int:
        """The highest step of a metric; 0 before its first point."""
        return max((point.step for point in read_history(self.client, run_id, metric)), default=0)

    def curves(self, run_id: str, metrics: Iterable[str]) -> pd.DataFrame:
        """Points of the metrics, `POINT_COLUMNS`, in order of step, one a step.

        Where a run was resumed, points after the checkpoint that it went on from are not shown twice.
        To watch a run, keep a `CurveReader`: it reads new points only.
        """
        histories = {name: to_points(read_history(self.client, run_id, name)) for name in metrics}
        cuts = self.cuts(run_id)  # after the points: a resume comes before the points that follow it
        return points_table([(name, points.kept(cuts(name))) for name, points in histories.items()])

    def cuts(self, run_id: str) -> Callable[[str], list[tuple[float, int]]]:
        """For a metric: at each resume, its time and the last step that still counts. The machine's use has none."""
        resumes = self._resumes(run_id)

        def cuts_of(metric: str) -> list[tuple[float, int]]:
            if metric.startswith(SYSTEM_PREFIX):
                return []
            return [(one.time, one.step if metric in STEP_METRICS else one.epoch) for one in resumes]

        return cuts_of

    def note_resume(self, run_id: str, *, epoch: int, step: int, at: float) -> None:
        """Remember that the run goes on from the end of `epoch` (global `step`); `at` by the clock of its points."""
        resumes = [*self._resumes(run_id), Resume(epoch, step, at)]
        self.client.set_tag(run_id, RESUMES_TAG, json.dumps([asdict(resume) for resume in resumes]))

    def set_tag(self, run_id: str, name: str, value: str) -> None:
        """Keep a fact of the run under `wildcam.<name>`."""
        self.client.set_tag(run_id, f"wildcam.{name}", value[:5000])

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name. Raises `UsageError` for an empty or a very long one."""
        self.client.update_run(run_id, name=_text("name", name, _LONGEST_NAME))

    def set_note(self, run_id: str, text: str) -> None:
        """Keep a text with the run, as MLflow's description; an empty one removes it. Raises `UsageError`."""
        if len(text) > _LONGEST_TEXT:
            raise UsageError(f"Received a note of {len(text):,} characters: {_LONGEST_TEXT:,} are kept.")
        self.client.set_tag(run_id, NOTE_TAG, text)

    def set_user_tag(self, run_id: str, name: str, value: str = "") -> None:
        """Label a run for finding it again: a name, and a value where one is wanted. Raises `UsageError`."""
        name = _text("tag", name, _LONGEST_NAME)
        if not all(sign.isalnum() or sign in "_-. /:" for sign in name):
            raise UsageError(f"Received the tag {name!r}: expected letters, digits, spaces and _ - . / : only.")
        if len(value) > _LONGEST_TEXT:
            raise UsageError(f"Received a value of {len(value):,} characters: {_LONGEST_TEXT:,} are kept.")
        self.client.set_tag(run_id, USER_PREFIX + name, value)

    def remove_user_tag(self, run_id: str, name: str) -> None:
        """Take a label off. Raises `UsageError` where the run has none of that name."""
        run = self.get(run_id)
        if name not in run.user_tags:
            raise one_of("tag", name, list(run.user_tags))
        self.client.delete_tag(run.id, USER_PREFIX + name)

    def delete(self, run_id: str) -> None:
        """Remove a run and free its disk: files first, so that one that was half deleted is listed still.

        Raises `RunError` while a worker lives, or where a file cannot be removed.
        """
        run = self.get(run_id)
        lock = None if run.state.is_live else Lock.acquire(run.lock_path, timeout_seconds=HANDOVER_SECONDS)
        if lock is None:
            raise RunError(f"Run {run.name} is {run.state}: stop it before deleting it.")
        with lock:
            remove_folder(run.folder)
            erase(self.client, run.id)

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
        user_tags = _with_prefix(run.data.tags, USER_PREFIX)
        tags = {
            name: value
            for name, value in _with_prefix(run.data.tags, "wildcam.").items()
            if f"wildcam.{name}" not in (LOGGED_TAG, RESUMES_TAG) and not f"wildcam.{name}".startswith(USER_PREFIX)
        }
        state = effective_state(_stored_state(run), alive=run_id in alive, stop_requested=bool(tags.get("stop")))
        reason = tags.get("reason", "")
        if state is State.MISSED_ANIMAL:
            ending = ExitRecord.read(self.folder(run_id) / EXIT_RECORD_FILE)
            state, reason = ending.state or State.MISSED_ANIMAL, ending.reason
        return Run(
            id=run_id,
            name=run.info.run_name,
            kind=Kind(tags["kind"]),
            state=state,
            reason=reason,
            params=dict(run.data.params),
            tags=tags,
            metrics=dict(run.data.metrics),
            submitted_at=_time(tags["submitted_at"]) if "submitted_at" in tags else _time(run.info.start_time / 1000),
            started_at=_time(tags["started_at"]) if "started_at" in tags else None,
            ended_at=_time(run.info.end_time / 1000) if run.info.end_time and not _claims_to_live(run) else None,
            folder=self.folder(run_id),
            note=run.data.tags.get(NOTE_TAG, ""),
            user_tags=user_tags,
        )

    def _resumes(self, run_id: str) -> list[Resume]:
        return [Resume(**one) for one in json.loads(self.client.get_run(run_id).data.tags.get(RESUMES_TAG, "[]"))]

    @contextmanager
    def _queue_lock(self) -> Iterator[None]:
        """One at a time changes the order of the queue."""
        lock = Lock.acquire(self.settings.home / "queue.lock", timeout_seconds=_QUEUE_SECONDS)
        if lock is None:
            raise RunError(f"Another process has been changing the queue for {_QUEUE_SECONDS:.0f} s: try again.")
        with lock:
            yield

    def _set_tags(self, run_id: str, tags: dict[str, str]) -> None:
        self.client.log_batch(run_id, tags=[RunTag(f"wildcam.{name}", value) for name, value in tags.items()])


def _stored_state(run: MlflowRun) -> State:
    return State(run.data.tags.get("wildcam.state", State.QUEUED))


def _claims_to_live(run: MlflowRun) -> bool:
    return _stored_state(run).is_live


def _time(seconds: float | str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _place(run: Run) -> float:
    return float(run.tags.get("place") or run.submitted_at.timestamp())


def _with_prefix(tags: dict[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in tags.items() if name.startswith(prefix)}


def _text(what: str, received: str, longest: int) -> str:
    text = received.strip()
    if not 0 < len(text) <= longest:
        raise UsageError(f"Received a {what} of {len(text)} characters: expected 1 to {longest}.")
    return text
