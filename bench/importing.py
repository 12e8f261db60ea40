"""Import of iWildCam's full size against `json.loads` of the same file: seconds, interleaved, and peak memory.

Each measurement is a process of its own, as an import from the command line is.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.full_size import write_full_size
from wildcam.settings import PROJECT_DIR

ROUNDS = 5
TARGET_RATIO, TARGET_MEBIBYTES = 4.0, 800

LOADS = """
import json, sys, time
start = time.perf_counter()
json.loads(open(sys.argv[1], "rb").read())
"""
IMPORT = """
import sys, time
from pathlib import Path
from wildcam.data.importers import import_dataset
start = time.perf_counter()
import_dataset(Path(sys.argv[2]), Path(sys.argv[1]), name="full", replace=True)
"""
REPORT = """
import json, resource
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        train = write_full_size(Path(folder, "source")).train
        size = train.stat().st_size / 1e6
        loads, imports, peaks = [], [], []
        for _ in range(ROUNDS):
            loads.append(_measure(LOADS, train, folder)[0])
            seconds, peak = _measure(IMPORT, train, folder)
            imports.append(seconds)
            peaks.append(peak)
        ratio = statistics.median(b / a for a, b in zip(loads, imports, strict=True))
        print(f"{train.name}: {size:.0f} MB, median of {ROUNDS} interleaved rounds")
        print(f"json.loads {statistics.median(loads):5.2f} s")
        print(f"import     {statistics.median(imports):5.2f} s, {ratio:.2f} × (target {TARGET_RATIO:g})")
        print(f"peak       {max(peaks):5.0f} MiB (target {TARGET_MEBIBYTES})")


def _measure(code: str, *words: object) -> tuple[float, float]:
    """Seconds and peak MiB of a piece of code in a process of its own."""
    command = [sys.executable, "-c", code + REPORT, *map(str, words)]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak
