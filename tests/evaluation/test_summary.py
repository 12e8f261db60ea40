"""The figures that are kept with a run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from wildcam.architectures.presets import Task
from wildcam.augmentation import Augmentation
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import SplitSpec, Subset, make_split
from wildcam.evaluation.end_to_end import Baseline
from wildcam.evaluation.protocol import known_and_new_locations, leakage_warning, train_sizes
from wildcam.evaluation.summary import FILE, Summary, Unit, score_by, summarise
from wildcam.predictions.table import as_table
from wildcam.serving.card import ModelCard, Score, task_of

SPEC = SplitSpec()


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Twenty locations of four images: two foxes, a deer, nothing."""
    rows = [
        (f"{location}-{k}", f"c{location}", label)
        for location in range(20)
        for k, label in enumerate(["fox", "fox", "deer", "empty"])
    ]
    index = build_index(
        {
            "image_id": [name for name, _, _ in rows],
            "path": [f"{name}.jpg" for name, _, _ in rows],
            "location": [location for _, location, _ in rows],
            "label": [label for _, _, label in rows],
        }
    )
    return save_dataset(
        tmp_path, index, name="park", source="", root=tmp_path, format="csv", labels=LabelPolicy(empty=("empty",))
    )


@pytest.fixture
def card(dataset: Dataset) -> Callable[..., ModelCard]:
    def make(task: Task, **values: object) -> ModelCard:
        classes = {Task.EMPTY: ("empty", "animal"), Task.SPECIES: ("deer", "fox"), Task.ALL: ("empty", "deer", "fox")}
        scores = tuple(
            Score(subset=subset, metric="accuracy", value=value, images=9)
            for subset, value in (("id_val", 0.9), ("val", 0.7))
        )
        usual = {
            "name": "m",
            "task": task,
            "classes": classes[task],
            "image_size": 32,
            "preset": "empty_cnn",
            "dataset": "park",
            "run_id": "a" * 32,
            "best_epoch": 1,
            "split_policy": "location",
            "label_policy": LabelPolicy(),
            "parity": 0.0,
            "split_fingerprint": make_split(dataset.index, SPEC).fingerprint,
            "augmentation": Augmentation(),
            "scores": scores,
            "created_at": datetime.now(UTC),
            "sha256": "0",
        }
        return ModelCard(**usual | values)

    return make


@dataclass(frozen=True)
class Answers:
    models: str
    cards: tuple[ModelCard, ...]
    views: int = 4
    aggregation: str = "majority vote"
    settings: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.models.split(" + "))

    @property
    def task(self) -> Task:
        return task_of(self.cards)


def predictions(dataset: Dataset, subset: Subset, labels: dict[str, str]) -> pd.DataFrame:
    """Each label predicted as the dict says."""
    rows = dataset.index.merge(make_split(dataset.index, SPEC).table, on="image_id")
    rows = rows[rows["subset"] == subset]
    return as_table(
        [
            {
                "image_id": row.image_id,
                "path": row.path,
                "location": row.location,
                "sequence_id": "",
                "taken_at": None,
                "width": 0,
                "height": 0,
                "label": labels[row.label],
                "source": "stage 2",
                "confidence": 0.8,
                "agreement": 4,
                "views": 4,
                "p_empty": 0.9 if labels[row.label] == "empty" else 0.1,
                "top_labels": ["fox", "deer"],
                "top_probabilities": [0.8, 0.2],
                "ties": "",
                "failure": "",
            }
            for row in rows.itertuples()
        ]
    )


def summary_of(dataset: Dataset, answers: Answers, labels: dict[str, str]) -> tuple[Summary, pd.DataFrame]:
    scored = score_by(Unit.IMAGE, predictions(dataset, Subset.TEST, labels), dataset, answers.task)
    return summarise(scored, answers, dataset, Subset.TEST, SPEC), scored


