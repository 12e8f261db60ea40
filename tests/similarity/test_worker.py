"""The job compares the photos of a data set in a process of its own, stops, and goes on."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import import_dataset
from wildcam.errors import RunError
from wildcam.runs import local
from wildcam.runs.facts import SimilarityFacts
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.similarity.index import index_path, read_index
from wildcam.similarity.submit import latest_similarity, submit_similarity

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path, image: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """A home with the data set `park`: ten red and ten blue photos, and one that is none."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    photos = tmp_path / "photos"
    for number in range(20):
        label = "red" if number % 2 else "blue"
        (photos / label).mkdir(parents=True, exist_ok=True)
        colour = (220, 3 * number, 10) if number % 2 else (10, 3 * number, 220)
        (photos / label / f"{number:02}.jpg").write_bytes(image(*colour))
    (photos / "red" / "damaged.jpg").write_bytes(b"no photo")
    settings = Settings(home=tmp_path / "home")
    import_dataset(settings.datasets_dir, photos, name="park")
    return RunStore(settings)


def ended(store: RunStore, run_id: str) -> State:
    deadline = time.monotonic() + 120
    while store.get(run_id).state.is_live and time.monotonic() < deadline:
        time.sleep(0.1)
    return store.get(run_id).state


def test_alike_photos_are_neighbours(store: RunStore) -> None:
    run = submit_similarity(store, "park")
    with pytest.raises(RunError, match="already"):
        submit_similarity(store, "park")
    assert ended(store, run.id) is State.FINISHED, store.get(run.id).reason
    facts = store.get(run.id).facts
    assert isinstance(facts, SimilarityFacts)
    assert (facts.images, facts.unreadable) == (20, 1)
    index = read_index(index_path(store.settings, "park"))
    assert index is not None
    nearest = index.image_ids[index.neighbours[:, :5]]
    same = [
        [one.split("/")[0] == own.split("/")[0] for one in row]
        for own, row in zip(index.image_ids, nearest, strict=True)
    ]
    assert sum(map(sum, same)) > 90  # of 100
    assert latest_similarity(store, "park").id == run.id


def test_a_stop_is_answered_and_the_rest_is_done_on_resume(store: RunStore) -> None:
    run = submit_similarity(store, "park")
    store.request_stop(run.id)
    assert ended(store, run.id) is State.STOPPED
    assert read_index(index_path(store.settings, "park")) is None
    local.resume(store, run.id)
    assert ended(store, run.id) is State.FINISHED
    assert read_index(index_path(store.settings, "park")) is not None
