"""A data set is deleted with what was uploaded for it, and never while a run uses it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.cli.main import main
from wildcam.data.catalog import list_datasets
from wildcam.data.importers import import_dataset
from wildcam.data.photo_uploads import PhotoUpload, stage_photos
from wildcam.data.reviews import Reviews
from wildcam.data.uploads import kept
from wildcam.errors import UsageError
from wildcam.quality.submit import CheckRequest
from wildcam.runs.lock import Lock
from wildcam.runs.manage_datasets import delete_dataset, use_of
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: Callable[..., bytes]) -> RunStore:
    """A home with the uploaded data set `reserve`: two photos, one of them corrected."""
    home = tmp_path / "home"
    monkeypatch.setenv("WILDCAM_HOME", str(home))
    store = RunStore(load_settings())
    files = [
        PhotoUpload(name, name, io.BytesIO(image(40, number, 40)))
        for number, name in enumerate(("reserve/fox/1.jpg", "reserve/empty/2.jpg"))
    ]
    with kept(home, "reserve", [stage_photos(home, files)]):
        dataset = import_dataset(store.settings.datasets_dir, home / "uploads" / "reserve", name="reserve")
    photo = str(dataset.image_path("fox/1.jpg"))
    Reviews(home).add(photo, name="1.jpg", predicted="fox", label="hare", models="a + b")
    return store


def names(store: RunStore) -> list[str]:
    return [info.name for info in list_datasets(store.settings.datasets_dir)]


def test_what_is_lost_is_named(store: RunStore) -> None:
    for name in ("reserve", "other"):
        store.mark(store.create(Kind.CHECK, f"check of {name}", CheckRequest(dataset=name)).id, State.FINISHED)
    said = "\n".join(use_of(store, "reserve").describe_loss())
    assert "2 uploaded files: deleted" in said
    assert "1 run of it: kept" in said
    assert "1 corrected label of its photos: kept" in said


def test_it_goes_with_its_uploads(store: RunStore) -> None:
    delete_dataset(store, "reserve")
    assert names(store) == []
    assert not (store.settings.home / "uploads" / "reserve").exists()
    with pytest.raises(UsageError):
        delete_dataset(store, "reserve")


def test_while_a_run_uses_it_it_stays(store: RunStore) -> None:
    run = store.create(Kind.CHECK, "check of reserve", CheckRequest(dataset="reserve"))
    lock = Lock.acquire(run.lock_path)
    assert lock
    with lock:
        store.mark(run.id, State.RUNNING)
        with pytest.raises(UsageError, match=r"is used by 1 run now \(check of reserve\): stop what runs"):
            delete_dataset(store, "reserve")
        assert names(store) == ["reserve"]
        store.mark(run.id, State.FINISHED)
    delete_dataset(store, "reserve")
    assert names(store) == []


def test_the_command_line_gives_a_title_and_deletes(store: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "rename", "reserve", "Reserve, north"]) == 0
    assert main(["data", "list"]) == 0
    assert "Reserve, north" in capsys.readouterr().out
    assert main(["data", "delete", "reserve", "--yes"]) == 0
    assert "2 uploaded files: deleted" in capsys.readouterr().err
    assert names(store) == []
