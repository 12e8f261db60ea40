"""A run store on a SQLite file of its own."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.runs.waiting import process_of
from wildcam.runs import local
from wildcam.runs.lock import Lock, is_held
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings


class Orders(BaseModel):
    """What a test wants of a run."""

    do: str = "count"
    seconds: float = 0.5
    steps: int = 0
    pause: float = 0.02
    batch_size: int = 32


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    shutil.copytree(empty_database, tmp_path, dirs_exist_ok=True)
    return Settings(home=tmp_path, models=tmp_path / "models", slots=1, tracking="")


@pytest.fixture
def store(settings: Settings) -> RunStore:
    return RunStore(settings)


@pytest.fixture
def create(store: RunStore) -> Callable[..., Run]:
    """A new run, launched by nobody."""

    def create(name: str = "run", kind: Kind = Kind.TRAIN, **orders: object) -> Run:
        return store.create(kind, name, Orders(**orders))

    return create


@pytest.fixture
def hold() -> Iterator[Callable[[Run], None]]:
    """Hold a run's lock as a living worker does, until the test ends."""
    with ExitStack() as held:
        yield lambda run: held.enter_context(Lock.acquire(run.lock_path))


@pytest.fixture
def launch(
    store: RunStore, create: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Run]]:
    """Create and launch a counting run; what still lives after the test is killed."""
    for kind in Kind:
        monkeypatch.setitem(local._WORKERS, kind, "tests.runs.counting_worker")
    launched = []

    def launch(name: str = "run", kind: Kind = Kind.TRAIN, **orders: object) -> Run:
        launched.append(local.launch(store, create(name, kind, **orders)))
        return launched[-1]

    yield launch
    for run in launched:
        if is_held(run.lock_path):
            os.kill(process_of(run), signal.SIGKILL)


@pytest.fixture
def queued(store, create, monkeypatch):
    """A queued run in the home of this process, whose signals are put back after the test."""
    monkeypatch.setenv("WILDCAM_HOME", str(store.settings.home))
    before = signal.getsignal(signal.SIGTERM)
    run = create()
    store.enqueue(run.id)
    yield run
    signal.signal(signal.SIGTERM, before)
