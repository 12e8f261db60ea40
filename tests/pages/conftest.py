"""Homes with the demo data set: its images are drawn once, and each module has a catalog and a run store of its own."""

import shutil
from pathlib import Path

import pytest

from wildcam.demo.dataset import make_demo_dataset
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings

IMAGES = 150


@pytest.fixture(scope="session")
def drawn_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be written to."""
    home = tmp_path_factory.mktemp("drawn") / "home"
    make_demo_dataset(Settings(home=home), images=IMAGES)
    return home


@pytest.fixture(scope="module")
def demo_home(drawn_home: Path, empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the module's own; the images stay where they were drawn."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(empty_database, home)
    shutil.copytree(drawn_home / "datasets", home / "datasets")
    return home


@pytest.fixture
def store(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """The run store of the module's home, which becomes the app's; without runs."""
    monkeypatch.setenv("WILDCAM_HOME", str(demo_home))
    store = RunStore(load_settings())
    for run in store.all():
        store.delete(run.id)
    return store
