"""Which photos show people, by labels and by a detector's boxes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.catalog import DETECTION_COLUMNS, Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.people import labelled_people, shows_people


@pytest.mark.parametrize(
    "label",
    [
        "human",
        "Homo sapiens",
        "hiker with dog",
        "human_and_dog",
        "car, dog",
        "personne",
        "pickup",
        "human-dog",
        "staff",
    ],
)
def test_a_label_with_people_a_vehicle_or_the_set_up_shows_people(label: str) -> None:
    assert shows_people(label)


@pytest.mark.parametrize(
    "label", ["barn owl", "no people", "non-human animal", "empty", "time lapse", "unknown", "road runner", "bait", ""]
)
def test_a_label_without_them_does_not(label: str) -> None:
    assert not shows_people(label)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Dataset]:
    def save(policy: LabelPolicy = LabelPolicy()) -> Dataset:
        ids = list("abcdef")
        index = build_index(
            {
                "image_id": ids,
                "path": [f"{name}.jpg" for name in ids],
                "label": ["fox", "human", "fox", "fox", None, "walker"],
                "second_label": [None, None, "person", None, None, None],
            }
        )
        boxes = [("d", "person", 0.9), ("e", "vehicle", 0.2), ("a", "person", 0.19), ("a", "animal", 0.99)]
        detections = pd.DataFrame([(*box, 0.1, 0.1, 0.2, 0.2) for box in boxes], columns=list(DETECTION_COLUMNS))
        return save_dataset(
            tmp_path, index, name="d", source="", root=tmp_path, format="csv", labels=policy, detections=detections
        )

    return save


def test_either_label_or_a_confident_box_is_enough(saved: Callable[..., Dataset]) -> None:
    found = labelled_people(saved())
    assert dict(zip(found["image_id"], found["reason"], strict=True)) == {
        "b": "label human",
        "c": "label person",
        "d": "box of a detector",
        "e": "box of a detector",
        "f": "label walker",
    }


def test_a_label_counts_as_the_data_set_reads_it(saved: Callable[..., Dataset]) -> None:
    found = labelled_people(saved(LabelPolicy(merged={"walker": "fox", "human": "person"})))
    assert found.set_index("image_id")["reason"].to_dict()["b"] == "label person"
    assert "f" not in set(found["image_id"])
