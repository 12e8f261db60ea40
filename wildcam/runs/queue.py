"""The queue: runs that wait for a slot, in an order that may be changed; each lane has its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.data.deletion_plan import refuse_while_deleting
from wildcam.errors import RunError, UsageError
from wildcam.runs.exit_record import EXIT_RECORD_FILE, HEARD_FILE, STOP_FILE, ExitRecord
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.state_marks import MLFLOW_STATUS, StateMarks
from wildcam.runs.states import Lane, State
from wildcam.runs.tags import Tag

_LOCK_SECONDS = 10.0  # how long the queue's order may be in other hands
_APART = 1e-3  # between two places of the queue
_WAITING = f"tags.`{Tag.STATE}` = '{State.QUEUED}'"


class RunQueue(StateMarks):
    """Reads and changes the order in which waiting runs get a slot."""

    def queue(self, lane: Lane) -> list[Run]:
        """Runs that wait for a slot of a lane, the next one first."""
        waiting = [run for run in self._search(_WAITING) if run.state.is_live and run.kind.lane is lane]
        return sorted(waiting, key=lambda run: (run.place, run.id))

    def enqueue(self, run_id: str) -> None:
        """Put a run (again) at the end of the queue; older stop requests are forgotten.

        Raises `RunError` while photos are deleted for good.
        """
        folder = self.folder(run_id)
        with self.hold_queue():
            refuse_while_deleting(self.settings.home)
            (folder / STOP_FILE).unlink(missing_ok=True)
            (folder / HEARD_FILE).unlink(missing_ok=True)
            ExitRecord.reserve(folder / EXIT_RECORD_FILE)
            last = max((run.place for run in self._search(_WAITING)), default=0.0)
            now = time.time()
            self.tracking.update_run(run_id, status=MLFLOW_STATUS[State.QUEUED])
            tags: dict[str, str] = {Tag.STATE: str(State.QUEUED), Tag.SUBMITTED_AT: str(now), Tag.STOP: ""}
            self.tracking.log(run_id, tags={**tags, Tag.REASON: "", Tag.PLACE: repr(max(now, last + _APART))})

    def move(self, run_id: str, to_position: int) -> None:
        """Give a waiting run another position in its lane: 1 is next, a large number the last.

        Workers see it at their next look. Raises `UsageError`, or `RunError` where the run does not wait.
        """
        if to_position < 1:
            raise UsageError(f"Received position {to_position}: the queue begins with position 1.")
        run = self.get(run_id)
        permit(Act.STOP_RUN, run.name)
        with self.hold_queue():
            waiting = self.queue(run.kind.lane)
            rest = [other for other in waiting if other.id != run.id]
            if len(rest) == len(waiting):
                raise RunError(f"Run {run.name} is {run.state.display}: only a queued run has a place in the queue.")
            places = [other.place for other in waiting]
            for other, place in zip([*rest[: to_position - 1], run, *rest[to_position - 1 :]], places, strict=True):
                if other.place != place:
                    self.tracking.log(other.id, tags={Tag.PLACE: repr(place)})

    def cancel(self, run_id: str) -> None:
        """Take a waiting run out of the queue: it is stopped at once. Raises `RunError` where it does not wait."""
        run = self.get(run_id)
        if run.state is not State.QUEUED:
            raise RunError(f"Run {run.name} is {run.state.display}: only a queued run can be cancelled.")
        self.request_stop(run.id)

    @contextmanager
    def hold_queue(self) -> Iterator[None]:
        """One at a time changes the queue: within the block nobody else puts a run into it."""
        lock = Lock.acquire(self.settings.home / "queue.lock", timeout_seconds=_LOCK_SECONDS)
        if lock is None:
            raise RunError(f"Another process has been changing the queue for {_LOCK_SECONDS:.0f} s: try again.")
        with lock:
            yield
