"""The second species of a photo is not a plain error, and labels of bursts are judged by burst."""

from pathlib import Path

import pandas as pd
import pytest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.evaluation.end_to_end import confusions, end_to_end
from wildcam.evaluation.ground_truth import Outcome, score_predictions
from wildcam.evaluation.summary import Unit, default_unit, score_by
from wildcam.exports.labels import read_again
from wildcam.predictions.table import as_table


def dataset(folder: Path, **columns: object) -> Dataset:
    names = ["a", "b", "c", "d"]
    given = {
        "image_id": names,
        "path": names,
        "label": ["fox", "fox", "fox", "empty"],
        "location": ["x", "x", "y", "y"],
    }
    labels = LabelPolicy(empty=("empty",), merged={"vulpes": "fox", "meles": "badger"})
    return save_dataset(
        folder, build_index(given | columns), name="d", source="s", root=folder, format="csv", labels=labels
    )


def answers(*labels: str) -> pd.DataFrame:
    return as_table([read_again(image_id=i, path=i, label=label) for i, label in zip("abcd", labels, strict=True)])


def test_naming_the_second_species_is_an_outcome_of_its_own(tmp_path: Path) -> None:
    found = dataset(tmp_path, second_label=["meles", "vulpes", "empty", None])
    scored = score_predictions(answers("badger", "badger", "empty", "badger"), found)
    assert scored["outcome"].tolist() == [
        Outcome.SECOND_SPECIES,  # also under its merged name
        Outcome.WRONG_SPECIES,
        Outcome.MISSED_ANIMAL,  # a second label that names nothing forgives nothing
        Outcome.RETAINED_BLANK,
    ]
    assert len(confusions(scored)) == 3
    scores = end_to_end(scored, draws=10)
    assert scores.accuracy.value == 0
    assert scores.outcomes[Outcome.SECOND_SPECIES] == 1


def test_of_a_burst_any_other_animal_in_it_is_the_second(tmp_path: Path) -> None:
    found = dataset(tmp_path, label=["fox", "fox", "badger", "empty"], sequence_id=["s"] * 4, location=["x"] * 4)
    table = answers("badger", "badger", "badger", "empty").assign(sequence_id="s", location="x")
    scored = score_by(Unit.BURST, table, found, Task.ALL)
    assert scored["outcome"].tolist() == [Outcome.SECOND_SPECIES]


@pytest.mark.parametrize(
    ("marks", "unit"),
    [([True, True, True, False], Unit.BURST), ([True, False, None, None], Unit.IMAGE), ([None] * 4, Unit.IMAGE)],
)
def test_the_unit_is_what_was_labelled(marks: list[bool | None], unit: Unit, tmp_path: Path) -> None:
    assert default_unit(dataset(tmp_path, label_of_sequence=marks)) is unit
