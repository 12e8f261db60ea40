"""A batch job as users start it: images a second, and the most memory that its worker has.

Untrained networks of full size on real images of 1024 × 747; the memory must not depend on how many there are.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from bench.models import untrained
from bench.presets import SIZES, scaled
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import Settings

COUNTS = (200, 800)
MOST_MEGABYTES = 800
LOOK_SECONDS = 0.2


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = folder / "models"
        models.mkdir()
        for preset in ("empty_cnn", "efficientnet_b0", "resnet50"):
            shutil.move(untrained(preset, folder).folder, models / preset)
        images = sorted(scaled(folder, SIZES[0]).glob("*.jpg"))
        store = RunStore(Settings(home=folder / "home", models=models))
        for preset in ("efficientnet_b0", "resnet50"):
            for count in COUNTS:
                batch_folder = folder / f"{preset}-{count}"
                batch_folder.mkdir()
                for number in range(count):
                    os.link(images[number % len(images)], batch_folder / f"{number:05}.jpg")
                _measure(store, preset, batch_folder, count)


def _measure(store: RunStore, preset: str, folder: Path, count: int) -> None:
    request = make_request(store, empty_model="empty_cnn", species_model=preset, folder=str(folder))
    run = submit_predictions(store, request)
    peak, begun = 0, None
    while (run := store.get(run.id)).state.is_live:
        peak = max(peak, _worker_bytes(run))
        if begun is None and run.progress.step:
            begun = time.perf_counter()
        time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - (begun or time.perf_counter())
    print(
        f"{preset}: {count} photos, 4 views, {count / seconds:.1f} a second, {run.state}; at most "
        f"{peak / 1e6:.0f} MB (target {MOST_MEGABYTES})"
    )


def _worker_bytes(run: Run) -> int:
    """What the worker's process has in memory now."""
    for process in psutil.process_iter(["cmdline", "memory_info"]):
        words = process.info["cmdline"] or []
        if run.id in words and "wildcam.predictions.worker" in words and "wildcam.runs.supervisor" not in words:
            return int(process.info["memory_info"].rss)
    return 0
