"""What several views of a photograph bring, and cost: 1, 3 and 9 of them, by vote and by mean."""

import statistics
import time
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import ByLocation, Drawn, mean_of
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.truth import NOT_READ
from wildcam.images import load_square
from wildcam.runs.run import Run
from wildcam.serving.bundle import open_run_bundle
from wildcam.serving.classifier import Classifier, stack
from wildcam.serving.tta import make_views
from wildcam.serving.two_stage import Aggregation, decide_empty, decide_species
from wildcam.studies.lab import Lab
from wildcam.studies.result import Figure, Found, figure, settle
from wildcam.studies.scoring import ACCURACY, MACRO_F1, WHERE, judged_on
from wildcam.training.recipe import Recipe

VIEWS = (1, 3, 9)
TIMED = 40
"""Photographs that the cost is measured on."""

BINS = 15
CALIBRATION = "expected calibration error"
Scores = dict[str, Drawn]


def policies(lab: Lab) -> tuple[SplitPolicy, SplitPolicy]:
    """A random split, and an honest one."""
    return SplitPolicy.RANDOM, lab.size.split


def base_recipe(lab: Lab, policy: SplitPolicy, seed: int) -> Recipe:
    """What this study and that of the split both train: on equally many photographs, whatever the split."""
    most = min(lab.train_photographs(lab.recipe(task=lab.size.task, split=each)) for each in policies(lab))
    return lab.recipe(task=lab.size.task, split=policy, seed=seed, subset=most)


def run(lab: Lab) -> Found:
    """By a random split, and by an honest one."""
    figures: list[Figure] = []
    verdicts, decided, where = [], [], []
    for policy in policies(lab):
        runs = [lab.train(base_recipe(lab, policy, seed)) for seed in range(lab.size.seeds)]
        spec = base_recipe(lab, policy, 0).split_spec
        judged = lab.judge(spec, species=runs[0])
        judged = judged[judged["outcome"] != NOT_READ]  # what no view can be made of
        scores = _score(lab, runs, judged)
        title = WHERE[policy]
        for (views, aggregation), (own, error) in scores.items():
            name = f"{views} view{'s' * (views > 1)}" + (f", {aggregation}" if views > 1 else "")
            figures += [figure(f"{score}, {title}", name, value) for score, value in own.items()]
            figures.append(figure(f"{CALIBRATION}, {title}", name, error))
        one, vote, mean = (
            scores[views, way][0][ACCURACY]
            for views, way in ((1, Aggregation.VOTE), (9, Aggregation.VOTE), (9, Aggregation.MEAN))
        )
        words, is_decided = settle(vote - one, "9 views by vote", "one view", f"accuracy on {title}")
        verdicts += [words, settle(mean - vote, "their mean", "the vote", "it")[0]]
        decided.append(is_decided)
        where.append(judged_on(judged, lab.judging_side(spec), policy))
        if policy is lab.size.split:
            figures += _costs(lab, runs[0], judged)
    sentence = "; ".join(verdicts)
    return Found(
        verdict=f"{sentence[0].upper()}{sentence[1:]}.", decided=all(decided), figures=tuple(figures), judged_on="; ".join(where),
        notes=("On a random split the photographs judged on also chose the best epoch.", "Every photograph gets a name, however unsure."),
    )  # fmt: skip


def _score(lab: Lab, runs: list[Run], judged: pd.DataFrame) -> dict[tuple[int, Aggregation], tuple[Scores, float]]:
    cameras, classes = ByLocation(judged["location"].to_numpy()), sorted(judged["truth"].unique())
    probabilities = [_probabilities(lab, run, judged) for run in runs]
    ways = [(views, way) for views in VIEWS for way in Aggregation if views > 1 or way is Aggregation.VOTE]
    found: dict[tuple[int, Aggregation], tuple[Scores, float]] = {}
    for views, way in ways:
        answers = [
            [_decide(classifier, views_of_one[:views], way) for views_of_one in own]
            for classifier, own in probabilities
        ]
        found[views, way] = _of_answers(answers, judged["truth"], cameras, classes)
    return found


def _probabilities(lab: Lab, run: Run, judged: pd.DataFrame) -> tuple[Classifier, NDArray[np.float32]]:
    """Of every view of every photograph, (N, 9, C): view k is the same however many there are."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    looks = make_views(max(VIEWS), card.augmentation)
    found = [
        classifier.predict(stack(load_square(lab.dataset.photograph_path(path), card.image_size), looks))
        for path in judged["path"]
    ]
    return classifier, np.stack(found)


def _decide(classifier: Classifier, probabilities: NDArray[np.float32], way: Aggregation) -> tuple[str, float]:
    """The product's own rule: answer and confidence."""
    if classifier.card.task is Task.EMPTY:
        verdict = decide_empty(p_empty=probabilities[:, 0], threshold=0.5, aggregation=way)
    else:
        verdict = decide_species(
            probabilities=probabilities, classes=classifier.card.classes, unknown_threshold=0.0, aggregation=way
        )
    return verdict.label, verdict.confidence


def _of_answers(
    answers: list[list[tuple[str, float]]], truth: pd.Series, cameras: ByLocation, classes: list[str]
) -> tuple[Scores, float]:
    names = pd.Index(classes)
    positions = names.get_indexer(truth)
    accuracies, f1s, errors = [], [], []
    for own in answers:
        labels = np.array([label for label, _ in own], dtype=object)
        right = (labels == truth.to_numpy(object)).astype(float)
        accuracies.append(cameras.mean(right))
        f1s.append(cameras.macro_f1(positions, names.get_indexer(labels), len(classes)))
        errors.append(reliability_bins(np.array([confidence for _, confidence in own]), right, BINS)[0])
    return {ACCURACY: mean_of(accuracies), MACRO_F1: mean_of(f1s)}, float(np.mean(errors))


def _costs(lab: Lab, run: Run, judged: pd.DataFrame) -> list[Figure]:
    """Milliseconds a photograph, from the file to the answer; the ways take turns at each photograph."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    taken: dict[int, list[float]] = {views: [] for views in VIEWS}
    for path in judged["path"].head(TIMED):
        file = lab.dataset.photograph_path(path)
        for views in VIEWS:
            begun = time.perf_counter()
            picture = load_square(file, card.image_size)
            classifier.predict(stack(picture, make_views(views, card.augmentation)))
            taken[views].append(1000 * (time.perf_counter() - begun))
    cost = partial(figure, "milliseconds a photograph")
    return [cost(f"{views} view{'s' * (views > 1)}", statistics.median(own)) for views, own in taken.items()]
