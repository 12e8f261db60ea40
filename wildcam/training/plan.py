"""From a recipe to the images and classes that a trainer gets."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from wildcam.counting import counted
from wildcam.data.boxes import BOX_COLUMNS
from wildcam.data.catalog import Dataset, Status
from wildcam.data.sequences import sequence_of
from wildcam.data.splits import Split, Subset, make_split
from wildcam.errors import DataError
from wildcam.evaluation.ground_truth import ground_truth_of
from wildcam.serving.card import EMPTY
from wildcam.training.inputs.crops import crops_of, with_confident_boxes
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.left_out import left_out_of
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan
from wildcam.training.validation_choice import choose_validation


@dataclass(frozen=True)
class Selection:
    """Which images take part, before any is decoded."""

    split: Split
    classes: tuple[str, ...]
    table: pd.DataFrame  # image_id, path, target, subset; with crops also BOX_COLUMNS
    unseen: pd.DataFrame  # the same for images outside train whose class is not in `classes`; their target is -1
    warnings: tuple[str, ...]
    left_out: dict[str, int]  # images of the data set by the reason why they take no part
    validation_subset: Subset = Subset.VAL  # which early stopping and the best epoch go by

    def on(self, subset: Subset) -> pd.DataFrame:
        """The rows of one subset."""
        return self.table[self.table["subset"] == subset]

    @property
    def validation(self) -> pd.DataFrame:
        """The rows that early stopping and the best epoch go by."""
        return self.on(self.validation_subset)


def select(dataset: Dataset, recipe: Recipe) -> Selection:
    """Apply the task, split, class and sample settings of a recipe to a data set.

    Raises `DataError` with one sentence where too little is left to train on.
    """
    index = dataset.index
    split = make_split(index, recipe.split_spec)
    rows = index.merge(split.table, on="image_id", validate="one_to_one")
    rows = rows.assign(target=ground_truth_of(rows, recipe.task))
    rows = rows[(rows["status"] == Status.OK) & rows["target"].notna()]
    if recipe.crops:
        rows = with_confident_boxes(rows, dataset)
    rows = rows.assign(group=_groups(rows))
    rows = rows[["image_id", "path", "subset", "group", *(BOX_COLUMNS if recipe.crops else ()), "target"]]
    rows = rows.astype({"target": "str"})
    rows = _limit_train(rows, recipe)
    counts = rows.loc[rows["subset"] == Subset.TRAIN, "target"].value_counts()
    held_out = _held_out(counts, recipe)
    classes = _classes(counts.drop(list(held_out)), recipe)
    warnings = list(split.warnings)
    if recipe.crops and (whole := rows["box_x"].isna().sum()):
        warnings.append(
            f"{whole:,} of {counted(len(rows), 'photo')} without a confident box of the detector: left whole."
        )
    known = rows["target"].isin(classes)
    missed = rows.loc[~known & (rows["subset"] != Subset.TRAIN) & ~rows["target"].isin(held_out), "target"].nunique()
    if missed:
        warnings.append(
            f"{counted(missed, 'class')} with too few training photos: not predicted by the model, and not evaluated."
        )
    if held_out:
        warnings.append(f"Held out of training as unseen species: {', '.join(held_out)}.")
    single = [name for name in classes if counts[name] == 1]
    if single:
        warnings.append(
            f"{counted(len(single), 'class')} with a single training photo ({', '.join(single[:3])}): too "
            "few to learn from."
        )
    unseen = rows[~known & (rows["subset"] != Subset.TRAIN)].assign(target=-1)
    rows = rows[known].assign(target=lambda table: table["target"].map({name: k for k, name in enumerate(classes)}))
    validation_subset, weak = choose_validation(rows)
    selection = Selection(
        split,
        classes,
        rows.reset_index(drop=True),
        unseen.reset_index(drop=True),
        (*warnings, *weak),
        left_out_of(index, recipe, split.table["image_id"], rows["image_id"], classes),
        validation_subset,
    )
    if selection.validation.empty:
        raise DataError(
            "No validation photo has a class of the training subset: choose another split seed or other shares."
        )
    return selection


def prepare(
    dataset: Dataset,
    recipe: Recipe,
    selection: Selection,
    folder: Path,
    downloads_dir: Path,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
    cache: PixelCache | None = None,
) -> Plan:
    """The plan of a run: the images of train and validation whose files are there; the missing ones are printed.

    None is decoded: that is done ahead of the batches, and one that turns out damaged is replaced
    (`batches.Reader`).
    """
    subsets = {}
    for name, rows in (("training", selection.on(Subset.TRAIN)), ("validation", selection.validation)):
        images = images_of(dataset, recipe, rows, cache)
        present = images.present(progress=partial(progress, f"checking {name} photos"))
        if not present.any():
            raise DataError(f"None of {counted(len(rows), f'{name} photo')} can be read: check the data set's folder.")
        for position in np.flatnonzero(~present):
            print(f"left out, missing: {dataset.image_path(rows['path'].iloc[position])}", flush=True)
        kept = np.flatnonzero(present)
        ids = tuple(rows["image_id"].iloc[kept])
        groups = tuple(rows["group"].iloc[kept])
        subsets[name] = Examples(images.take(kept), rows["target"].to_numpy(np.int64)[kept], ids, groups)
    return Plan(
        recipe=recipe,
        classes=selection.classes,
        train=subsets["training"],
        val=subsets["validation"],
        checkpoint_dir=folder / "checkpoint",
        downloads_dir=downloads_dir,
    )


def images_of(dataset: Dataset, recipe: Recipe, rows: pd.DataFrame, cache: PixelCache | None) -> ImageSet:
    """The images of rows of a selection, as the recipe's model sees them."""
    paths = [dataset.image_path(path) for path in rows["path"]]
    return ImageSet(paths, recipe.image_size, cache, crops_of(rows, recipe))


def _groups(rows: pd.DataFrame) -> pd.Series:
    """The location of each image, or its burst where there is but one location: what folds must keep together."""
    locations = rows["location"].astype("object").fillna("").astype(str)
    return locations if locations.nunique() > 2 else sequence_of(rows).astype(str)


def _limit_train(rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    in_train = rows["subset"] == Subset.TRAIN
    if not recipe.max_train_images or recipe.max_train_images >= in_train.sum():
        return rows
    drawn = rows[in_train].sample(recipe.max_train_images, random_state=recipe.seed).index
    return rows[~in_train | rows.index.isin(drawn)]


def _held_out(counts: pd.Series, recipe: Recipe) -> tuple[str, ...]:
    """Species left out on purpose, drawn by the split's seed from those in train; never `empty`."""
    species = sorted(set(counts.index) - {EMPTY})
    if not recipe.held_out_species:
        return ()
    random = np.random.default_rng(recipe.split_seed)
    return tuple(sorted(random.choice(species, min(recipe.held_out_species, len(species)), replace=False)))


def _classes(counts: pd.Series, recipe: Recipe) -> tuple[str, ...]:
    """Classes with enough training images; `empty` first, then by name."""
    large = counts[counts >= recipe.min_class_size].index
    classes = tuple(sorted(large, key=lambda name: (name != EMPTY, name)))
    if len(classes) < 2:
        raise DataError(
            f"Training needs two classes, and the training subset has {len(classes)} "
            f"({', '.join(classes) or 'none'}). Choose another task, split or minimum class size."
        )
    return classes
