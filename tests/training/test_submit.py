"""Recipes on the way to a run: both stages on one split."""

import pytest

from wildcam.architectures.presets import Task
from wildcam.errors import UsageError
from wildcam.training.recipe import Recipe
from wildcam.training.submit import both_stages, of_stage_2_alone


def test_the_stages_share_their_split_and_what_was_changed_except_the_network() -> None:
    species = Recipe.of(
        "demo",
        "efficientnet_b0",
        split="sequence",
        split_seed=5,
        seed=2,
        epochs=3,
        max_train_images=400,
        image_size=128,
        held_out_species=1,
    )
    first, second = both_stages(species)
    assert second is species
    assert (first.task, first.dataset, first.seed) == (Task.EMPTY, "demo", 2)
    assert first.split_spec == second.split_spec
    assert (first.epochs, first.max_train_images) == (3, 400)
    assert first.image_size == Recipe.of("demo", "empty_cnn").image_size
    assert of_stage_2_alone(species) == ["Held-out species", "Image size"]


@pytest.mark.parametrize("preset", ["probe", "efficientnet_lite0"])
def test_a_preset_without_a_stage_1_of_its_own_is_both_stages_with_every_field(preset: str) -> None:
    given = {"image_size": 128, "min_class_size": 9, "split_seed": 5, "imbalance_strategy": "square_root"}
    first, second = both_stages(Recipe.of("demo", preset, task="species", held_out_species=2, **given))
    assert first.changes() == Recipe.of("demo", preset, task="empty", **given).changes()
    assert (first.preset, second.task, second.held_out_species) == (preset, Task.SPECIES, 2)
    assert of_stage_2_alone(second) == ["Held-out species"]


def test_a_recipe_of_no_species_is_refused() -> None:
    with pytest.raises(UsageError, match="has the task empty: choose the task species"):
        both_stages(Recipe.of("demo", "empty_cnn"))
