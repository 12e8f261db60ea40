"""The figures that are kept with a run, the report and the model card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildcam.architectures.presets import Task
from wildcam.augmentation import Augmentation
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import SplitSpec, Subset, make_split
from wildcam.evaluation.protocol import known_and_new_locations, train_sizes, what_training_saw
from wildcam.evaluation.summary import FILE, Summary, Unit, score_by, summarise
from wildcam.predictions.table import as_table
from wildcam.reports.report import model_card, report_html
from wildcam.serving.card import ModelCard, Score, task_of

SPEC = SplitSpec()


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Twenty cameras of four images: two foxes, a deer, nothing."""
    rows = [
        (f"{camera}-{k}", f"c{camera}", label)
        for camera in range(20)
        for k, label in enumerate(["fox", "fox", "deer", "empty"])
    ]
    index = build_index(
        {
            "image_id": [name for name, _, _ in rows],
            "path": [f"{name}.jpg" for name, _, _ in rows],
            "location": [place for _, place, _ in rows],
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
    aggregation: str = "majority_vote"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.models.split(" + "))

    @property
    def task(self) -> Task:
        return task_of(self.cards)


def predictions(dataset: Dataset, subset: Subset, labels: dict[str, str]) -> pd.DataFrame:
    """Each label called what the dict says."""
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
                "source": "stage_2",
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
    assert summary.scores.baselines == {"always empty": 0.25, "always fox": 0.5}
    assert summary.scores.balanced_accuracy == pytest.approx(2 / 3)
    assert (summary.scores.missed_animals, summary.scores.blank_recall, summary.training_saw) == (0, 1, "")
    assert summary.empty_filter.auroc == 1
    assert [(row["model"], row["difference"]) for row in summary.locations] == [
        ("one", pytest.approx(0.2)),
        ("two", pytest.approx(0.2)),
    ]


def test_stage_1_alone_is_scored_by_empty_or_animal(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    summary, scored = summary_of(
        dataset, Answers("one", (card(Task.EMPTY),)), {"fox": "animal", "deer": "empty", "empty": "empty"}
    )
    assert set(scored["ground_truth"]) == {"animal", "empty"}
    assert summary.scores.baselines == {"always empty": 0.25, "always animal": 0.75}
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


def test_images_of_training_are_told(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    own, other = card(Task.SPECIES), card(Task.SPECIES, split_fingerprint="0" * 12)
    assert what_training_saw([own], dataset, Subset.TEST, SPEC) == ""
    assert "another split" in what_training_saw([own, other], dataset, Subset.TEST, SPEC)
    assert "among these" in what_training_saw([own], dataset, "", SPEC)
    assert what_training_saw([card(Task.SPECIES, dataset="elsewhere")], dataset, "", SPEC) == ""


def test_the_tail_is_counted_where_training_looks(dataset: Dataset) -> None:
    sizes = train_sizes(dataset, Subset.TEST, SPEC)
    train = make_split(dataset.index, SPEC).table["subset"].value_counts()[Subset.TRAIN]
    assert sizes.sum() == train
    assert sizes["fox"] > sizes["deer"] > 0
    assert train_sizes(dataset, "", SPEC).to_dict() == {"fox": 40, "deer": 20, "empty": 20}


def test_a_card_without_both_subsets_has_no_difference(card: Callable[..., ModelCard]) -> None:
    assert known_and_new_locations([card(Task.SPECIES, scores=())], ["two"]).empty
    assert known_and_new_locations([], ["two"]).empty


def test_the_report_is_one_page_that_needs_nothing_else(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    answers = Answers("<b>one</b> + two", (card(Task.EMPTY), card(Task.SPECIES)))
    page = report_html(*summary_of(dataset, answers, {"fox": "fox", "deer": "fox", "empty": "empty"}))
    assert "&lt;b&gt;one&lt;/b&gt; + two" in page
    assert "0.750 (" in page
    assert page.count("Plotly.newPlot(") >= 4
    assert 'src="http' not in page
    assert "<b>one</b>" not in page


def test_the_model_card_says_what_it_is_not_for(dataset: Dataset, card: Callable[..., ModelCard]) -> None:
    cards = (card(Task.EMPTY, is_demo=True), card(Task.SPECIES))
    summary, _ = summary_of(dataset, Answers("one + two", cards), {"fox": "fox", "deer": "fox", "empty": "empty"})
    text = model_card(summary, cards)
    assert "| right final answers | 0.750 (" in text
    assert "a demo model knows nothing" in text
    assert "a demo model" not in model_card(summary, cards[1:])
    assert np.all([line.count("|") == 3 for line in text.splitlines() if line.startswith("|")])
