"""From a recipe to the photographs and classes that a trainer gets."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, Status
from wildcam.data.labels import LabelRole
from wildcam.data.splits import Side, Split, make_split
from wildcam.errors import DataError
from wildcam.serving.bundle import ANIMAL, EMPTY
from wildcam.training.photographs import Photographs
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan


@dataclass(frozen=True)
class Selection:
    """Which photographs take part, before any is decoded."""

    split: Split
    classes: tuple[str, ...]
    table: pd.DataFrame  # image_id, path, target, side
    warnings: tuple[str, ...]

    def on(self, side: Side) -> pd.DataFrame:
        """The rows of one side."""
        return self.table[self.table["side"] == side]

    @property
    def validation(self) -> pd.DataFrame:
        """The rows that early stopping and the best epoch are judged on."""
        return self.on(self.split.validation_side)


def select(dataset: Dataset, recipe: Recipe) -> Selection:
    """Apply task, split, subset and smallest class of a recipe to a data set.

    Raises `DataError` with one sentence where nothing sensible is left to train on.
    """
    index = dataset.index
    split = make_split(index, recipe.split_spec)
    rows = index.merge(split.table, on="image_id", validate="one_to_one")
    rows = rows[(rows["status"] == Status.OK) & rows["role"].isin(_roles(recipe.task))]
    target = rows["label"].astype(str).where(rows["role"] != LabelRole.EMPTY, EMPTY)
    if recipe.task is Task.EMPTY:
        target = target.where(target == EMPTY, ANIMAL)
    rows = rows[["image_id", "path", "side"]].assign(target=target)
    rows = _subset(rows, recipe)
    counts = rows.loc[rows["side"] == Side.TRAIN, "target"].value_counts()
    classes = _classes(counts, recipe)
    warnings = list(split.warnings)
    known = rows["target"].isin(classes)
    lost = rows.loc[~known & (rows["side"] != Side.TRAIN), "target"].nunique()
    if lost:
        warnings.append(
            f"{lost} classes have too few photographs in train: the model cannot know them, and they are not judged."
        )
    single = [name for name in classes if counts[name] == 1]
    if single:
        warnings.append(
            f"{len(single)} classes have one photograph in train ({', '.join(single[:3])}): expect nothing of them."
        )
    rows = rows[known].assign(target=lambda table: table["target"].map({name: k for k, name in enumerate(classes)}))
    selection = Selection(split, classes, rows.reset_index(drop=True), tuple(warnings))
    if selection.validation.empty:
        raise DataError(
            "No validation photograph shows a class that train knows: choose another split seed or other shares."
        )
    return selection


def prepare(
    dataset: Dataset, recipe: Recipe, selection: Selection, folder: Path, downloads_dir: Path,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Plan:  # fmt: skip
    """Decode every photograph of train and validation once, leave the unreadable out, and hand over the rest."""
    sides = {}
    for name, rows in (("training", selection.on(Side.TRAIN)), ("validation", selection.validation)):
        paths = [dataset.photograph_path(path) for path in rows["path"]]
        photographs = Photographs(paths, recipe.image_size, folder / "pixels" / f"{name}.npy")
        readable = photographs.readable(progress=partial(progress, f"reading {name} photographs"))
        if not readable.any():
            raise DataError(f"None of the {len(paths):,} {name} photographs can be read: check the data set's folder.")
        for position in np.flatnonzero(~readable):
            print(f"left out, unreadable: {paths[position]}", flush=True)
        kept = np.flatnonzero(readable)
        sides[name] = Examples(photographs.subset(kept), rows["target"].to_numpy(np.int64)[kept])
    return Plan(
        recipe=recipe, classes=selection.classes, train=sides["training"], val=sides["validation"],
        checkpoint_dir=folder / "checkpoint", downloads_dir=downloads_dir,
    )  # fmt: skip


def _roles(task: Task) -> tuple[LabelRole, ...]:
    return (LabelRole.ANIMAL,) if task is Task.SPECIES else (LabelRole.EMPTY, LabelRole.ANIMAL)


def _subset(rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    in_train = rows["side"] == Side.TRAIN
    if not recipe.subset or recipe.subset >= in_train.sum():
        return rows
    drawn = rows[in_train].sample(recipe.subset, random_state=recipe.seed).index
    return rows[~in_train | rows.index.isin(drawn)]


def _classes(counts: pd.Series, recipe: Recipe) -> tuple[str, ...]:
    """Classes that train knows; `empty` first, then by name."""
    large = counts[counts >= recipe.min_class_size].index
    classes = tuple(sorted(large, key=lambda name: (name != EMPTY, name)))
    if len(classes) < 2:
        raise DataError(
            f"Training needs two classes, and the train side has {len(classes)} "
            f"({', '.join(classes) or 'none'}). Choose another task, split or smallest class."
        )
    return classes
