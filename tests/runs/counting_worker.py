"""A worker with the plainest work: it counts, for some seconds or to a number, and ends as its run's parameters say.

Ten steps are an epoch; after each it keeps a checkpoint, its last step, from which a resume counts on.
"""

import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Callable

from wildcam import atomic
from wildcam.errors import DataError
from wildcam.runs import job as job_module
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job

EPOCH_STEPS = 10


def count(job: Job) -> None:
    orders = job.run.params
    end = time.monotonic() + float(orders["seconds"])
    last = int(orders["steps"])
    checkpoint = job.run.folder / "checkpoint.txt"
    step = int(checkpoint.read_text()) if checkpoint.exists() else 0
    if job.run.started_at:
        job.note_resume(epoch=step // EPOCH_STEPS, step=step)
    while step < last if last else time.monotonic() < end:
        if orders["do"] == "hang":  # in C, with the interpreter's lock held: no thread of this process runs on
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # it would end the sleep
            ctypes.PyDLL(None).sleep(600)
        if job.stop_requested() and orders["do"] != "ignore":
            raise Stopped
        step += 1
        job.log(step, {"step_loss": 1 / step})
        job.report(phase="counting", step=step)
        if step % EPOCH_STEPS == 0:
            job.log(step // EPOCH_STEPS, {"val_loss": 1 / step})
            job.flush()
            atomic.write_bytes(checkpoint, str(step).encode())
        if orders["do"] == "fill" and not job.run.started_at:
            with (job.run.folder / "ballast").open("ab") as ballast:
                ballast.write(bytes(100_000))
        time.sleep(float(orders["pause"]))
    if orders["do"] == "refuse":
        raise DataError("Received no photos: import some.")
    if orders["do"] == "crash":
        raise ZeroDivisionError("what no one expected\nin detail")


def clock(kind: str) -> Callable[[], float]:
    """The machine's clock, or one that jumps back an hour every now and then."""
    if kind != "jumping":
        return time.time
    chance, offset = random.Random(0), [0.0]

    def now() -> float:
        if chance.random() < 0.2:
            offset[0] -= 3600.0
        return time.time() + offset[0]

    return now


if __name__ == "__main__":
    print(f"process {os.getpid()}", flush=True)
    job_module.FLUSH_SECONDS = 2.0
    sys.exit(run_job(sys.argv[1], count, clock(os.environ.get("WILDCAM_TEST_CLOCK", ""))))
