"""What the labels say, in the classes of each task: one answer for training, evaluation and the photos of a batch."""

from pathlib import Path

import pytest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError
from wildcam.evaluation.ground_truth import ground_truth_of, ground_truth_of_images, score_predictions
from wildcam.predictions.table import COLUMNS, as_table
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Ten locations, each with a fox, a deer, a blank, a person, and an image without a label."""
    labels = {"fox": "fox", "deer": "deer", "blank": "blank", "person": "person", "unlabelled": None}
    rows = [(f"{name}-{k}", f"l{k}", label) for k in range(10) for name, label in labels.items()]
    index = build_index(
        {
            "image_id": [name for name, _, _ in rows],
            "path": [f"{name}.jpg" for name, _, _ in rows],
            "location": [location for _, location, _ in rows],
            "label": [label for _, _, label in rows],
        }
    )
    labels = LabelPolicy(empty=("blank",), other=("person",))
    return save_dataset(tmp_path, index, name="park", source="", root=tmp_path, format="csv", labels=labels)


EXPECTED = {
    Task.ALL: {"fox": "fox", "deer": "deer", "blank": "empty"},
    Task.EMPTY: {"fox": "animal", "deer": "animal", "blank": "empty"},
    Task.SPECIES: {"fox": "fox", "deer": "deer"},
}


@pytest.mark.parametrize("task", Task)
def test_labels_are_read_in_the_classes_of_the_task(dataset: Dataset, task: Task) -> None:
    known = ground_truth_of(dataset.index, task)
    found = dict(zip(dataset.index["image_id"].str.split("-").str[0][known.notna()], known.dropna(), strict=True))
    assert found == EXPECTED[task]
    assert known.notna().sum() == 10 * len(EXPECTED[task])


@pytest.mark.parametrize("task", Task)
def test_a_model_is_trained_on_the_ground_truth_that_it_is_evaluated_on(dataset: Dataset, task: Task) -> None:
    selection = select(dataset, Recipe.of("park", "small_cnn", task=task, min_class_size=1))
    trained = {selection.classes[target] for target in selection.table["target"]}
    assert trained == set(EXPECTED[task].values())


@pytest.mark.parametrize("task", list(Task))
def test_the_photos_of_a_cell_are_those_that_the_cell_counts(dataset: Dataset, task: Task) -> None:
    empty = dict.fromkeys(COLUMNS, None) | {"label": "empty", "top_labels": [], "top_probabilities": []}
    table = as_table([empty | {"image_id": name} for name in [*dataset.index["image_id"], "elsewhere"]])
    scored = score_predictions(table, dataset, task)
    listed = table.assign(ground_truth=ground_truth_of_images(table["image_id"], dataset, task))
    for ground_truth, count in scored["ground_truth"].value_counts().items():
        assert (listed["ground_truth"] == ground_truth).sum() == count
    assert set(scored["ground_truth"]) == set(EXPECTED[task].values())
    assert (listed["ground_truth"] == "").sum() == len(table) - len(scored)


def test_a_batch_without_labels_is_not_scored(dataset: Dataset) -> None:
    table = as_table([dict.fromkeys(COLUMNS, None) | {"image_id": "person-1", "label": "empty"}])
    with pytest.raises(DataError, match="an evaluation needs labels"):
        score_predictions(table, dataset)
