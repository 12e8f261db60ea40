"""A run store on a SQLite file of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import BaseModel

from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings


class Orders(BaseModel):
    """What a test wants of a run."""

    do: str = "count"
    seconds: float = 0.5


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables take a second to make: made once, copied for each test."""
    home = tmp_path_factory.mktemp("template")
    RunStore(Settings(home=home, models=home / "models"))
    return home


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

    def create(name: str = "run", **orders: object) -> Run:
        return store.create(Kind.TRAIN, name, Orders(**orders))

    return create


@pytest.fixture
def hold() -> Iterator[Callable[[Run], None]]:
    """Stand in for a living worker of a run, until the test ends."""
    with ExitStack() as held:
        yield lambda run: held.enter_context(Lock.acquire(run.lock_path))
