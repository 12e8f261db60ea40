"""Whether a closer look helps: the part of a photo with the strongest evidence of stage 1, at full resolution."""

import statistics
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap, mean_of
from wildcam.evaluation.ground_truth import Outcome
from wildcam.images import load_square, load_window
from wildcam.runs.run import Run
from wildcam.serving.bundle import open_run_bundle
from wildcam.serving.classifier import Classifier, Stopwatch
from wildcam.serving.evidence import map_of_animal, strongest_window
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Figure, Findings, as_sentence, compare, figure, points
from wildcam.studies.scoring import ACCURACY, MACRO_F1, evaluated_on

WHOLE, WINDOW, BOTH = "whole photo", "closer look alone", "both"
MOST_LOCATIONS = 10
"""Locations with figures of their own, those with most photos."""


@dataclass(frozen=True, eq=False)
class ClosePair:
    """Of one pair of models, on N images."""

    classes: tuple[str, ...]
    whole: NDArray[np.float32]  # probabilities, (N, C)
    window: NDArray[np.float32]  # of the closer look, (N, C)
    weight: float  # of the closer look
    preferred: float | None  # the weight that validation prefers, None where nobody measured it
    whole_ms: list[float]  # of each image, with its decoding
    window_ms: list[float]  # more, of the closer look

    def weight_with_origin(self) -> str:
        """The weight, and whether it is the one that validation prefers."""
        if self.preferred is None:
            return f"{self.weight:.1f}, the default, not measured"
        if not self.preferred:
            return f"{self.weight:.1f}, the default, for validation prefers no closer look"
        return f"{self.weight:.1f}, by validation"

    def labels(self) -> dict[str, NDArray[np.object_]]:
        """The species that each way of looking names, (N,)."""
        both = (1 - self.weight) * self.whole + self.weight * self.window
        names = np.array(self.classes, dtype=object)
        found = {WHOLE: self.whole, WINDOW: self.window, BOTH: both}
        return {way: names[probabilities.argmax(axis=1)] for way, probabilities in found.items()}


def run(context: StudyContext) -> Findings:
    """The same photos with an animal, seen whole, closer, and both; the windows are those of stage 1."""
    spec = context.recipe().split_spec
    seeds = range(context.size.seeds)
    empties = [context.train(context.recipe(task=Task.EMPTY, seed=seed)) for seed in seeds]
    species = [context.train(context.recipe(task=Task.SPECIES, seed=seed)) for seed in seeds]
    scored = context.score_predictions(spec, species=species[0])
    scored = scored[scored["outcome"] != Outcome.FAILED].reset_index(drop=True)
    where = evaluated_on(scored, context.evaluation_subset(spec), spec.policy)
    found_pairs = []
    for first, second in zip(empties, species, strict=True):
        found = _look(context, first, second, scored)
        if found is None:
            return Findings(
                verdict=f"Not decided: models of the preset {context.size.preset} show no evidence.",
                decided=False,
                figures=(),
                evaluated_on=where,
                notes=("Choose the preset probe, whose models show where they see an animal.",),
            )
        found_pairs.append(found)
    scores = _scores(found_pairs, scored)
    gain = compare(scores[BOTH][ACCURACY] - scores[WHOLE][ACCURACY], BOTH, WHOLE, ACCURACY)
    alone = scores[WINDOW][ACCURACY] - scores[WHOLE][ACCURACY]
    return Findings(
        verdict=as_sentence(gain.sentence, f"the closer look alone: {points(alone)}"),
        decided=gain.decided,
        figures=(
            *(figure(score, way, value) for way, own in scores.items() for score, value in own.items()),
            *_by_location(found_pairs, scored),
            *_costs(found_pairs),
        ),
        evaluated_on=where,
        notes=(
            "Photos with an animal, one view, every photo gets a species. The closer look is at the part with the "
            "strongest evidence of stage 1, half as wide and high as the photo.",
            f"Weight of the closer look: {'; '.join(own.weight_with_origin() for own in found_pairs)}.",
        ),
    )


def _look(context: StudyContext, empty: Run, species: Run, scored: pd.DataFrame) -> ClosePair | None:
    first, second = (Classifier(open_run_bundle(run.bundle_dir)) for run in (empty, species))
    if not first.has_evidence:
        return None
    count, classes = len(scored), second.card.classes
    whole, window = np.empty((2, count, len(classes)), np.float32)
    whole_ms, window_ms = [], []
    for position, path in enumerate(scored["path"]):
        file, stopwatch = context.dataset.image_path(path), Stopwatch()
        pixels = load_square(file, second.card.image_size)
        whole[position] = second.predict(pixels[None])[0]
        whole_ms.append(stopwatch.lap())
        if first.card.image_size != second.card.image_size:
            pixels = load_square(file, first.card.image_size)
        _, evidence = first.predict_with_evidence(pixels[None])  # stage 1 ran in any case: its time does not count
        stopwatch.lap()
        part = strongest_window(map_of_animal(evidence[0], first.card.classes))
        window[position] = second.predict(load_window(file, second.card.image_size, part)[None])[0]
        window_ms.append(stopwatch.lap())
    trial = second.card.closer_trial
    preferred = trial.preferred if trial else None
    return ClosePair(classes, whole, window, second.card.closer_weight, preferred, whole_ms, window_ms)


def _scores(found_pairs: list[ClosePair], scored: pd.DataFrame) -> dict[str, dict[str, BootstrapEstimate]]:
    names = pd.Index(sorted(scored["ground_truth"].unique()))
    bootstrap, targets = LocationBootstrap(scored["location"]), names.get_indexer(scored["ground_truth"])
    found: dict[str, dict[str, list[BootstrapEstimate]]] = {}
    for own in found_pairs:
        for way, labels in own.labels().items():
            correct = (labels == scored["ground_truth"].to_numpy(object)).astype(float)
            ways = found.setdefault(way, {ACCURACY: [], MACRO_F1: []})
            ways[ACCURACY].append(bootstrap.mean(correct))
            ways[MACRO_F1].append(bootstrap.macro_f1(targets, names.get_indexer(labels), len(names)))
    return {way: {score: mean_of(values) for score, values in own.items()} for way, own in found.items()}


def _by_location(found_pairs: list[ClosePair], scored: pd.DataFrame) -> list[Figure]:
    """Accuracy at each of the largest locations."""
    labels_given = scored["ground_truth"].to_numpy(object)
    locations = scored["location"].astype(object).fillna("").astype(str)
    figures = []
    for location in locations[locations != ""].value_counts().index[:MOST_LOCATIONS]:
        here = (locations == location).to_numpy()
        for way in (WHOLE, WINDOW, BOTH):
            value = float(np.mean([(own.labels()[way] == labels_given)[here].mean() for own in found_pairs]))
            figures.append(figure(f"{ACCURACY} at {location}", way, value))
    return figures


def _costs(found_pairs: list[ClosePair]) -> list[Figure]:
    """Medians, of files to answers."""
    whole = statistics.median(value for own in found_pairs for value in own.whole_ms)
    window = statistics.median(value for own in found_pairs for value in own.window_ms)
    cost = partial(figure, "milliseconds a photo")
    return [cost(WHOLE, whole), cost(BOTH, whole + window)]
