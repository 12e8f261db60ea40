"""The learning-rate finder as a run of its own."""

import signal

import pandas as pd
import pytest
from PIL import Image

from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, RunError, UsageError
from wildcam.runs import local
from wildcam.runs.run_job import run_job
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.training import lr_range_test, submit
from wildcam.training.inputs import image_set
from wildcam.training.lr_finder_worker import run_lr_finder
from wildcam.training.recipe import Recipe
from wildcam.training.submit import FINDER_METRICS, submit_lr_finder

CHANGES = {"image_size": 32, "batch_size": 4, "split": "random"}


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The store of a home whose data set has 200 images: dark ones are empty."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    names = [f"{number}.png" for number in range(200)]
    (tmp_path / "photos").mkdir()
    for number, name in enumerate(names):
        Image.new("RGB", (32, 32), (200 if number % 2 else 20,) * 3).save(tmp_path / "photos" / name)
    index = build_index(
        {
            "image_id": names,
            "path": names,
            "label": ["deer" if number % 2 else "empty" for number in range(200)],
            "location": "a",
            "taken_at": pd.to_datetime("2020-01-01"),
        }
    )
    settings = load_settings()
    save_dataset(
        settings.datasets_dir,
        index,
        name="cards",
        source="",
        root=tmp_path / "photos",
        format="csv",
        labels=LabelPolicy(empty=("empty",)),
    )
    return RunStore(settings)


@pytest.fixture
def signals():
    """A worker in this process takes SIGTERM: it is put back after the test."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def queued(store, signals):
    """A finder in the queue, its worker yet to come."""
    run = store.create(Kind.LR_FINDER, "rate", Recipe.of("cards", "empty_cnn", max_train_images=100, **CHANGES))
    store.enqueue(run.id)
    return run


@pytest.mark.slow
def test_a_finder_leaves_curves_a_suggestion_and_the_seconds_of_a_step(store, queued, monkeypatch):
    decoded = []
    load = image_set.load_square
    monkeypatch.setattr(image_set, "load_square", lambda path, *rest: decoded.append(path) or load(path, *rest))
    assert run_job(queued.id, run_lr_finder) == 0
    ended = store.get(queued.id)
    assert ended.state is State.FINISHED
    curves = store.curves(queued.id, FINDER_METRICS).pivot(index="step", columns="metric", values="value")
    assert curves.index.tolist() == list(range(1, len(curves) + 1))
    assert 20 < len(curves) <= lr_range_test.STEPS
    assert curves["finder_learning_rate"].is_monotonic_increasing
    suggested = lr_range_test.suggest_rate(curves["finder_learning_rate"], curves["finder_raw_loss"])
    assert ended.facts.suggested_learning_rate == pytest.approx(suggested, rel=0.01)
    assert not ended.facts.learning_rate_note
    assert 0 < ended.facts.seconds_per_step < 5
    assert len(set(decoded)) <= 100
    assert not (ended.folder / "checkpoint").exists()


@pytest.mark.slow
def test_where_no_rate_lowers_the_loss_a_sentence_says_so(store, queued, monkeypatch):
    monkeypatch.setattr(lr_range_test, "suggest_rate", lambda rates, losses: None)
    assert run_job(queued.id, run_lr_finder) == 0
    facts = store.get(queued.id).facts
    assert facts.suggested_learning_rate is None
    assert facts.learning_rate_note.startswith("No learning rate lowered the loss")


def test_a_submitted_finder_is_queued_under_its_kind(store, monkeypatch):
    launched = []
    monkeypatch.setattr(local, "launch", lambda store, run: launched.append(run) or run)
    recipe = Recipe.of("cards", "empty_cnn", **CHANGES)
    run = submit_lr_finder(store, recipe)
    assert launched == [run]
    assert (run.kind, run.name) == (Kind.LR_FINDER, "learning rate of empty_cnn on cards")
    assert Recipe.parse(run.params) == recipe
    assert local._WORKERS[Kind.LR_FINDER] == "wildcam.training.lr_finder_worker"


def test_a_finder_is_refused_where_training_would_be(store, monkeypatch):
    monkeypatch.setattr(submit.pretrained, "weights_available", lambda preset, folder: False)
    with pytest.raises(UsageError, match="Unknown data set 'card'"):
        submit_lr_finder(store, Recipe.of("card", "empty_cnn"))
    with pytest.raises(DataError, match="Training needs two classes"):
        submit_lr_finder(store, Recipe.of("cards", "efficientnet_b0", **CHANGES))
    with pytest.raises(RunError, match="ImageNet weights of .* are not here"):
        submit_lr_finder(store, Recipe.of("cards", "efficientnet_b0", task="all", **CHANGES))
    assert store.all() == []
