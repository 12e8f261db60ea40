"""Real photos to a bundle that serves, by a probe and by one epoch of fine-tuning the same backbone.

The first probe computes the features, the second finds them; each run is the product's own, in a process of its own,
and is timed from the command to the exported and evaluated bundle.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from wildcam.settings import PROJECT_DIR

PHOTOS = Path(os.environ.get("WILDCAM_PHOTOS", PROJECT_DIR.parent / "shared" / "photos"))
MOST_PHOTOS = 2_436
MOST_SECONDS_FIRST, MOST_SECONDS_CACHED = 90, 10
COMMON = ("--dataset", "photos", "--task", "species", "--split", "sequence")
RUNS = {
    "probe, first": ("--preset", "probe", *COMMON),
    "probe, features cached": ("--preset", "probe", *COMMON),
    "fine-tuning, one epoch": (
        *("--preset", "efficientnet_lite0", *COMMON),
        *("--head-epochs", "0", "--epochs", "1", "--no-find-learning-rate"),
    ),
}


def main() -> None:
    if not (PHOTOS / "labels.csv").exists():
        print(f"no real photos at {PHOTOS} (WILDCAM_PHOTOS): not measured")
        return
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"WILDCAM_HOME": home, "WILDCAM_MODELS": str(Path(home, "models"))}
        _import(Path(home), environment)
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
        for name, arguments in RUNS.items():
            seconds, megabytes = _timed(["train", "--name", name.replace(",", ""), *arguments], environment)
            print(f"  {name:<24}{seconds:7.1f} s, largest worker {megabytes:5.0f} MB", flush=True)
    print(f"  targets: {MOST_SECONDS_FIRST} s first, {MOST_SECONDS_CACHED} s cached")


def _import(home: Path, environment: dict[str, str]) -> None:
    with (PHOTOS / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))[:MOST_PHOTOS]
    with (home / "photos.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    command = ["data", "import", str(home / "photos.csv"), "--name", "photos", "--images", str(PHOTOS)]
    subprocess.run(_wildcam(command), env=environment, cwd=PROJECT_DIR, check=True, stdout=subprocess.DEVNULL)


def _timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of a command, and the largest memory of a worker meanwhile, in 10⁶ bytes."""
    began, most = time.perf_counter(), 0
    process = subprocess.Popen(
        _wildcam(command), env=environment, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, _memory_of_workers(environment["WILDCAM_HOME"]))
        time.sleep(0.5)
    if process.returncode:
        raise SystemExit(f"wildcam {' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - began, most / 1e6


def _memory_of_workers(home: str) -> int:
    found = [0]
    for process in psutil.process_iter(["cmdline"]):
        try:
            is_worker = "wildcam.training.worker" in " ".join(process.info["cmdline"] or [])
            if is_worker and process.environ().get("WILDCAM_HOME") == home:
                found.append(process.memory_info().rss)
        except psutil.Error:
            continue
    return max(found)


def _wildcam(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "wildcam", *arguments]


if __name__ == "__main__":
    main()
