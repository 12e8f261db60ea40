"""Species that training never sees: left out on purpose, or by the split."""

import pandas as pd
import pytest

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.errors import UsageError
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe

SPECIES = ("coati", "deer", "fox", "hare", "ocelot")


@pytest.fixture
def dataset(tmp_path) -> Dataset:
    """Five species at each of twelve cameras, four images of each."""
    rows = [
        (f"{location}/{name}-{k}.jpg", location, name)
        for location in "abcdefghijkl"
        for name in SPECIES
        for k in range(4)
    ]
    index = build_index(
        {
            "image_id": [path for path, _, _ in rows],
            "path": [path for path, _, _ in rows],
            "label": [label for _, _, label in rows],
            "location": [location for _, location, _ in rows],
            "taken_at": pd.to_datetime("2020-01-01"),
        }
    )
    return save_dataset(
        tmp_path / "datasets", index, name="reserve", source="", root=tmp_path, format="csv", labels=LabelPolicy()
    )


def recipe(**changes: object) -> Recipe:
    return Recipe.of("reserve", "efficientnet_b0", weights="random", **changes)


def test_held_out_species_are_in_no_subset_and_wait_to_be_called_unknown(dataset: Dataset) -> None:
    selection = select(dataset, recipe(held_out_species=2))
    assert len(selection.classes) == 3
    unseen = selection.unseen
    assert len(unseen)
    assert set(unseen["target"]) == {-1}
    assert Subset.TRAIN not in set(unseen["subset"])
    labels = dataset.index.set_index("image_id")["label"].astype(str)
    held_out = set(SPECIES) - set(selection.classes)
    assert set(labels[unseen["image_id"]]) == held_out
    assert not held_out & set(labels[selection.table["image_id"]])
    assert any(all(name in warning for name in held_out) for warning in selection.warnings)
    assert not any("too few training photos" in warning for warning in selection.warnings)


def test_the_split_seed_draws_them(dataset: Dataset) -> None:
    drawn = {select(dataset, recipe(held_out_species=1, split_seed=seed)).classes for seed in range(6)}
    assert len(drawn) > 1
    again = select(dataset, recipe(held_out_species=1, split_seed=3)).classes
    assert again == select(dataset, recipe(held_out_species=1, split_seed=3)).classes


def test_without_any_there_are_none(dataset: Dataset) -> None:
    assert select(dataset, recipe()).unseen.empty


def test_stage_1_has_none_to_hold_out() -> None:
    with pytest.raises(UsageError, match="held_out_species"):
        Recipe.of("reserve", "resnet50", task="empty", weights="random", held_out_species=1)
