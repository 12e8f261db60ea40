"""What a run leaves to be promoted is checked and measured, or is not there."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.errors import BundleError
from wildcam.runs.facts import TrainFacts
from wildcam.serving.bundle import open_bundle
from wildcam.serving.card import ModelCard
from wildcam.training import model_evaluation
from wildcam.training.context import TrainingContext
from wildcam.training.export import export_bundle
from wildcam.training.plan import Selection, prepare, select
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import HeldOut, Outcome, Plan
from wildcam.training.whole_run import WholeRun


class CopyingTrainer:
    """Exports a ready graph, and predicts the given probabilities."""

    def __init__(
        self, graph: Path, probabilities: Callable[[np.ndarray], np.ndarray], held_out: HeldOut | None
    ) -> None:
        self._graph = graph
        self._held_out = held_out
        self.predict = probabilities

    def backbone(self) -> None:
        return None

    def held_out(self) -> HeldOut | None:
        return self._held_out

    def export(self, path: Path) -> None:
        path.write_bytes(self._graph.read_bytes())


class Job:
    """Remembers the facts of a run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.facts = TrainFacts()
        self.run = SimpleNamespace(id="run", folder=folder, bundle_dir=folder / "bundle")

    def write_facts(self, facts: TrainFacts) -> None:
        self.facts = facts

    def report(self, **changes: object) -> None:
        pass


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Dark images are empty, bright ones show a deer; ten at each of four cameras."""
    rows = [(f"{location}-{number}.png", location, number % 2) for location in "abcd" for number in range(10)]
    for path, _, bright in rows:
        Image.new("RGB", (64, 64), (230 if bright else 20,) * 3).save(tmp_path / path)
    index = build_index(
        {
            "image_id": [path for path, _, _ in rows],
            "path": [path for path, _, _ in rows],
            "label": ["deer" if bright else "empty" for _, _, bright in rows],
            "location": [location for _, location, _ in rows],
            "taken_at": pd.to_datetime("2020-01-01"),
        }
    )
    return save_dataset(
        tmp_path / "datasets",
        index,
        name="reserve",
        source="",
        root=tmp_path,
        format="csv",
        labels=LabelPolicy(empty=("empty",)),
    )


@pytest.fixture
def export(
    dataset: Dataset, tmp_path: Path, write_graph: Callable[..., Path]
) -> Callable[[Callable[[np.ndarray], np.ndarray]], Job]:
    recipe = Recipe.of("reserve", "empty_cnn", image_size=32, id_val_fraction=0)
    selection: Selection = select(dataset, recipe)
    plan: Plan = prepare(dataset, recipe, selection, tmp_path / "work", tmp_path / "downloads")
    job = Job(tmp_path / "run")

    def run(probabilities: Callable[[np.ndarray], np.ndarray], held_out: HeldOut | None = None) -> Job:
        trainer: Any = CopyingTrainer(write_graph(Task.EMPTY, side=32), probabilities, held_out)
        whole = WholeRun(recipe.total_epochs, len(plan.train), len(plan.val))
        context = TrainingContext(job, dataset, selection, plan, trainer, whole)  # type: ignore[arg-type]
        export_bundle(context, Outcome(3, 5, 0.9, stopped=False))
        return job

    run.job = job  # type: ignore[attr-defined]
    return run


def as_the_graph_does(images: np.ndarray) -> np.ndarray:
    logit = 30 * images.mean(axis=(1, 2, 3)) / 255 - 6
    animal = 1 / (1 + np.exp(-logit))
    return np.stack([1 - animal, animal], axis=1).astype(np.float32)


def test_a_graph_that_agrees_with_its_framework_becomes_a_measured_bundle(export: Any) -> None:
    job = export(as_the_graph_does)
    card = open_bundle(job.run.folder, "bundle").card
    assert 0 <= card.parity < 1e-3
    assert {score.subset for score in card.scores} == {"val", "test"}
    assert all(score.value == 1 for score in card.scores if score.metric == "accuracy")
    assert job.facts.scores[Subset.TEST].accuracy == 1
    assert card.empty_curve is not None
    assert card.species_curve is None
    assert card.empty_curve.at(card.empty_curve.missed_animals, 0.5) == 0
    assert card.empty_curve.at(card.empty_curve.retained_blanks, 0.5) == 0
    assert card.temperature < 1  # it is always right, and may be more confident
    assert card.bfloat16_changes in (None, 0)
    assert job.facts.milliseconds_per_image > 0
    assert sorted(path.name for path in job.run.folder.iterdir()) == ["bundle"]


def test_a_graph_that_differs_from_its_framework_is_not_kept(export: Any) -> None:
    with pytest.raises(BundleError, match="differs from the trained one"):
        export(lambda images: as_the_graph_does(images)[:, ::-1])
    assert list(export.job.run.folder.iterdir()) == []


def offset_answers() -> HeldOut:
    """The offset of the left-out locations moves the threshold; validation, which has none, would leave it at half."""
    p_empty = np.array([0.3, 0.2, 0.25, 0.05, 0.1, 0.02] * 4, np.float32)
    return HeldOut(
        targets=np.array([0, 0, 0, 1, 1, 1] * 4),
        groups=np.repeat(["a", "b", "c", "d"], 6),
        probabilities=np.stack([p_empty, 1 - p_empty], axis=1),
        known=np.ones(24, bool),
        unseen=np.full((24, 2), np.nan, np.float32),
    )


def test_cross_validation_calibrates_the_card_and_says_what_the_model_knows(export: Any) -> None:
    card = open_bundle(export(as_the_graph_does, offset_answers()).run.folder, "bundle").card
    assert card.empty_threshold < 0.5
    assert {score.subset for score in card.scores} == {"val", "test", "cross_validation"}
    assert card.knowledge is not None
    assert (card.knowledge.images, card.knowledge.species) == (20, 0)
    assert {found.metric: found.value for found in card.knowledge.left_out} == {
        "auc": 1.0,
        "recall_empty": 1.0,
        "recall_animal": 1.0,
    }
    assert [score.group for score in card.knowledge.groups] == ["a", "b", "c", "d"]


def test_views_are_tried_with_the_calibration_that_will_serve(export: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[ModelCard] = []
    monkeypatch.setattr(model_evaluation, "try_views", lambda classifier, *_: tried.append(classifier.card) or ())
    card = open_bundle(export(as_the_graph_does, offset_answers()).run.folder, "bundle").card
    assert card.empty_threshold < 0.5
    (served,) = tried
    assert (served.empty_threshold, served.temperature) == (card.empty_threshold, card.temperature)
