"""What a probe's heads say of images, locations and species that they did not learn from."""

import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from wildcam.training.probe_backend.head import STRENGTHS, LinearHead, fit_path, single_threaded
from wildcam.training.recipe import ImbalanceStrategy

SPECIES_FOLDS = 5
"""Groups that the species are left out in, to measure the answers on species never seen. Fewer would leave a head
so few species that its confidence rises for that reason alone."""

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]  # positions to train on and to answer for


@dataclass(frozen=True)
class HeadSpec:
    """What a head learns from, and how. `features`: (N, F); the others: (N,)."""

    features: NDArray[np.float32]
    targets: NDArray[np.int64]
    groups: NDArray[np.object_]  # the location or the burst of each image
    classes: int
    strategy: ImbalanceStrategy
    balance_groups: bool = False  # a group counts by the square root of its size

    def fit(self, positions: NDArray[np.int64], strengths: Sequence[float] = STRENGTHS) -> list[LinearHead]:
        """A head for each strength, learned from these images alone."""
        shares = _shares(self.groups[positions]) if self.balance_groups else None
        return list(
            fit_path(self.features[positions], self.targets[positions], self.classes, self.strategy, strengths, shares)
        )


@dataclass(frozen=True)
class CrossValidated:
    """Probabilities of each image by heads that saw none of its group, (S, N, C), a layer a strength."""

    probabilities: NDArray[np.float32]
    known: NDArray[np.bool_]  # (N,): whether the head that answers had seen the image's class


def cross_validate(
    spec: HeadSpec, folds: int, seed: int, check_stop: Callable[[], None] = lambda: None
) -> CrossValidated:
    """Fit heads on all groups but those of a fold, for each fold. With a single group the folds are of single images.

    `check_stop`: called before each fold; what it raises ends the work.
    """
    shape = (len(STRENGTHS), len(spec.targets), spec.classes)
    probabilities, known = np.zeros(shape, np.float32), np.zeros(shape[1], bool)

    def answer(fold: Fold) -> None:
        check_stop()
        train, test = fold
        for number, head in enumerate(spec.fit(train)):
            probabilities[number, test] = head.probabilities(spec.features[test])
        known[test] = np.isin(spec.targets[test], spec.targets[train])

    _in_threads(answer, _folds(spec.targets, spec.groups, folds, seed))
    return CrossValidated(probabilities, known)


def on_unseen_classes(
    spec: HeadSpec,
    strength: float,
    among: NDArray[np.int64],
    folds: int,
    seed: int,
    check_stop: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """Probabilities of each image by a head that saw neither its group nor its class, (N, C); NaN where there is none.

    `among`: the classes that are left out in turn; others, such as `empty`, always take part.
    """
    left_out = np.random.default_rng(seed).permutation(among)
    parts = [part for part in np.array_split(left_out, SPECIES_FOLDS) if len(part)]
    answers = np.full((len(spec.targets), spec.classes), np.nan, np.float32)

    def answer(cell: tuple[Fold, NDArray[np.int64]]) -> None:
        check_stop()
        (train, test), part = cell
        train, test = train[~np.isin(spec.targets[train], part)], test[np.isin(spec.targets[test], part)]
        if len(test) and len(set(spec.targets[train])) > 1:
            answers[test] = spec.fit(train, (strength,))[0].probabilities(spec.features[test])

    _in_threads(answer, [(fold, part) for fold in _folds(spec.targets, spec.groups, folds, seed) for part in parts])
    return answers


def _shares(groups: NDArray[np.object_]) -> NDArray[np.float32]:
    """What each image counts, so that a group counts by the square root of its size, (N,)."""
    _, number, sizes = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    return np.asarray(sizes[number] ** -0.5, np.float32)


def _folds(targets: NDArray[np.int64], groups: NDArray[np.object_], most: int, seed: int) -> list[Fold]:
    present = len(set(groups))
    if present > 1 and most >= present:  # each group by itself
        splits = [(np.flatnonzero(groups != group), np.flatnonzero(groups == group)) for group in sorted(set(groups))]
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # classes smaller than the number of folds are expected here
            if present > 1:
                splitter = StratifiedGroupKFold(most, shuffle=True, random_state=seed)
                splits = list(splitter.split(targets, targets, groups))
            else:
                splits = list(StratifiedKFold(most, shuffle=True, random_state=seed).split(targets, targets))
    return [(train, test) for train, test in splits if len(set(targets[train])) > 1 and len(test)]


def _in_threads(work: Callable, cells: Sequence) -> None:
    """Each cell once; the linear algebra of a cell is in one thread, and a thread for each core works through them."""
    with single_threaded(), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for future in [pool.submit(work, cell) for cell in cells]:
            future.result()
