"""Runs on this machine: each has a detached worker and its supervisor, which outlive the app that started them."""

import os
import subprocess
import sys
import threading

from wildcam.accounts.acting import permit
from wildcam.errors import RunError
from wildcam.runs.lock import HANDOVER_SECONDS, Lock
from wildcam.runs.quota import check_queued
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore, act_of
from wildcam.runs.supervisor import LOCK_VARIABLE
from wildcam.settings import PROJECT_DIR, Settings

ANSWER_SECONDS = 120.0
"""A worker that has not answered a request to stop for so long is killed: it hangs.

A batch or an import ends sooner.
"""

END_SECONDS = 1800.0
"""A worker that is about to stop may take so long: it exports and measures its best epoch first."""

_WORKERS = {
    Kind.TRAIN: "wildcam.training.worker",
    Kind.CHECK: "wildcam.quality.worker",
    Kind.PREDICT: "wildcam.predictions.worker",
    Kind.LR_FINDER: "wildcam.training.lr_finder_worker",
    Kind.SIMILARITY: "wildcam.similarity.worker",
}


def launch(store: RunStore, run: Run) -> Run:
    """Queue a run and start its worker, which holds the run's lock from then on, and which the run is read by.

    Raises `RunError` where a worker lives already.
    """
    lock = Lock.acquire(run.lock_path, timeout_seconds=0.0 if run.state.is_live else HANDOVER_SECONDS)
    if lock is None:
        raise RunError(f"Run {run.name} has a worker already.")
    with lock, run.log_path.open("ab") as log:
        store.enqueue(run.id)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "wildcam.runs.supervisor",
                _WORKERS[run.kind],
                run.id,
                str(run.folder),
                str(ANSWER_SECONDS),
                str(END_SECONDS),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=PROJECT_DIR,
            env=_environment(store.settings, lock),
            start_new_session=True,  # Ctrl-C in the app's terminal is not meant for it
            pass_fds=(lock.descriptor,),
        )
    # The app may live for weeks: reap the supervisor when it ends, or it stays as a zombie.
    threading.Thread(target=process.wait, name=f"reap-{run.id[:8]}", daemon=True).start()
    return store.get(run.id)


def resume(store: RunStore, run_id: str) -> Run:
    """Queue an ended run again; its worker goes on from the last checkpoint."""
    run = store.get(run_id)
    permit(act_of(run.kind), run.name, made_by=run.made_by)
    if not run.state.can_resume:
        raise RunError(f"Run {run.name} is {run.state.display}: only a stopped, failed or lost run can be resumed.")
    if run.obstacle:
        raise RunError(f"Run {run.name} cannot be resumed. {run.obstacle}")
    check_queued(store)
    return launch(store, run)


def _environment(settings: Settings, lock: Lock) -> dict[str, str]:
    return os.environ | settings.as_environment() | {LOCK_VARIABLE: str(lock.descriptor), "PYTHONUNBUFFERED": "1"}
