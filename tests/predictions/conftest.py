"""A home with tiny models and folders of images that they answer predictably."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wildcam.predictions.worker import predict
from wildcam.runs.run import Run
from wildcam.runs.run_job import run_job
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings

COLOURS = {"deer": (230, 60, 60), "fox": (60, 230, 60), "empty": (8, 8, 8)}


@pytest.fixture
def settings(small_home: Settings) -> Settings:
    return small_home


@pytest.fixture
def store(settings: Settings) -> RunStore:
    return RunStore(settings)


@pytest.fixture
def folder(tmp_path: Path, image: Callable[..., bytes]) -> Path:
    """Two cameras with two images of a deer, a fox and nothing each, and a file that is no image."""
    folder = tmp_path / "photos"
    for camera in ("north", "south"):
        (folder / camera).mkdir(parents=True)
        for label, colour in COLOURS.items():
            for number in range(2):
                (folder / camera / f"{label}{number}.jpg").write_bytes(image(*colour, size=(40, 30)))
    (folder / "south" / "broken.jpg").write_text("no photo")
    return folder


@pytest.fixture
def run_job_here() -> Iterator[Callable[[RunStore, Run], Run]]:
    """Do a batch's work in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def work(store: RunStore, run: Run) -> Run:
        run_job(run.id, predict)
        return store.get(run.id)

    yield work
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def queued(store: RunStore) -> Callable[..., Run]:
    """A batch that waits, without a worker."""
    from wildcam.predictions.submit import make_request

    def queue(**values: object) -> Run:
        run = store.create(Kind.PREDICT, "batch", make_request(store, **values))
        store.enqueue(run.id)
        return store.get(run.id)

    return queue


@pytest.fixture
def many(tmp_path: Path, image: Callable[..., bytes]) -> Path:
    """A folder of 3,000 images, the same file under many names."""
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "00000.jpg").write_bytes(image(*COLOURS["fox"], size=(320, 240)))
    for number in range(1, 3000):
        os.link(folder / "00000.jpg", folder / f"{number:05}.jpg")
    return folder
