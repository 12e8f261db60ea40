"""The images that take no part in a run: every one is counted once, under the reason that its user can act on."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.catalog import Dataset, Status, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.training.left_out import describe_left_out
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe

LOCATIONS, PER_LOCATION = 12, 20
LABELS = ("deer", "fox", "empty", "person")


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Five photos a label at each location; three without a label, two missing, one of a species of its own."""
    rows = LOCATIONS * PER_LOCATION
    index = build_index(
        {
            "image_id": [str(number) for number in range(rows)],
            "path": [f"{number}.jpg" for number in range(rows)],
            "label": [LABELS[number % len(LABELS)] for number in range(rows)],
            "location": [f"site {number // PER_LOCATION}" for number in range(rows)],
            "taken_at": pd.to_datetime("2020-01-01"),
        }
    )
    index["label"] = index["label"].astype("str")
    index.loc[[0, 4, 8], "label"] = pd.NA
    index["status"] = index["status"].astype("str")
    index.loc[[12, 16], "status"] = str(Status.MISSING)
    index.loc[5, "label"] = "aardvark"
    labels = LabelPolicy(empty=("empty",), other=("person",))
    return save_dataset(
        tmp_path / "datasets", index, name="reserve", source="", root=tmp_path, format="csv", labels=labels
    )


@pytest.fixture
def left_out(dataset: Dataset) -> Callable[..., dict[str, int]]:
    def of(**fields: object) -> dict[str, int]:
        selection = select(dataset, Recipe.of("reserve", "efficientnet_b0", **fields))
        assert len(selection.table) + sum(selection.left_out.values()) == len(dataset.index)
        return selection.left_out

    return of


def test_every_image_counts_once(left_out: Callable[..., dict[str, int]]) -> None:
    assert left_out(task="all", min_class_size=2) == {
        "label that is neither an animal nor empty": 60,
        "no label": 3,
        "file missing or damaged": 2,
        "class with too few training photos, or held out": 1,
    }


def test_what_the_task_does_not_ask_for_is_named(left_out: Callable[..., dict[str, int]]) -> None:
    assert left_out(task="species", min_class_size=1)["empty, and only species are told apart"] == 60


def test_what_is_not_drawn_is_named(left_out: Callable[..., dict[str, int]]) -> None:
    found = left_out(task="all", min_class_size=1, max_train_images=50)
    assert found["not among those drawn for training, at most 50"] > 50


def test_the_sentence_adds_up() -> None:
    assert describe_left_out(5, {}) == "All 5 photos of the data set take part."
    sentence = describe_left_out(5, {"no label": 1_200, "file missing or damaged": 1})
    assert sentence == "5 of 1,206 photos take part. Left out: 1,200 (no label); 1 (file missing or damaged)."
