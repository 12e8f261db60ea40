"""A worker with the plainest work: it counts for some seconds, then ends as its run's parameters say."""

import os
import sys
import time

from wildcam.errors import DataError
from wildcam.runs.job import Job, Stopped, carry_out


def count(job: Job) -> None:
    orders = job.run.params
    end = time.monotonic() + float(orders["seconds"])
    step = 0
    while time.monotonic() < end:
        if job.stop_requested():
            raise Stopped
        step += 1
        job.log(step, {"step_loss": 1 / step})
        job.report(phase="counting", step=step)
        time.sleep(0.02)
    if orders["do"] == "refuse":
        raise DataError("Received no photographs: import some.")
    if orders["do"] == "crash":
        raise ZeroDivisionError("what no one expected\nin detail")


if __name__ == "__main__":
    print(f"process {os.getpid()}", flush=True)
    sys.exit(carry_out(sys.argv[1], count))
