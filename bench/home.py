"""Server time of Home with many runs and a few data sets, without a browser."""

import os
import statistics
import tempfile
import time
from pathlib import Path

from mlflow.entities import Metric
from streamlit.testing.v1 import AppTest

from wildcam.data.catalog import open_dataset, save_dataset
from wildcam.data.splits import Subset
from wildcam.demo.dataset import DEMO_NAME, make_demo_dataset
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR, Settings, load_settings
from wildcam.training.recipe import Recipe

RUNS, DATASETS, VISITS = 200, 5, 9
TARGET_SECONDS = 0.3
SCORES = SubsetScores(accuracy=0.7, balanced_accuracy=0.6, macro_f1=0.5, majority_class_accuracy=0.4)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WILDCAM_HOME"] = str(Path(folder, "home"))
        _fill(load_settings())
        app = AppTest.from_file(PROJECT_DIR / "app.py", default_timeout=120).run()
        walls, processor = zip(*(_visit(app) for _ in range(VISITS)), strict=True)
    print(f"Home with {RUNS} runs and {DATASETS} data sets, median of {VISITS} visits after the first:")
    print(f"{statistics.median(walls):.3f} s, of the processor {statistics.median(processor):.3f} s")
    print(f"target {TARGET_SECONDS} s")


def _visit(app: AppTest) -> tuple[float, float]:
    began, of_processor = time.perf_counter(), time.process_time()
    app.run()
    if app.exception:
        raise SystemExit(app.exception[0].message)
    return time.perf_counter() - began, time.process_time() - of_processor


def _fill(settings: Settings) -> None:
    demo = make_demo_dataset(settings, images=600)
    for number in range(1, DATASETS):
        save_dataset(
            settings.datasets_dir,
            open_dataset(settings.datasets_dir, DEMO_NAME).index,
            name=f"park_{number}",
            source="",
            root=demo.info.root,
            format="csv",
            labels=demo.info.labels,
        )
    store = RunStore(settings)
    for number in range(RUNS):
        run = store.create(Kind.TRAIN, f"run {number}", Recipe.of(DEMO_NAME, "empty_cnn"))
        store.enqueue(run.id)
        store.write_facts(run.id, TrainFacts(best_epoch=3, scores={Subset.VAL: SCORES, Subset.ID_VAL: SCORES}))
        store.log_points(run.id, [Metric("val_accuracy", 0.5, 1000 + epoch, epoch) for epoch in range(5)])
        store.mark(run.id, State.FINISHED)
