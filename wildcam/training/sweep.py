"""Several recipes from one: a grid over a few fields, or some drawn from it."""

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

from wildcam.errors import UsageError
from wildcam.training.recipe import Recipe

MOST_RUNS = 100


def sweep(recipe: Recipe, choices: Mapping[str, Sequence[Any]], *, sample: int = 0, seed: int = 0) -> list[Recipe]:
    """A recipe for every combination of the fields' values, or `sample` of them drawn at random, in the grid's order.

    Raises `UsageError` for an unknown field, a bad value, or more than `MOST_RUNS` recipes.
    """
    grid = list(itertools.product(*choices.values()))
    if sample and sample < len(grid):
        grid = [grid[position] for position in sorted(random.Random(seed).sample(range(len(grid)), sample))]
    if len(grid) > MOST_RUNS:
        raise UsageError(
            f"The sweep makes {len(grid):,} runs; at most {MOST_RUNS} are queued at once. Give fewer values, or draw some."
        )
    return [recipe.changed(**dict(zip(choices, values, strict=True))) for values in grid]


def read_values(text: str) -> list[str]:
    """Values separated by commas, as one types them."""
    return [value.strip() for value in text.split(",") if value.strip()]
