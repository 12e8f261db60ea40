"""Splits that are feasible, changes that mend a refused recipe, and validation that cannot choose a best epoch."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import SplitPolicy, Subset
from wildcam.errors import DataError
from wildcam.settings import Settings
from wildcam.training.mends import can_be_trained, find_mends, first_feasible_split
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe
from wildcam.training.submit import check
from wildcam.training.validation_choice import choose_validation

Save = Callable[[dict[str, list[object]]], Dataset]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def make(columns: dict[str, list[object]]) -> Dataset:
        count = len(columns["label"])
        index = build_index(
            {"image_id": [f"{n:04}" for n in range(count)], "path": [f"{n:04}.jpg" for n in range(count)]} | columns
        )
        policy = LabelPolicy(empty=("empty",))
        return save_dataset(
            tmp_path / "datasets", index, name="park", source="", root=tmp_path, format="folders", labels=policy
        )

    return make


def class_folders(save: Save, of_class: int = 60) -> Dataset:
    """Folders of classes: no locations, no times, no subsets."""
    labels = [label for label in ("empty", "fox", "hare") for _ in range(of_class)]
    return save({"label": labels})


def recipe(**changes: object) -> Recipe:
    return Recipe.of("park", "resnet50", weights="random", **changes)


def test_folders_of_classes_get_the_first_split_that_can_be_trained_and_the_reasons_against_the_others(
    save: Save,
) -> None:
    dataset = class_folders(save)
    found = first_feasible_split(dataset, recipe())
    assert SplitPolicy.LOCATION in found.refused
    assert "needs 3 or more locations" in found.refused[SplitPolicy.LOCATION]
    assert can_be_trained(select(dataset, recipe(split=found.policy)))


def test_every_mend_that_is_offered_works(save: Save) -> None:
    dataset = class_folders(save)
    refused = recipe(min_class_size=5)
    with pytest.raises(DataError):
        select(dataset, refused)
    mends = find_mends(dataset, refused)
    assert {mend.field for mend in mends} == {"split"}
    for mend in mends:
        assert can_be_trained(select(dataset, recipe(**{mend.field: mend.value})))


def test_the_command_line_names_options_that_work(save: Save, tmp_path: Path) -> None:
    class_folders(save)
    with pytest.raises(DataError, match=r"Any of these would do: .*--split random"):
        check(recipe(), Settings(home=tmp_path))


def test_a_data_set_with_locations_is_split_by_location(save: Save) -> None:
    labels = ["empty", "fox", "hare"] * 80
    locations = [f"c{n // 12}" for n in range(240)]
    found = first_feasible_split(save({"label": labels, "location": locations}), recipe())
    assert (found.policy, dict(found.refused)) == (SplitPolicy.LOCATION, {})


def rows(**counts: list[int]) -> pd.DataFrame:
    parts = [(subset, label) for subset, numbers in counts.items() for label, n in enumerate(numbers) for _ in range(n)]
    return pd.DataFrame(parts, columns=["subset", "target"])


def test_a_best_epoch_is_not_chosen_on_a_few_photos_of_one_class() -> None:
    subset, warnings = choose_validation(rows(train=[50, 50], val=[8], id_val=[20, 20]))
    assert subset is Subset.ID_VAL
    assert "8 photos of 1 class" in warnings[0]
    assert "same locations" in warnings[0]


def test_validation_that_is_too_small_everywhere_is_warned_of() -> None:
    subset, warnings = choose_validation(rows(train=[50, 50], val=[8]))
    assert subset is Subset.VAL
    assert "Choose another split" in warnings[0]


def test_enough_validation_at_new_locations_is_used_without_a_word() -> None:
    assert choose_validation(rows(train=[50, 50], val=[8, 8], id_val=[90, 90])) == (Subset.VAL, ())
