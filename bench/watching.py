"""The cost of watching a long run's curves: with nothing new, with a few new points, and with all read anew."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from mlflow.entities import Metric

from wildcam.runs.curves import CurveReader
from wildcam.runs.metric_names import EPOCH_METRICS, STEP_METRICS
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.recipe import Recipe

METRICS = (*EPOCH_METRICS, *STEP_METRICS)
POINTS = 10_000  # of each metric
ROUNDS = 10


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Settings(home=Path(folder), models=Path(folder, "models")))
        run_id = store.create(Kind.TRAIN, "long", Recipe.of("demo", "empty_cnn")).id
        _fill(store, run_id)
        reader = CurveReader(store, run_id)
        reader.read()
        nothing = [_seconds(reader.read) for _ in range(ROUNDS)]
        few = [_seconds(partial(_one_more, store, reader, run_id, step)) for step in range(ROUNDS)]
        anew = [_seconds(lambda: store.curves(run_id, METRICS)) for _ in range(3)]
    print(f"{len(METRICS)} metrics of {POINTS:,} points, medians")
    for what, seconds in (("nothing new", nothing), ("a point of each new", few), ("all read anew", anew)):
        print(f"  {what:<22}{1000 * statistics.median(seconds):7.1f} ms")


def _fill(store: RunStore, run_id: str) -> None:
    """Into the tables: by the client's way it would take minutes."""
    rows = [(name, 0.5, 1000 * step, step, 0, run_id) for name in METRICS for step in range(POINTS - 1)]
    with closing(sqlite3.connect(store.settings.home / "mlflow.db")) as database, database:
        columns = "key, value, timestamp, step, is_nan, run_uuid"
        database.executemany(f"insert into metrics ({columns}) values (?, ?, ?, ?, ?, ?)", rows)
    _log(store, run_id, POINTS)


def _one_more(store: RunStore, reader: CurveReader, run_id: str, step: int) -> None:
    _log(store, run_id, POINTS + 1 + step)
    reader.read()


def _log(store: RunStore, run_id: str, step: int) -> None:
    store.log_points(run_id, [Metric(name, 0.5, 1000 * step, step) for name in METRICS])


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
