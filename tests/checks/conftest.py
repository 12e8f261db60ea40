"""A home with one data set, and what its checks need."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The home of this process."""
    shutil.copytree(empty_database, tmp_path / "home")
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    return load_settings()


@pytest.fixture
def store(settings: Settings) -> RunStore:
    return RunStore(settings)


@pytest.fixture
def make_dataset(settings: Settings, tmp_path: Path, image: Callable[..., bytes]) -> Callable[..., Dataset]:
    """A data set `cards`: so many images, one that is cut short and one that is gone."""

    def make(images: int = 6, *, replace: bool = False) -> Dataset:
        names = [f"{number}.jpg" for number in range(images)]
        (tmp_path / "photos").mkdir(exist_ok=True)
        for number, name in enumerate(names):
            (tmp_path / "photos" / name).write_bytes(image(number % 250, 120, 60, size=(40, 30)))
        (tmp_path / "photos" / "cut.jpg").write_bytes(image(1, 2, 3)[:2000])
        index = build_index({"image_id": [*names, "cut", "gone"], "path": [*names, "cut.jpg", "gone.jpg"]})
        return save_dataset(
            settings.datasets_dir,
            index,
            name="cards",
            source="x",
            root=tmp_path / "photos",
            format="csv",
            labels=LabelPolicy(),
            replace=replace,
        )

    return make


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset]) -> Dataset:
    return make_dataset()


@pytest.fixture
def signals() -> Iterator[None]:
    """A worker in this process takes SIGTERM: it is put back after the test."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def wait(store: RunStore) -> Iterator[Callable[..., Run]]:
    """Wait until a condition on a run holds; a run that was waited for and lives after the test is killed."""
    waited_for: set[str] = set()

    def wait(run: Run, condition: Callable[[Run], bool], *, seconds: float = 60) -> Run:
        waited_for.add(run.id)
        end = time.monotonic() + seconds
        while not condition(now := store.get(run.id)):
            assert time.monotonic() < end, now.log_tail()
            time.sleep(0.05)
        return now

    yield wait
    for run_id in waited_for:
        if (run := store.get(run_id)).state.is_live:
            os.kill(process_of(run), signal.SIGKILL)


def process_of(run: Run) -> int:
    """The worker's process, which it prints first."""
    return int(run.log_tail().split("process ")[-1].split()[0])


@pytest.fixture
def kill() -> Callable[[Run], None]:
    """End a worker as the kernel would, short of memory."""
    return lambda run: os.kill(process_of(run), signal.SIGKILL)