def test_both_stages_are_scored_by_the_final_answer(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    answers = Answers("one + two", (card(Task.EMPTY), card(Task.SPECIES)))
    summary, _ = summary_of(dataset, answers, {"fox": "fox", "deer": "fox", "empty": "empty"})
    assert summary.scores.accuracy.value == pytest.approx(0.75)
    assert summary.scores.baselines == (Baseline("empty", 0.25), Baseline("fox", 0.5))
    assert summary.scores.balanced_accuracy == pytest.approx(2 / 3)
    assert (summary.scores.missed_animals, summary.scores.blank_recall, summary.leakage) == (0, 1, "")
    assert summary.empty_filter.auroc == 1
    assert [(row.model, row.difference) for row in summary.location_gaps] == [
        ("one", pytest.approx(0.2)),
        ("two", pytest.approx(0.2)),
    ]


def test_stage_1_alone_is_scored_by_empty_or_animal(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    summary, scored = summary_of(
        dataset, Answers("one", (card(Task.EMPTY),)), {"fox": "animal", "deer": "empty", "empty": "empty"}
    )
    assert set(scored["ground_truth"]) == {"animal", "empty"}
    assert summary.scores.baselines == (Baseline("empty", 0.25), Baseline("animal", 0.75))
    assert summary.scores.missed_animals == pytest.approx(1 / 3)


def test_stage_2_alone_is_scored_on_animals(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    summary, scored = summary_of(
        dataset, Answers("two", (card(Task.SPECIES),)), {"fox": "fox", "deer": "deer", "empty": "fox"}
    )
    assert "empty" not in set(scored["ground_truth"])
    assert (summary.scores.accuracy.value, summary.scores.blank_recall, summary.empty_filter) == (1, None, None)


def test_the_figures_are_kept_and_read_again(dataset: Dataset, card: Callable[..., ModelCard], tmp_path: Path) -> None:
    summary, _ = summary_of(
        dataset, Answers("two", (card(Task.SPECIES),)), {"fox": "fox", "deer": "fox", "empty": "fox"}
    )
    summary.write(tmp_path)
    assert Summary.model_validate_json((tmp_path / FILE).read_bytes()) == summary


def test_training_images_among_the_evaluated_are_warned_of(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    own, other = card(Task.SPECIES), card(Task.SPECIES, split_fingerprint="0" * 12)
    assert leakage_warning([own], dataset, Subset.TEST, SPEC) == ""
    assert "another split" in leakage_warning([own, other], dataset, Subset.TEST, SPEC)
    assert "optimistic" in leakage_warning([own], dataset, "", SPEC)
    assert leakage_warning([card(Task.SPECIES, dataset="elsewhere")], dataset, "", SPEC) == ""


def test_the_tail_is_counted_in_the_training_subset(dataset: Dataset) -> None:
    sizes = train_sizes(dataset, Subset.TEST, SPEC)
    train = make_split(dataset.index, SPEC).table["subset"].value_counts()[Subset.TRAIN]
    assert sizes.sum() == train
    assert sizes["fox"] > sizes["deer"] > 0
    assert train_sizes(dataset, "", SPEC).to_dict() == {"fox": 40, "deer": 20, "empty": 20}


def test_a_card_without_both_subsets_has_no_difference(card: Callable[..., ModelCard]) -> None:
    assert known_and_new_locations([card(Task.SPECIES, scores=())], ["two"]).empty
    assert known_and_new_locations([], ["two"]).empty


def test_locations_and_images_without_one_are_counted_in_the_figures(
    dataset: Dataset, card: Callable[..., ModelCard]
) -> None:
    table = predictions(dataset, Subset.TEST, {"fox": "fox", "deer": "deer", "empty": "empty"})
    table["location"] = table["location"].where(table["location"] == table["location"].iloc[0], "")
    answers = Answers("one + two", (card(Task.EMPTY), card(Task.SPECIES)))
    scored = score_by(Unit.IMAGE, table, dataset, answers.task)
    kept = summarise(scored, answers, dataset, Subset.TEST, SPEC).model_dump(mode="json")["scores"]
    assert (kept["locations"], kept["images_without_location"]) == (1, len(table) - 4)
