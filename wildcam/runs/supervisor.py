"""The parent of one worker: passes a request to stop on, kills a worker that does not answer, records how it ended.

`python -m wildcam.runs.supervisor MODULE RUN_ID FOLDER ANSWER_SECONDS END_SECONDS`

It outlives the app, holds nothing, and is small: the standard library only. Only a parent knows for certain which
process a number names, so nobody else kills.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wildcam.runs.exit_record import EXIT_RECORD_FILE, HEARD_FILE, STOP_FILE, ExitRecord
from wildcam.runs.states import State

LOCK_VARIABLE = "WILDCAM_LOCK_DESCRIPTOR"
POLL_SECONDS = 0.25


class Supervisor:
    """Looks after a worker from its start to its end."""

    def __init__(self, worker: subprocess.Popen, folder: Path, answer_seconds: float, end_seconds: float) -> None:
        self.worker = worker
        self.folder = folder
        self.answer_seconds = answer_seconds
        self.end_seconds = end_seconds
        self.stop_requested = False

    def watch(self) -> int:
        """Wait for the end; returns the worker's exit code."""
        asked_at: float | None = None
        while (code := self._wait()) is None:
            if asked_at is None:
                if self.stop_requested or (self.folder / STOP_FILE).exists():
                    asked_at = time.monotonic()
                    self.worker.terminate()  # reaches it sooner than its next heartbeat
                continue
            heard = (self.folder / HEARD_FILE).exists()
            patience = self.end_seconds if heard else self.answer_seconds
            if time.monotonic() - asked_at >= patience:
                self._kill(f"did not end within {patience:g} s" if heard else f"did not answer within {patience:g} s")
        if code and not self._exit_record().stored_state:
            self._write(ExitRecord(exit_code=code))
        return code

    def _wait(self) -> int | None:
        try:
            return self.worker.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def _kill(self, why: str) -> None:
        """The exit record comes first: a reader never sees a run that was stopped as lost."""
        sentence = f"Its worker {why} of being asked to stop and was killed; the last checkpoint is kept."
        self._write(ExitRecord(State.STOPPED, sentence))
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)  # its own group: helpers of the worker go, too

    def _exit_record(self) -> ExitRecord:
        return ExitRecord.read(self.folder / EXIT_RECORD_FILE)

    def _write(self, record: ExitRecord) -> None:
        with suppress(OSError):  # the folder may be gone, the run deleted
            if self.folder.exists():
                record.write(self.folder / EXIT_RECORD_FILE)


@contextmanager
def _handed_on() -> Iterator[tuple[int, ...]]:
    """The lock is the worker's alone: a lock that its parent held, too, would make a dead worker look alive."""
    descriptor = os.environ.get(LOCK_VARIABLE)
    try:
        yield (int(descriptor),) if descriptor else ()
    finally:
        if descriptor:
            os.close(int(descriptor))


def main(module: str, run_id: str, folder: str, answer_seconds: str, end_seconds: str) -> int:
    """Start the worker and watch it; returns its exit code."""
    with _handed_on() as descriptors:
        worker = subprocess.Popen([sys.executable, "-m", module, run_id], pass_fds=descriptors, process_group=0)
    supervisor = Supervisor(worker, Path(folder), float(answer_seconds), float(end_seconds))

    def pass_on(*_: object) -> None:
        supervisor.stop_requested = True

    signal.signal(signal.SIGTERM, pass_on)
    return abs(supervisor.watch())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
