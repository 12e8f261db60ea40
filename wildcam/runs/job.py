"""The worker's side of a run: hold the lock, wait for a slot, report, end in a known state."""

import errno
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping

from mlflow.entities import Metric

from wildcam.errors import RunError, WildcamError
from wildcam.runs.local import LOCK_VARIABLE
from wildcam.runs.lock import Lock
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings

BEAT_SECONDS = 1.0
"""How often points and progress are written and requests read."""

QUEUE_SECONDS = 0.5
"""How often a waiting worker looks whether it is its turn."""

_OUT_OF_MEMORY = ("MemoryError", "OutOfMemoryError", "ResourceExhaustedError")  # Python's, torch's, TensorFlow's


class Stopped(Exception):
    """Raised inside a job to end it because a stop was asked for."""


class Job:
    """A run in the hands of its worker. Points and progress leave in the background, once a beat."""

    def __init__(self, store: RunStore, run: Run) -> None:
        self.store = store
        self.run = run
        self.settings = store.settings
        self._progress = Progress(phase="starting")
        self._points: list[Metric] = []
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._keep_beating, name="beat", daemon=True)

    def report(self, **changes: object) -> None:
        """Change some fields of the progress."""
        self._progress = self._progress.model_copy(update=changes)

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add a point to each of the curves."""
        now = int(time.time() * 1000)
        with self._guard:
            self._points += [Metric(name, float(value), now, step) for name, value in metrics.items()]

    def stop_requested(self) -> bool:
        """Whether to end soon. Cheap: ask after every batch."""
        return self._stop.is_set()

    def request_stop(self) -> None:
        """What a signal does: the same as the button."""
        self._stop.set()

    def start(self) -> None:
        """Begin the beat."""
        self._beat.start()

    def end(self) -> None:
        """End the beat and write the rest."""
        self._ended.set()
        self._beat.join()
        self._write()

    def _keep_beating(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            try:
                self._write()
                if self.store.is_stop_requested(self.run.id):
                    self._stop.set()
            except Exception:  # a full disk or a busy store may pass; the work goes on
                traceback.print_exc()

    def _write(self) -> None:
        """Write what has gathered. A busy or full store loses no point: it stays for the next beat."""
        self.run.write_progress(self._progress)
        with self._guard:
            points, self._points = self._points, []
        try:
            self.store.log_points(self.run.id, points)
        except Exception:
            with self._guard:
                self._points = points + self._points
            raise


def carry_out(run_id: str, work: Callable[[Job], None]) -> int:
    """Do a run's work from lock to final state; returns the process's exit code."""
    store = RunStore(load_settings())
    run = store.get(run_id)
    with _own_lock(run):
        job = Job(store, run)
        signal.signal(signal.SIGTERM, lambda *_: job.request_stop())
        job.start()
        state, reason = _end_of(job, work)
        job.end()
        store.mark(run_id, state, reason)
    return int(state is State.FAILED)


def explain(error: BaseException) -> str:
    """One sentence on an unexpected end; the traceback is in the log."""
    if type(error).__name__ in _OUT_OF_MEMORY:
        return "Out of memory: choose a smaller batch or image size."
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full: free some space, then resume."
    text = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__


def _end_of(job: Job, work: Callable[[Job], None]) -> tuple[State, str]:
    """Do the work when its turn comes; how it ended, and why."""
    try:
        with _wait_for_slot(job):
            job.store.mark(job.run.id, State.RUNNING)
            work(job)
    except Stopped:
        return State.STOPPED, ""
    except WildcamError as error:
        traceback.print_exc()
        return State.FAILED, str(error)
    except BaseException as error:
        traceback.print_exc()
        return State.FAILED, explain(error)
    return State.FINISHED, ""


def _own_lock(run: Run) -> Lock:
    descriptor = os.environ.pop(LOCK_VARIABLE, None)
    lock = Lock.adopt(int(descriptor)) if descriptor else Lock.acquire(run.lock_path, timeout_seconds=1.0)
    if lock is None:
        raise RunError(f"Another worker holds run {run.name}.")
    return lock


def _wait_for_slot(job: Job) -> Lock:
    """Wait until this run is the first of the queue and a slot is free; frameworks load after that."""
    job.report(phase="waiting for its turn")
    while True:
        if job.stop_requested():
            raise Stopped
        waiting = job.store.queue()
        if waiting and waiting[0].id == job.run.id and (slot := _free_slot(job.settings)):
            return slot
        time.sleep(QUEUE_SECONDS)


def _free_slot(settings: Settings) -> Lock | None:
    paths = [settings.home / "slots" / f"{number}.lock" for number in range(settings.slots)]
    return next(filter(None, map(Lock.acquire, paths)), None)
