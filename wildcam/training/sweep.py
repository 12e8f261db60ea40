"""Several recipes from one: a grid over a few fields, or a random sample of it."""

import itertools
import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wildcam.counting import counted
from wildcam.errors import UsageError
from wildcam.training.recipe import Recipe

MAX_RUNS = 100


def sweep(recipe: Recipe, choices: Mapping[str, Sequence[Any]], *, sample: int = 0, seed: int = 0) -> list[Recipe]:
    """A recipe for every combination of the fields' values, or `sample` of them drawn at random, in the grid's order.

    Raises `UsageError` for an unknown field, a bad value, or more than `MAX_RUNS` recipes.
    """
    grid = list(itertools.product(*choices.values()))
    if sample and sample < len(grid):
        grid = [grid[position] for position in sorted(random.Random(seed).sample(range(len(grid)), sample))]
    if len(grid) > MAX_RUNS:
        raise UsageError(
            f"The sweep makes {counted(len(grid), 'run')}; at most {MAX_RUNS} are queued at once. Give fewer values, "
            "or take a random sample."
        )
    start = recipe.model_dump(mode="json")
    return [Recipe.parse({**start, **dict(zip(choices, values, strict=True))}) for values in grid]


def new_sweep(fields: Iterable[str]) -> str:
    """What ties the runs of one sweep together: the fields that vary, and a word that no other sweep has."""
    return f"{', '.join(fields)} ({secrets.token_hex(3)})"


def sweep_name(recipe: Recipe, fields: Iterable[str]) -> str:
    """A name that says what the run has of the fields that vary: runs of a sweep are told apart by it."""
    varied = ", ".join(f"{name} {_brief(getattr(recipe, name))}" for name in fields)
    name = f"{recipe.preset} on {recipe.dataset}"
    return f"{name}: {varied}" if varied else name


def _brief(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def read_values(text: str) -> list[str]:
    """The values of a text that separates them by commas."""
    return [value.strip() for value in text.split(",") if value.strip()]
