"""The worker's side of a run: hold the lock, wait for a slot, report, end in a known state."""

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress

from mlflow.entities import Metric

from wildcam.errors import RunError, WildcamError
from wildcam.runs.exit_record import EXIT_RECORD_FILE, HEARD_FILE, ExitRecord
from wildcam.runs.failures import explain
from wildcam.runs.lock import Lock
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.runs.supervisor import LOCK_VARIABLE
from wildcam.runs.system_use import SystemUse
from wildcam.runs.timestamps import MonotonicTimestamps
from wildcam.settings import Settings, load_settings

HEARTBEAT_SECONDS = 1.0
"""How often points and progress are written and requests read."""

QUEUE_SECONDS = 0.5
"""How often a waiting worker looks whether it is its turn."""

FLUSH_SECONDS = 30.0
"""How long a store that refuses points is asked again before the run fails."""

SYSTEM_SECONDS = 5.0
"""How often the machine's use is measured."""


class Stopped(Exception):
    """Raised inside a job to end it because a stop was asked for."""


class Job:
    """A run in the hands of its worker. Points and progress leave in the background, once a beat."""

    def __init__(self, store: RunStore, run: Run, now: Callable[[], float] = time.time) -> None:
        self.store = store
        self.run = run
        self.settings = store.settings
        self._progress = Progress(phase="starting")
        self._points: list[Metric] = []
        self._clock = MonotonicTimestamps(store.last_point_time(run.id), now)
        self._guard = threading.Lock()  # of the points and the clock
        self._writing = threading.Lock()  # points are written in their order
        self._stop = threading.Event()
        self._heard = False
        self._computing = False  # a run that waits makes no use of the machine
        self._ended = threading.Event()
        self._heartbeat = threading.Thread(target=self._keep_heartbeat, name="beat", daemon=True)

    def report(self, **changes: object) -> None:
        """Change some fields of the progress."""
        self._progress = self._progress.model_copy(update=changes)

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add a point to each of the curves."""
        with self._guard:
            now = self._clock.read()
            self._points += [Metric(name, float(value), now, step) for name, value in metrics.items()]

    def note_resume(self, *, epoch: int, step: int) -> None:
        """Say that the work goes on from the end of `epoch` (global `step`), before the first point that follows."""
        with self._guard:
            now = self._clock.read()
        self.store.note_resume(self.run.id, epoch=epoch, step=step, at=now / 1000)

    def flush(self) -> None:
        """Store every point so far, now. A checkpoint comes after it: no point that it rests on is ever lost.

        A store that is busy or full is asked for `FLUSH_SECONDS`, then its error is raised.
        """
        deadline = time.monotonic() + FLUSH_SECONDS
        while True:
            try:
                return self._write_points()
            except Exception:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(HEARTBEAT_SECONDS)

    def stop_requested(self) -> bool:
        """Whether to end soon. Cheap: ask after every batch. Who asks has heard: the supervisor grants it time."""
        if self._stop.is_set() and not self._heard:
            self._heard = True
            with suppress(OSError):
                (self.run.folder / HEARD_FILE).touch()
        return self._stop.is_set()

    def begin_computing(self) -> None:
        """It has its slot: it is running from now on."""
        self.store.mark(self.run.id, State.RUNNING)
        self._computing = True

    def request_stop(self) -> None:
        """What a signal does: the same as the button."""
        self._stop.set()

    def start(self) -> None:
        """Begin the beat."""
        self._heartbeat.start()

    def end(self) -> None:
        """End the beat and write the rest."""
        self._ended.set()
        self._heartbeat.join()
        with suppress(OSError):
            self.run.write_progress(self._progress)
        self.flush()

    def _keep_heartbeat(self) -> None:
        use = SystemUse(self.store, self.run)
        measured_at = time.monotonic()
        while not self._ended.wait(HEARTBEAT_SECONDS):
            if self._computing and time.monotonic() - measured_at >= SYSTEM_SECONDS:
                measured_at = time.monotonic()
                self._try(lambda: self.log(*use.measure()))
            self._try(self._write_points)
            self._try(lambda: self.run.write_progress(self._progress))
            self._try(self._look_for_stop)

    def _try(self, act: Callable[[], None]) -> None:
        """A full disk or a busy store may pass; the work goes on."""
        try:
            act()
        except Exception:
            _print_traceback()

    def _look_for_stop(self) -> None:
        if self.store.is_stop_requested(self.run.id):
            self._stop.set()

    def _write_points(self) -> None:
        """Write what has gathered. A busy or full store loses no point: it stays for the next beat."""
        with self._writing:
            with self._guard:
                points, self._points = self._points, []
            try:
                self.store.log_points(self.run.id, points)
            except Exception:
                with self._guard:
                    self._points = points + self._points
                raise


def carry_out(run_id: str, work: Callable[[Job], None], now: Callable[[], float] = time.time) -> int:
    """Do a run's work from lock to final state; returns the process's exit code. `now` tells the time of points."""
    store = RunStore(load_settings())
    run = store.get(run_id)
    with _own_lock(run):
        job = Job(store, run, now)
        signal.signal(signal.SIGTERM, lambda *_: job.request_stop())
        job.start()
        state, reason = _end_of(job, work)
        try:
            job.end()
        except Exception as error:
            _print_traceback()
            if state is State.FINISHED:
                state, reason = State.FAILED, explain(error, run.params)
        _mark(job, state, reason)
    return int(state is State.FAILED)


def _mark(job: Job, state: State, reason: str) -> None:
    """Store the last state; where the store is full or gone, beside it, in room that was kept for this."""
    try:
        job.store.mark(job.run.id, state, reason)
    except Exception:
        _print_traceback()
        with suppress(OSError):
            ExitRecord(state, reason[:500]).write(job.run.folder / EXIT_RECORD_FILE)


def _print_traceback() -> None:
    with suppress(OSError):  # the log may be on the disk that is full
        traceback.print_exc()


def _end_of(job: Job, work: Callable[[Job], None]) -> tuple[State, str]:
    """Do the work when its turn comes; how it ended, and why."""
    try:
        with _wait_for_slot(job):
            if job.store.is_stop_requested(job.run.id):  # cancelled as its turn came
                raise Stopped
            job.begin_computing()
            work(job)
    except Stopped:
        return State.STOPPED, ""
    except WildcamError as error:
        _print_traceback()
        return State.FAILED, str(error)
    except BaseException as error:
        _print_traceback()
        return State.FAILED, explain(error, job.run.params)
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
        waiting = [run.id for run in job.store.queue()]
        if job.run.id not in waiting:  # it was cancelled
            raise Stopped
        if waiting[0] == job.run.id and (slot := _free_slot(job.settings)):
            return slot
        time.sleep(QUEUE_SECONDS)


def _free_slot(settings: Settings) -> Lock | None:
    paths = [settings.home / "slots" / f"{number}.lock" for number in range(settings.slots)]
    return next(filter(None, map(Lock.acquire, paths)), None)
