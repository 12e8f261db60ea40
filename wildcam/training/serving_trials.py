"""How a model serves best: views and the closer look, tried on validation images at export."""

import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap
from wildcam.images import load_square, load_window
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier, stack
from wildcam.serving.evidence import map_of_animal, strongest_window
from wildcam.serving.trials import CloserTrial, Gain, ViewTrial
from wildcam.serving.tta import View, ViewSet, make_views
from wildcam.serving.two_stage import is_empty, name_species
from wildcam.training.trainer import Examples

TRIAL_IMAGES = 300
"""Validation images that are tried, at most: every view of each is a forward pass."""

VIEW_SETS = ((ViewSet.LIGHT, 2), (ViewSet.LIGHT, 4), (ViewSet.TURNS, 4))
WEIGHTS = tuple(step / 10 for step in range(11))
"""Of the closer look, from the whole alone to the look alone."""

TIMED = 16
"""Images whose reading is timed."""

Progress = Callable[[str], None]


def try_views(classifier: Classifier, examples: Examples, progress: Progress) -> tuple[ViewTrial, ...]:
    """Each set of views against the image as it is, decided by the rules of serving."""
    tried = examples.sample(TRIAL_IMAGES, 0)
    card = classifier.card
    sets = [make_views(views, card.augmentation, view_set) for view_set, views in VIEW_SETS]
    all_views = list(dict.fromkeys(view for views in sets for view in views))  # in order, the image as it is first
    progress("trying views")
    begun = time.perf_counter()
    found = _predict_views(classifier, tried, all_views)  # (V, N, C)
    view_seconds = (time.perf_counter() - begun) / (len(tried) * len(all_views))
    reading_seconds = _reading_seconds(tried, card)
    bootstrap = LocationBootstrap(_clusters(tried))
    alone = _correct(found[:1], tried.targets, card)
    trials = []
    for (view_set, views), own in zip(VIEW_SETS, sets, strict=True):
        correct = _correct(found[[all_views.index(view) for view in own]], tried.targets, card)
        cost = (reading_seconds + views * view_seconds) / (reading_seconds + view_seconds)
        gain = _gain(bootstrap.mean(correct - alone), cost, len(tried))
        trials.append(ViewTrial(view_set=view_set, views=views, gain=gain))
    return tuple(trials)


def try_closer(classifier: Classifier, examples: Examples, progress: Progress) -> CloserTrial | None:
    """The closer look at the model's own strongest evidence; None where its graph has none.

    The weight is that of the highest likelihood, which is smoother than accuracy.
    """
    card = classifier.card
    if card.task is Task.EMPTY or card.crops or not classifier.has_evidence:
        return None
    tried = examples.sample(TRIAL_IMAGES, 0)
    progress("trying a closer look")
    whole, close = np.empty((2, len(tried), len(card.classes)), np.float32)
    begun, looking_seconds = time.perf_counter(), 0.0
    for position in range(len(tried)):
        probabilities, evidence = classifier.predict_with_evidence(tried.images[position][None])
        since = time.perf_counter()
        animal_map = map_of_animal(evidence[0], card.classes)
        pixels = load_window(tried.images.path(position), card.image_size, strongest_window(animal_map))
        whole[position], close[position] = probabilities[0], classifier.predict(pixels[None])[0]
        looking_seconds += time.perf_counter() - since
    whole_seconds = (time.perf_counter() - begun - looking_seconds) / len(tried) + _reading_seconds(tried, card)
    rows = np.arange(len(tried))
    likelihoods = [
        np.log(np.maximum(_blend(whole, close, weight)[rows, tried.targets], 1e-12)).mean() for weight in WEIGHTS
    ]
    weight = WEIGHTS[int(np.argmax(likelihoods))]
    correct, alone = (
        (blend.argmax(axis=1) == tried.targets).astype(np.float64) for blend in (_blend(whole, close, weight), whole)
    )
    cost = 1 + looking_seconds / len(tried) / whole_seconds
    gain = LocationBootstrap(_clusters(tried)).mean(correct - alone)
    return CloserTrial(weight=weight, gain=_gain(gain, cost, len(tried)))


def _blend(whole: NDArray[np.float32], close: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    return (1 - weight) * whole + weight * close


def _predict_views(classifier: Classifier, examples: Examples, views: Sequence[View]) -> NDArray[np.float32]:
    """(V, N, C)"""
    answers = [
        classifier.predict(stack(examples.images[position], views)) for position in range(len(examples))
    ]  # (V, C) each
    return np.stack(answers, axis=1)


def _correct(probabilities: NDArray[np.float32], targets: NDArray[np.int64], card: ModelCard) -> NDArray[np.float64]:
    """Whether the vote of the views is right. (V, N, C) → (N,), 0 or 1"""
    images = range(len(targets))
    if card.task is Task.EMPTY:
        threshold = card.empty_threshold
        answers: Sequence[int] = [not is_empty(p_empty=probabilities[:, k, 0], threshold=threshold)[0] for k in images]
    else:
        answers = [name_species(probabilities=probabilities[:, k])[0] for k in images]
    return (np.array(answers, np.int64) == targets).astype(np.float64)


def _reading_seconds(examples: Examples, card: ModelCard) -> float:
    """Of one image's file, decoded for the model."""
    timed = range(min(TIMED, len(examples)))
    begun = time.perf_counter()
    for position in timed:
        load_square(examples.images.path(position), card.image_size)
    return (time.perf_counter() - begun) / len(timed)


def _clusters(examples: Examples) -> pd.Series:
    """Location or burst of each image, else each by itself."""
    return pd.Series(examples.groups or [str(k) for k in range(len(examples))], dtype=object)


def _gain(estimate: BootstrapEstimate, cost: float, images: int) -> Gain:
    interval = estimate.interval
    return Gain(value=interval.value, low=interval.low, high=interval.high, cost=round(cost, 2), images=images)
