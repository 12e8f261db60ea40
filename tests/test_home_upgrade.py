"""What a released version wrote into a home, this version reads: the rule for upgrades, in docs/howto/home.md.

Each `fixtures/home_VERSION.zip` was written by that version (`fixtures/make_home.py`) and is never written anew.
"""

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import wildcam
from tests.fixtures.make_home import BURST, COLOURS, LOCATIONS, MOST_BYTES, PLACEHOLDER
from wildcam.data.reviews import Reviews
from wildcam.predictions.batches import open_batch
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_run_bundle, verify
from wildcam.settings import PROJECT_DIR, load_settings

HOMES = sorted((PROJECT_DIR / "tests" / "fixtures").glob("home_*.zip"))
PHOTOS = LOCATIONS * BURST * len(COLOURS)


@pytest.fixture(scope="module", params=HOMES, ids=[path.stem for path in HOMES])
def unpacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home in a folder of its own; what it says of its folder is made true."""
    home = tmp_path_factory.mktemp("upgrade") / "home"
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(home)
    for path in home.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".log"):
            path.write_bytes(path.read_bytes().replace(PLACEHOLDER.encode(), str(home).encode()))
    return home


@pytest.fixture(autouse=True)
def home(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WILDCAM_HOME", str(unpacked))
    return unpacked


def test_there_is_a_small_home_of_this_version() -> None:
    version = wildcam.__version__.replace(".", "_")
    assert f"home_{version}" in [path.stem for path in HOMES]
    assert all(path.stat().st_size <= MOST_BYTES for path in HOMES)


def test_its_data_set_is_opened_with_its_check_and_correction(home: Path) -> None:
    dataset = wildcam.open_dataset("small")
    assert len(dataset.index) == PHOTOS
    assert dataset.index["label"].value_counts().to_dict() == dict.fromkeys(COLOURS, LOCATIONS * BURST)
    assert dataset.info.checked_at is not None
    assert dataset.image_path(dataset.index["path"].iloc[0]).is_file()
    assert Reviews(home).table()["label"].tolist() == ["deer"]


def test_its_runs_are_listed_with_their_curves(home: Path) -> None:
    runs = {run.name: run for run in wildcam.list_runs()}
    assert {run.kind for run in runs.values()} == {Kind.TRAIN, Kind.PREDICT}
    assert {run.state for run in runs.values()} == {State.FINISHED}
    trained = runs["trained"]
    assert trained.note == "A note."
    points = RunStore(load_settings()).curves(trained.id, ["val_loss"])
    assert points["step"].tolist() == [1, 2]
    verify(open_run_bundle(trained.bundle_dir))


@pytest.mark.slow
def test_its_trained_model_answers(home: Path) -> None:
    photos = sorted((home / "photos").glob("*.jpg"))[:3]
    assert all(verdict.label != "failed" for verdict in wildcam.load("run:trained").classify(photos, views=1))


def test_its_batch_is_opened(home: Path) -> None:
    store = RunStore(load_settings())
    (run,) = wildcam.list_runs(Kind.PREDICT)
    batch = open_batch(store, run.id)
    assert 0 < len(batch.table()) < PHOTOS
    assert not (batch.table()["label"] == "failed").any()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py")))
def test_every_page_shows_it(name: str) -> None:
    app = AppTest.from_file(PROJECT_DIR / "app.py", default_timeout=60).run()
    if name != "home":
        app.switch_page(f"pages/{name}/page.py").run()
    assert not app.exception
    assert not app.error


def test_its_database_has_the_schema_that_this_mlflow_reads(home: Path) -> None:
    RunStore(load_settings())
    with sqlite3.connect(home / "mlflow.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
