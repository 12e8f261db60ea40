"""Reading runs: one by id or name, or all, each in the state that it is really in."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mlflow.entities import LifecycleStage
from mlflow.entities import Run as MlflowRun

from wildcam.counting import counted
from wildcam.disk import refusal_of
from wildcam.errors import RunError, UsageError, one_of
from wildcam.runs.exit_record import EXIT_RECORD_FILE, ExitRecord
from wildcam.runs.fact_tags import read_facts
from wildcam.runs.lock import is_held
from wildcam.runs.obstacle import find_obstacle
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State, effective_state
from wildcam.runs.tags import NOTE_TAG, USER_PREFIX, Tag, named
from wildcam.runs.tracking import Tracking, connect, connect_to_read
from wildcam.settings import Settings

_ENDED_STATUS = ("FINISHED", "FAILED", "KILLED")  # of MLflow
_MOST_NAMED = 10  # runs that an error lists


class RunReader:
    """Reads runs. Many may read at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tracking = _open(settings)

    def get(self, run_id: str) -> Run:
        """The run of that id, or of an unambiguous beginning of it, or of that name. Raises `UsageError`.

        Raises `RunError` where MLflow does not answer.
        """
        found = self._read(lambda: [run for run in [self.tracking.find_run(run_id)] if run])
        runs: list[Run] = []
        if not found:
            runs = self.all()
            found = [run for run in runs if run.id.startswith(run_id) or run.name == run_id]
        if len(found) == 1:
            return found[0]
        known = [f"{run.id[:8]} ({run.name})" for run in (found or runs)[:_MOST_NAMED]]
        if found:
            raise UsageError(f"{run_id!r} fits {counted(len(found), 'run')}: {', '.join(known)}. Give more of the id.")
        raise one_of("run", run_id, known)

    def all(self, kind: Kind | None = None) -> list[Run]:
        """All runs, newest first."""
        queued_once = f"tags.`{Tag.STATE}` != ''"
        return self._search(f"{queued_once} and tags.`{Tag.KIND}` = '{kind}'" if kind else queued_once)

    def live(self) -> list[Run]:
        """Runs behind which a worker stands, newest first; far cheaper than `all`."""
        return [run for run in self.without_end() if run.state.is_live]

    def without_end(self) -> list[Run]:
        """Runs that have stored no end, newest first: the live ones and the lost ones."""
        not_ended = " and ".join(f"attributes.status != '{status}'" for status in _ENDED_STATUS)
        return self._search(f"tags.`{Tag.STATE}` != '' and {not_ended}")

    def ended_since(self, moment: datetime) -> list[Run]:
        """Runs that ended then or later, newest first."""
        milliseconds = int(moment.timestamp() * 1000)
        return self._search(f"tags.`{Tag.STATE}` != '' and attributes.end_time >= {milliseconds}")

    def latest(self, kind: Kind, state: State, dataset: str = "") -> Run | None:
        """The newest run of a kind (of a data set) that ended in that state."""
        wanted = f"tags.`{Tag.KIND}` = '{kind}' and tags.`{Tag.STATE}` = '{state}'"
        if dataset:
            wanted += f" and params.dataset = '{dataset}'"  # the name of a data set has no quotation mark
        return next(iter(self._search(wanted, most=1)), None)

    def of_dataset(self, dataset: str) -> list[Run]:
        """Runs that name this data set, newest first."""
        return self._search(f"tags.`{Tag.STATE}` != '' and params.dataset = '{dataset}'")

    def folder(self, run_id: str) -> Path:
        """The run's own files."""
        return self.settings.runs_dir / run_id

    def _search(self, wanted: str, most: int | None = None) -> list[Run]:
        return self._read(lambda: self.tracking.search(wanted, most) if most else self.tracking.search(wanted))

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
        run_id, tags = run.info.run_id, run.data.tags
        folder = self.folder(run_id)
        state = effective_state(_stored_state(run), alive=run_id in alive, stop_requested=bool(tags.get(Tag.STOP)))
        reason = tags.get(Tag.REASON, "")
        if state is State.LOST:
            ending = ExitRecord.read(folder / EXIT_RECORD_FILE)
            state, reason = ending.state or State.LOST, ending.reason
        submitted_at = _time(tags[Tag.SUBMITTED_AT] if Tag.SUBMITTED_AT in tags else run.info.start_time / 1000)
        kind = Kind(tags[Tag.KIND])
        return Run(
            id=run_id,
            name=run.info.run_name,
            kind=kind,
            state=state,
            reason=reason,
            params=dict(run.data.params),
            facts=read_facts(kind, tags, folder),
            metrics=dict(run.data.metrics),
            submitted_at=submitted_at,
            started_at=_time(tags[Tag.STARTED_AT]) if Tag.STARTED_AT in tags else None,
            ended_at=_time(run.info.end_time / 1000) if run.info.end_time and not _claims_to_live(run) else None,
            place=float(tags.get(Tag.PLACE) or submitted_at.timestamp()),
            folder=folder,
            note=tags.get(NOTE_TAG, ""),
            user_tags=named(tags, USER_PREFIX),
            sweep=tags.get(Tag.SWEEP, ""),
            made_by=tags.get(Tag.MADE_BY, ""),
            obstacle=find_obstacle(run.data.params, self.settings) if state.can_resume else "",
        )


def _open(settings: Settings) -> Tracking:
    """On a disk that refuses to write, to read alone."""
    try:
        return connect(settings.tracking_uri)
    except RunError as error:
        is_file = not settings.tracking and (settings.home / "mlflow.db").exists()
        if is_file and refusal_of(error):
            return connect_to_read(settings.tracking_uri)
        raise


def _stored_state(run: MlflowRun) -> State:
    return State(run.data.tags.get(Tag.STATE, State.QUEUED))


def _claims_to_live(run: MlflowRun) -> bool:
    return _stored_state(run).is_live


def _time(seconds: float | str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
