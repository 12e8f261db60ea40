"""The worker of a check, on a slow disk: it takes its time over each file, and writes its block often."""

import os
import sys
import time
from pathlib import Path

from wildcam.quality import scan
from wildcam.quality.measure import Measurement, measure
from wildcam.quality.worker import check
from wildcam.runs.run_job import run_job


def slowly(file: Path) -> Measurement:
    time.sleep(0.05)
    return measure(file)


if __name__ == "__main__":
    print(f"process {os.getpid()}", flush=True)
    scan.measure = slowly
    scan.WRITE_SECONDS = 0.2
    sys.exit(run_job(sys.argv[1], check))
