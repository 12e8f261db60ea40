"""Explore at iWildCam's full size: opening the catalog, every figure, and the server's load for each interaction."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from bench.full_size import write_full_size
from pages.widgets.explore_links import Section
from wildcam import profile
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.importers import import_dataset
from wildcam.data.splits import SplitPolicy, SplitSpec
from wildcam.settings import PROJECT_DIR

ROUNDS = 5
INTERACTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Classes, animals only", {"section": "classes", "labels": "animals"}),
    ("Classes, bounds moved", {"section": "classes", "head": "500", "tail": "50"}),
    ("Classes, at random", {"section": "classes", "split": "random"}),
    ("Empty, most empty", {"section": "empty", "order": "most_empty"}),
    ("Split, by burst", {"section": "split", "split": "sequence"}),
    ("Split, at random", {"section": "split", "split": "random"}),
    ("Split, as given", {"section": "split", "split": "given"}),
    ("Photos, a class", {"section": "photos", "class": "panthera onca"}),
    ("Photos, a subset", {"section": "photos", "subset": "test"}),
    ("Photos, by night", {"section": "photos", "light": "night"}),
    ("Photos, bursts", {"section": "photos", "bursts": "yes"}),
    ("Photos, page 5000", {"section": "photos", "page": "5000"}),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        import_dataset(home / "datasets", write_full_size(Path(folder, "source")).train.parent, name="full")
        os.environ["WILDCAM_HOME"] = str(home)
        dataset = open_dataset(home / "datasets", "full")
        print(f"{len(dataset.index):,} photos")
        _show("a second opening", _median(lambda: open_dataset(home / "datasets", "full").index), 0.3)
        _bench_figures(dataset)
        _bench_page()


def _bench_figures(dataset: Dataset) -> None:
    index = dataset.index
    figures: dict[str, Callable[[], object]] = {
        "profile": lambda: profile.profile(dataset),
        "species by location": lambda: profile.species_by_location(index),
        "species by hour": lambda: profile.species_by_hour(index),
        "time line": lambda: profile.timeline(index),
    }
    for policy in SplitPolicy:
        figures[f"split {policy}"] = partial(_preview, dataset, policy)
    seconds = {name: _median(work) for name, work in figures.items()}
    for name, taken in seconds.items():
        print(f"  {name:<24}{1000 * taken:6.0f} ms")
    _show("every figure together", sum(seconds.values()), 1.5)


def _preview(dataset: Dataset, policy: SplitPolicy) -> tuple[object, ...]:
    """Every figure of a split."""
    preview = profile.preview_split(dataset.index, SplitSpec(policy=policy))
    return preview.subsets, preview.classes, preview.leaks, preview.species_not_in_train


def _bench_page() -> None:
    """First with nothing worked out yet but what opening the page needs, then again."""
    page = AppTest.from_file(PROJECT_DIR / "pages" / "explore" / "page.py", default_timeout=120)
    _run(page, {})  # imports, opening the catalog
    _run(page, {"section": "quality"})  # imports of the run store
    visits = [(section.display, {"section": section.value}) for section in Section] + list(INTERACTIONS)
    slowest = {"first": 0.0, "again": 0.0}
    for title, address in visits:
        first = []
        for _ in range(3):
            st.cache_resource.clear()
            st.cache_data.clear()
            _run(page, {"section": "overview"})
            first.append(_run(page, address))
        again = [_run(page, address) for _ in range(ROUNDS)]
        print(
            f"  {title:<24} first {1000 * statistics.median(first):5.0f} ms, "
            f"again {1000 * statistics.median(again):4.0f} ms"
        )
        slowest = {
            "first": max(slowest["first"], statistics.median(first)),
            "again": max(slowest["again"], statistics.median(again)),
        }
    _show("the slowest first one", slowest["first"], 0.3)
    _show("the slowest again", slowest["again"], 0.3)


def _run(page: AppTest, address: dict[str, str]) -> float:
    page.query_params.clear()
    page.query_params.update({"dataset": "full"} | address)
    start = time.perf_counter()
    page.run()
    seconds = time.perf_counter() - start
    if page.exception:
        raise RuntimeError(f"{address}: {page.exception[0].value}")
    return seconds


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _show(what: str, seconds: float, target: float) -> None:
    print(f"{what:<26}{1000 * seconds:6.0f} ms (target {1000 * target:.0f})")
