"""The two stages of a verdict as a pair of recipes on one split, so that the pair can be evaluated on images that
neither has seen.
"""

from wildcam.architectures.presets import Task
from wildcam.errors import UsageError
from wildcam.training.recipe import Recipe

STAGE_1 = "empty_cnn"

SHARED = ("split", "split_seed", "test_fraction", "val_fraction", "id_val_fraction", "random_val_fraction", "seed")
"""Fields that the stages have in common."""


def both_stages(species: Recipe) -> tuple[Recipe, Recipe]:
    """Stage 1, on all images, and stage 2, the recipe given. Raises `UsageError` where its task is another."""
    if species.task is not Task.SPECIES:
        raise UsageError(
            f"Stage 2 has the task species, and this recipe has the task {species.task}: choose the task species."
        )
    return Recipe.of(species.dataset, STAGE_1, **{name: getattr(species, name) for name in SHARED}), species
