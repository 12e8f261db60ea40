"""The local engine: a detached process a run, which outlives the app that started it."""

import os
import subprocess
import sys
import threading

from wildcam.errors import RunError
from wildcam.runs.lock import Lock
from wildcam.runs.states import Kind
from wildcam.runs.store import Run, RunStore
from wildcam.settings import PROJECT_DIR, Settings

LOCK_VARIABLE = "WILDCAM_LOCK_DESCRIPTOR"
_WORKERS = {Kind.TRAIN: "wildcam.training.worker"}


def launch(store: RunStore, run: Run) -> None:
    """Start the worker of a queued run. Raises `RunError` where one lives already."""
    run.folder.mkdir(parents=True, exist_ok=True)
    lock = Lock.acquire(run.folder / "worker.lock", timeout_seconds=1.0)
    if lock is None:
        raise RunError(f"Run {run.name} has a worker already.")
    try:
        with run.log_path.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", _WORKERS[run.kind], run.id],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=PROJECT_DIR, env=_environment(store.settings, lock),
                start_new_session=True,  # Ctrl-C in the app's terminal is not meant for it
                pass_fds=(lock.descriptor,),
            )  # fmt: skip
    finally:
        lock.release()
    # The app may live for weeks: reap the worker when it ends, or it stays as a zombie.
    threading.Thread(target=process.wait, name=f"reap-{run.id[:8]}", daemon=True).start()


def resume(store: RunStore, run_id: str) -> Run:
    """Queue an ended run again; its worker goes on from the last checkpoint."""
    run = store.get(run_id)
    if not run.state.can_resume:
        raise RunError(f"Run {run.name} is {run.state}: only a stopped, failed or lost run can be resumed.")
    store.enqueue(run.id)
    launch(store, run)
    return store.get(run.id)


def _environment(settings: Settings, lock: Lock) -> dict[str, str]:
    return os.environ | {
        LOCK_VARIABLE: str(lock.descriptor),
        "WILDCAM_HOME": str(settings.home),
        "WILDCAM_MODELS": str(settings.models),
        "WILDCAM_SLOTS": str(settings.slots),
        "WILDCAM_TRACKING": settings.tracking,
        "PYTHONUNBUFFERED": "1",
    }
