"""The state that a worker writes, and the requests to stop that it reads."""

import time
from contextlib import suppress

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.errors import RunError
from wildcam.runs.exit_record import STOP_FILE
from wildcam.runs.reading import RunReader
from wildcam.runs.states import State
from wildcam.runs.tags import Tag

MLFLOW_STATUS = {
    State.QUEUED: "SCHEDULED",
    State.RUNNING: "RUNNING",
    State.FINISHED: "FINISHED",
    State.STOPPED: "KILLED",
    State.FAILED: "FAILED",
}
_LONGEST_REASON = 1_000  # the worker's log has the whole of it


class StateMarks(RunReader):
    """Marks runs. Each run has one writer, its worker."""

    def mark(self, run_id: str, state: State, reason: str = "") -> None:
        """Write the state (the worker does). Readers go by the tag, which comes last, when the times are there."""
        shown = reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]} … (all of it is in the log)"
        tags: dict[str, str] = {Tag.STATE: str(state), Tag.REASON: shown}
        if state is State.RUNNING:
            self.tracking.update_run(run_id, status=MLFLOW_STATUS[state])
            tags[Tag.STARTED_AT] = str(time.time())
        else:
            self.tracking.end_run(run_id, MLFLOW_STATUS[state])
        self.tracking.log(run_id, tags=tags)

    def request_stop(self, run_id: str) -> None:
        """Ask the worker to stop; a run that still waits is stopped at once. Raises `RunError` where nothing runs."""
        run = self.get(run_id)
        permit(Act.STOP_RUN, run.name, made_by=run.made_by)
        if not run.state.is_live:
            raise RunError(f"Run {run.name} is {run.state.display}: only a queued or running run can be stopped.")
        self.tracking.log(run.id, tags={Tag.STOP: "1"})
        with suppress(OSError):  # the tag says it, too; the file is for who looks after the worker
            (run.folder / STOP_FILE).touch()
        if run.state is State.QUEUED:
            self.mark(run.id, State.STOPPED)

    def is_stop_requested(self, run_id: str) -> bool:
        """Whether somebody asked this run to stop."""
        return bool(self.tracking.get_run(run_id).data.tags.get(Tag.STOP))
