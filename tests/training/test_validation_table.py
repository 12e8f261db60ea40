"""What validation said of every image, written and read."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from wildcam.training.validation_table import (
    COLUMNS,
    hardest,
    high_confidence_errors,
    read_validation,
    recall_by_class,
    validation_table,
    write_validation,
)

CLASSES = ("empty", "deer", "fox")
PROBABILITIES = np.float32(
    [[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1], [0.9, 0.06, 0.04], [0.2, 0.2, 0.6], [0.6, 0.3, 0.1]]
)
TARGETS = np.array([0, 1, 1, 1, 2, 2])


@pytest.fixture
def table():
    return validation_table(list("abcdef"), TARGETS, PROBABILITIES, CLASSES)


def test_a_row_says_what_was_right_what_was_said_and_how_surely(table):
    assert tuple(table.columns) == COLUMNS
    assert table.iloc[3].to_dict() == {
        "image_id": "d",
        "target": "deer",
        "prediction": "empty",
        "confidence": pytest.approx(0.9),
        "target_probability": pytest.approx(0.06),
    }
    assert (table["confidence"].dtype, table["target_probability"].dtype) == (np.float32, np.float32)


def test_the_best_epochs_table_stays_while_later_ones_are_written(table, tmp_path):
    assert read_validation(tmp_path) is None
    write_validation(tmp_path, table, best=True)
    pd.testing.assert_frame_equal(read_validation(tmp_path, best=False), table)
    worse = table.assign(prediction="fox")
    write_validation(tmp_path, worse, best=False)
    pd.testing.assert_frame_equal(read_validation(tmp_path), table)
    pd.testing.assert_frame_equal(read_validation(tmp_path, best=False), worse)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["validation.parquet", "validation_best.parquet"]


def test_recall_is_listed_class_by_class_the_largest_first(table):
    rows = recall_by_class(table)
    assert list(rows.columns) == ["label", "images", "recall"]
    assert rows.to_numpy().tolist() == [["deer", 3, pytest.approx(1 / 3)], ["fox", 2, 0.5], ["empty", 1, 1.0]]


def test_the_hardest_are_those_whose_class_got_the_least_probability(table):
    assert hardest(table, 3)["image_id"].tolist() == ["d", "f", "b"]


def test_the_most_confident_mistakes_are_listed_first_and_only_mistakes(table):
    assert high_confidence_errors(table, 2)["image_id"].tolist() == ["d", "f"]
    assert high_confidence_errors(table, 99)["image_id"].tolist() == ["d", "f", "b"]


def test_reading_loads_no_framework():
    code = "import sys, wildcam.training.validation_table; print({'torch', 'tensorflow', 'sklearn'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
