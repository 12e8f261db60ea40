"""The process that checks a data set's files: `python -m wildcam.quality.worker RUN_ID`."""

import json
import sys
import time

from wildcam.data.catalog import open_dataset
from wildcam.quality.check import check_dataset
from wildcam.quality.findings import count_findings, find
from wildcam.quality.submit import CheckRequest
from wildcam.runs.eta import EtaEstimator
from wildcam.runs.job import Job, Stopped, carry_out


def check(job: Job) -> None:
    """Run a check; the run keeps how many images have each finding."""
    dataset = open_dataset(job.settings.datasets_dir, CheckRequest.model_validate(job.run.params).dataset)
    eta = EtaEstimator()

    def report(done: int, total: int) -> None:
        left = eta.seconds_left(time.monotonic(), done, total)
        job.report(phase="checking files", step=done, steps=total, seconds_left=left)

    result = check_dataset(dataset, report, job.stop_requested)
    if not result.finished:
        raise Stopped
    counts = count_findings(find(dataset.index, result.quality))
    facts = {"images": len(dataset.index), "measured": result.measured, "findings": json.dumps(counts)}
    for name, value in facts.items():
        print(f"{name}: {value}", flush=True)
        job.store.set_tag(job.run.id, name, str(value))


if __name__ == "__main__":
    sys.exit(carry_out(sys.argv[1], check))
