"""A home whose trainings are done already: their models tell colours, so every study's figures are known beforehand."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow.entities import Metric

from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import make_split
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings
from wildcam.studies import context
from wildcam.studies.result import StudyResult, StudySize
from wildcam.studies.run_study import run_study
from wildcam.training.recipe import Recipe

COLOURS = {"deer": (230, 60, 60), "fox": (60, 230, 60), "hare": (60, 60, 230), "empty": (8, 8, 8)}
SIZE = StudySize(dataset="park", epochs=2, seeds=2)


@pytest.fixture
def settings(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch, image: Callable[..., bytes]
) -> Settings:
    """Twelve locations with an image of each colour, one of them damaged; every second hare is labelled a fox."""
    shutil.copytree(empty_database, tmp_path / "home")
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "models"))
    rows = [(f"c{location}", label) for location in range(12) for label in COLOURS]
    for label, colour in COLOURS.items():
        (tmp_path / f"{label}.jpg").write_bytes(image(*colour, size=(40, 30)))
    (tmp_path / "damaged.jpg").write_text("no photo")
    wrong = [label == "hare" and int(location[1:]) % 2 == 0 for location, label in rows]
    index = build_index(
        {
            "image_id": [f"{location}-{label}" for location, label in rows],
            "path": ["damaged.jpg" if row == ("c5", "fox") else f"{row[1]}.jpg" for row in rows],
            "location": [location for location, _ in rows],
            "label": ["fox" if is_wrong else label for (_, label), is_wrong in zip(rows, wrong, strict=True)],
        }
    )
    settings = load_settings()
    save_dataset(
        settings.datasets_dir,
        index,
        name="park",
        source="",
        root=tmp_path,
        format="csv",
        labels=LabelPolicy(empty=("empty",)),
    )
    return settings


@pytest.fixture
def store(settings: Settings) -> RunStore:
    return RunStore(settings)


@pytest.fixture
def evidence() -> bool:
    """Whether the models show their evidence; a test may say otherwise."""
    return False


@pytest.fixture
def trainings(
    store: RunStore,
    write_model: Callable[..., object],
    models_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    evidence: bool,
) -> list[Recipe]:
    """The recipes that a study trains; each is done at once, with a model that tells colours.

    The one model for all tells a hare from nothing by neither: it calls what is blue empty.
    """
    recipes: list[Recipe] = []

    def submit(store: RunStore, recipe: Recipe, name: str) -> Run:
        recipes.append(recipe)
        run = store.create(Kind.TRAIN, name, recipe)
        store.enqueue(run.id)
        changes = {"classes": ("deer", "fox", "empty")} if recipe.task is Task.ALL else {}
        write_model(run.id, recipe.task, evidence=evidence, **changes)
        shutil.copytree(models_dir / run.id, run.bundle_dir)
        store.log_points(run.id, list(curves(recipe)))
        dataset = open_dataset(store.settings.datasets_dir, "park")
        fingerprint = make_split(dataset.index, recipe.split_spec).fingerprint
        store.write_facts(run.id, TrainFacts(split_fingerprint=fingerprint, environment={"keras": "3"}))
        store.mark(run.id, State.FINISHED)
        return store.get(run.id)

    monkeypatch.setattr(context, "submit", submit)
    monkeypatch.setattr(context, "missing_weights", lambda recipe, settings: "They are not here.")
    return recipes


def curves(recipe: Recipe) -> Iterator[Metric]:
    """Augmentation lifts the train loss above the validation's; measured without it, it lies below."""
    losses = {"train_loss": 1.0 if recipe.flip else 0.5, "train_clean_loss": 0.5, "val_loss": 0.7}
    for name, loss in losses.items():
        for epoch in range(1, recipe.epochs + 1):
            yield Metric(name, loss + recipe.seed / 100, 1_000 * epoch, epoch)


@pytest.fixture
def answer(store: RunStore) -> Callable[[str], StudyResult]:
    """Run a study at a size for tests."""
    return lambda name: run_study(store, name, SIZE, lambda store, run: run)
