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


def test_a_recipe_of_no_species_is_refused() -> None:
    with pytest.raises(UsageError, match="has the task empty: choose the task species"):
        both_stages(Recipe.of("demo", "empty_cnn"))
