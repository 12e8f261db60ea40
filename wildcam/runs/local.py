"""The local engine: a detached process a run, which outlives the app that started it."""

import os
import subprocess
import sys
import threading

from wildcam.errors import RunError
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR, Settings

LOCK_VARIABLE = "WILDCAM_LOCK_DESCRIPTOR"
_WORKERS = {Kind.TRAIN: "wildcam.training.worker", Kind.CHECK: "wildcam.checking.worker"}


def launch(store: RunStore, run: Run) -> Run:
    """Queue a run and start its worker, which holds the run's lock from then on, and which the run is read by.

    Raises `RunError` where a worker lives already.
    """
    lock = Lock.acquire(run.lock_path, timeout_seconds=1.0)
    if lock is None:
        raise RunError(f"Run {run.name} has a worker already.")
    with lock, run.log_path.open("ab") as log:
        store.enqueue(run.id)
        process = subprocess.Popen(
            [sys.executable, "-m", _WORKERS[run.kind], run.id],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            cwd=PROJECT_DIR, env=_environment(store.settings, lock),
            start_new_session=True,  # Ctrl-C in the app's terminal is not meant for it
            pass_fds=(lock.descriptor,),
        )  # fmt: skip
    # The app may live for weeks: reap the worker when it ends, or it stays as a zombie.
    threading.Thread(target=process.wait, name=f"reap-{run.id[:8]}", daemon=True).start()
    return store.get(run.id)


def resume(store: RunStore, run_id: str) -> Run:
    """Queue an ended run again; its worker goes on from the last checkpoint."""
    run = store.get(run_id)
    if not run.state.can_resume:
        raise RunError(f"Run {run.name} is {run.state}: only a stopped, failed or lost run can be resumed.")
    return launch(store, run)


def _environment(settings: Settings, lock: Lock) -> dict[str, str]:
    return os.environ | {
        LOCK_VARIABLE: str(lock.descriptor),
        "WILDCAM_HOME": str(settings.home),
        "WILDCAM_MODELS": str(settings.models),
        "WILDCAM_SLOTS": str(settings.slots),
        "WILDCAM_TRACKING": settings.tracking,
        "PYTHONUNBUFFERED": "1",
    }
