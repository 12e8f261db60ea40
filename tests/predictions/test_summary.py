"""What a batch found, counted by hand."""

from datetime import datetime

import pandas as pd
import pytest

from wildcam.predictions.summary import by_burst, by_label, by_location
from wildcam.predictions.table import as_table

ROWS = [
    ("a", "north", "", 0, "fox", 0.9),
    ("b", "north", "", 5, "fox", 0.5),
    ("c", "north", "", 9, "empty", 0.8),
    ("d", "south", "s1", 0, "deer", 0.7),
    ("e", "south", "s1", 500, "unknown", 0.2),
    ("f", "west", "", None, "failed", 0.0),
    ("g", "west", "", None, "empty", 0.9),
]


@pytest.fixture
def table() -> pd.DataFrame:
    return as_table(
        [
            {
                "image_id": name,
                "path": f"{name}.jpg",
                "location": place,
                "sequence_id": burst,
                "label": label,
                "taken_at": None if second is None else datetime(2024, 6, 1, 12, second // 60, second % 60),
                "width": 0,
                "height": 0,
                "source": "",
                "confidence": confidence,
                "agreement": 4,
                "views": 4,
                "p_empty": None,
                "top_labels": [],
                "top_probabilities": [],
                "ties": "",
                "failure": "",
            }
            for name, place, burst, second, label, confidence in ROWS
        ]
    )


def test_labels_are_counted_the_most_frequent_first(table: pd.DataFrame) -> None:
    found = by_label(table).set_index("label")
    assert found["images"].to_dict() == {"fox": 2, "empty": 2, "deer": 1, "unknown": 1, "failed": 1}
    assert (found.loc["fox", "locations"], found.loc["empty", "locations"]) == (1, 2)
    assert found.loc["fox", "confidence"] == pytest.approx(0.7)


def test_cameras_are_counted_and_a_failure_is_neither_animal_nor_empty(table: pd.DataFrame) -> None:
    found = by_location(table).set_index("location")
    columns = ["images", "animals", "empty", "failed", "species", "majority"]
    assert found.loc["north", columns].tolist() == [3, 2, 1, 0, 1, "fox"]
    assert found.loc["south", columns].tolist() == [2, 2, 0, 0, 1, "deer"]
    assert found.loc["west", columns].tolist() == [2, 0, 1, 1, 0, ""]


def test_bursts_are_those_of_the_source_and_else_of_camera_and_time(table: pd.DataFrame) -> None:
    found = by_burst(table, gap_seconds=6)
    assert found[["location", "label", "agreement", "images"]].values.tolist() == [
        ["north", "fox", 2, 3],
        ["south", "deer", 1, 2],
    ]
    assert by_burst(table, gap_seconds=3)["location"].tolist() == ["south"]  # named by the source, however far apart
    assert found["image_ids"].tolist() == [["a", "b", "c"], ["d", "e"]]


def test_nothing_is_summed_up_to_nothing(table: pd.DataFrame) -> None:
    none = table.iloc[:0]
    assert by_label(none).empty
    assert by_location(none).empty
    assert by_burst(none).empty
