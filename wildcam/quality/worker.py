"""The process that checks a data set's files: `python -m wildcam.quality.worker RUN_ID`."""

import sys
import time

from wildcam.data.catalog import open_dataset
from wildcam.quality.check import check_dataset
from wildcam.quality.findings import count_findings, find
from wildcam.quality.submit import CheckRequest
from wildcam.runs.eta import EtaEstimator
from wildcam.runs.facts import CheckFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job


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
    job.write_facts(
        CheckFacts(
            images=len(dataset.index),
            measured=result.measured,
            findings={str(finding): count for finding, count in counts.items()},
        )
    )
    result.check_complete()


if __name__ == "__main__":
    sys.exit(run_job(sys.argv[1], check))
