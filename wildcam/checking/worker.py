"""The process that checks a data set's files: `python -m wildcam.checking.worker RUN_ID`."""

import json
import sys
import time

from wildcam.checking.check import check_dataset
from wildcam.checking.order import CheckOrder
from wildcam.data.catalog import open_dataset
from wildcam.data.quality.findings import count_findings, find
from wildcam.runs.job import Job, Stopped, carry_out
from wildcam.runs.pace import Pace


def check(job: Job) -> None:
    """Carry out a check; the run keeps how many photographs were found to be what."""
    dataset = open_dataset(job.settings.datasets_dir, CheckOrder.model_validate(job.run.params).dataset)
    pace = Pace()

    def report(done: int, total: int) -> None:
        left = pace.seconds_left(time.monotonic(), done, total)
        job.report(phase="looking at files", step=done, steps=total, seconds_left=left)

    result = check_dataset(dataset, report, job.stop_requested)
    if not result.finished:
        raise Stopped
    counts = count_findings(find(dataset.index, result.quality))
    facts = {"photographs": len(dataset.index), "measured": result.measured, "findings": json.dumps(counts)}
    for name, value in facts.items():
        print(f"{name}: {value}", flush=True)
        job.store.set_tag(job.run.id, name, str(value))


if __name__ == "__main__":
    sys.exit(carry_out(sys.argv[1], check))
