"""The worker's main function: hold the run's lock, wait for a slot, do the work, end in a known state."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from wildcam.errors import RunError, WildcamError
from wildcam.runs.exit_record import EXIT_RECORD_FILE, ExitRecord
from wildcam.runs.failures import explain
from wildcam.runs.job import Job, Stopped, print_traceback
from wildcam.runs.lock import Lock
from wildcam.runs.notify import notify_of_end
from wildcam.runs.run import Run
from wildcam.runs.states import Lane, State
from wildcam.runs.store import RunStore
from wildcam.runs.supervisor import LOCK_VARIABLE
from wildcam.settings import Settings, load_settings

QUEUE_SECONDS = 0.5
"""How often a waiting worker looks whether it is its turn."""


def run_job(run_id: str, work: Callable[[Job], None], now: Callable[[], float] = time.time) -> int:
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
            print_traceback()
            if state is State.FINISHED:
                state, reason = State.FAILED, explain(error, run.params)
        _mark(job, state, reason)
    _notify(job)
    return int(state is State.FAILED)


def _mark(job: Job, state: State, reason: str) -> None:
    """Store the last state; where the store is full or gone, beside it, in room that was kept for this."""
    try:
        job.store.mark(job.run.id, state, reason)
    except Exception:
        print_traceback()
        with suppress(OSError):
            ExitRecord(state, reason[:500]).write(job.run.folder / EXIT_RECORD_FILE)


def _notify(job: Job) -> None:
    """Outside the lock: a slow address keeps no run from being resumed."""
    try:
        notify_of_end(job.settings, job.store.get(job.run.id))
    except Exception:  # the store may not answer
        print_traceback()


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
        print_traceback()
        return State.FAILED, str(error)
    except BaseException as error:
        print_traceback()
        return State.FAILED, explain(error, job.run.params)
    return State.FINISHED, ""


def _own_lock(run: Run) -> Lock:
    descriptor = os.environ.pop(LOCK_VARIABLE, None)
    lock = Lock.adopt(int(descriptor)) if descriptor else Lock.acquire(run.lock_path, timeout_seconds=1.0)
    if lock is None:
        raise RunError(f"Another worker holds run {run.name}.")
    return lock


def _wait_for_slot(job: Job) -> Lock:
    """Wait until this run is the first of its lane and a slot is free; frameworks load after that."""
    lane = job.run.kind.lane
    job.report(phase="waiting for its turn")
    while True:
        if job.stop_requested():
            raise Stopped
        waiting = [run.id for run in job.store.queue(lane)]
        if job.run.id not in waiting:  # it was cancelled
            raise Stopped
        if waiting[0] == job.run.id and (slot := _free_slot(job.settings, lane)):
            return slot
        time.sleep(QUEUE_SECONDS)


def _free_slot(settings: Settings, lane: Lane) -> Lock | None:
    prefix, slots = ("light-", settings.light_slots) if lane is Lane.LIGHT else ("", settings.slots)
    paths = [settings.home / "slots" / f"{prefix}{number}.lock" for number in range(slots)]
    return next(filter(None, map(Lock.acquire, paths)), None)
