"""What to change in a recipe that cannot be trained, or that is validated on too little: changes that were tried."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitPolicy
from wildcam.errors import DataError, WildcamError
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe
from wildcam.training.validation_choice import is_enough

SPLITS = (SplitPolicy.LOCATION, SplitPolicy.GIVEN, SplitPolicy.SEQUENCE, SplitPolicy.RANDOM)
"""From the split whose scores say the most to the one whose scores say the least."""


@dataclass(frozen=True)
class Mend:
    """A change after which the recipe can be trained and validated."""

    title: str  # what a button says
    field: str
    value: Any

    @property
    def option(self) -> str:
        """The same on the command line."""
        return f"--{self.field.replace('_', '-')} {self.value}"


@dataclass(frozen=True)
class FeasibleSplit:
    """The first split that can be used, and why those before it cannot."""

    policy: SplitPolicy
    refused: Mapping[SplitPolicy, str]


def can_be_trained(selection: Selection) -> bool:
    """Whether its validation can carry the choice of the best epoch."""
    return is_enough(selection.validation["target"])


def first_feasible_split(dataset: Dataset, recipe: Recipe) -> FeasibleSplit:
    """The first of `SPLITS` under which the recipe can be trained; the recipe's own where none is."""
    refused: dict[SplitPolicy, str] = {}
    for policy in SPLITS:
        try:
            selection = select(dataset, changed(recipe, split=policy))
        except DataError as error:
            refused[policy] = str(error)
            continue
        if can_be_trained(selection):
            return FeasibleSplit(policy, refused)
        refused[policy] = " ".join(selection.warnings)
    return FeasibleSplit(recipe.split, refused)


def find_mends(dataset: Dataset, recipe: Recipe) -> list[Mend]:
    """Changes of one field each after which the recipe can be trained, the least intrusive first."""
    return [mend for mend in _candidates(recipe) if _helps(mend, dataset, recipe)]


def _candidates(recipe: Recipe) -> Iterator[Mend]:
    for policy in SPLITS:
        if policy is not recipe.split:
            yield Mend(f"Split {policy.display.lower()}", "split", policy)
    if recipe.min_class_size > 1:
        yield Mend("Keep small classes", "min_class_size", 1)
    if recipe.max_train_images:
        yield Mend("Use all training photos", "max_train_images", 0)
    if recipe.held_out_species:
        yield Mend("Hold out no species", "held_out_species", 0)
    for task in recipe.preset_info.tasks:
        if task is not recipe.task and not (task is Task.EMPTY and recipe.held_out_species):
            yield Mend(f"Task: {task.display}", "task", task)


def _helps(mend: Mend, dataset: Dataset, recipe: Recipe) -> bool:
    try:
        return can_be_trained(select(dataset, changed(recipe, **{mend.field: mend.value})))
    except WildcamError:
        return False
