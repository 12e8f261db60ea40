"""Import of iWildCam's full size against `json.loads` of the same file: seconds, interleaved, and peak memory; then how
time and memory grow with the rows of a CSV and of a COCO file.

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
TARGET_RATIO, TARGET_MEBIBYTES = 2.5, 800

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
REPORT = r"""
import json, re
seconds = time.perf_counter() - start
peak = re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())
print(json.dumps([seconds, int(peak[1]) / 1024]))
"""
"""Not `getrusage`: what a process was forked from counts there as its own memory."""


ROWS = (100_000, 300_000, 1_000_000)
MOST_GROWTH = 1.3
"""Seconds a row of the largest source, against those of the smallest."""


def main() -> None:
    full_size()
    growth()


def full_size() -> None:
    """IWildCam's own size."""
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


def growth() -> None:
    """Sources of `ROWS` without their photos: seconds, microseconds a row, peak memory."""
    for name, write in (("CSV", _write_csv), ("COCO", _write_coco)):
        per_row = []
        for rows in ROWS:
            with tempfile.TemporaryDirectory() as folder:
                source = write(Path(folder), rows)
                seconds, peak = _measure(IMPORT, source, folder)
            per_row.append(seconds / rows)
            print(
                f"{name:4} {rows:9,} rows: {seconds:6.2f} s, {1e6 * per_row[-1]:5.1f} µs a row, peak {peak:5,.0f} MiB"
            )
        print(f"{name:4} growth {per_row[-1] / per_row[0]:.2f} (target at most {MOST_GROWTH:g})")


def _write_csv(folder: Path, rows: int) -> Path:
    path = folder / "table.csv"
    with path.open("w") as file:
        file.write("path,label,location,datetime,notes\n")
        for number in range(rows):
            time = _time(number)
            file.write(f"site{number % 200}/IMG_{number:07}.JPG,species {number % 60},site{number % 200},{time},\n")
    return path


def _write_coco(folder: Path, rows: int) -> Path:
    path = folder / "coco.json"
    images, annotations = [], []
    for number in range(rows):
        time = _time(number)
        name = f"site{number % 200}/IMG_{number:07}.JPG"
        images.append({"id": str(number), "file_name": name, "location": number % 200, "datetime": time})
        annotations.append({"id": str(number), "image_id": str(number), "category_id": number % 60})
    categories = [{"id": number, "name": f"species {number}"} for number in range(60)]
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path


def _time(number: int) -> str:
    return f"2021-{1 + number % 12:02}-{1 + number % 28:02} {number % 24:02}:{number % 60:02}:00"


def _measure(code: str, *words: object) -> tuple[float, float]:
    """Seconds and peak MiB of a piece of code in a process of its own."""
    command = [sys.executable, "-c", code + REPORT, *map(str, words)]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak
