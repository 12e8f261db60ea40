"""Test-time augmentation: the sets of views side by side, by vote and by mean, and what they cost."""

import statistics
import time
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap, mean_of
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.ground_truth import Outcome
from wildcam.images import load_square
from wildcam.runs.run import Run
from wildcam.serving.bundle import open_run_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier, stack
from wildcam.serving.tta import View, ViewSet, make_views
from wildcam.serving.two_stage import Aggregation, decide_empty, decide_species
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Figure, Findings, as_sentence, compare, figure
from wildcam.studies.scoring import ACCURACY, MACRO_F1, WHERE, evaluated_on
from wildcam.training.recipe import Recipe

Condition = tuple[ViewSet, int]
ONE: Condition = (ViewSet.LIGHT, 1)
CONDITIONS: tuple[Condition, ...] = (
    ONE,
    (ViewSet.LIGHT, 2),
    (ViewSet.LIGHT, 4),
    (ViewSet.TURNS, 4),
    (ViewSet.LIGHT, 8),
    (ViewSet.RANDOM, 4),
)
DESIGNED, DRAWN = (ViewSet.LIGHT, 4), (ViewSet.RANDOM, 4)
"""What the verdict compares with one view."""

TIMED = 40
"""Images that the cost is measured on."""

BINS = 15
CALIBRATION = "expected calibration error"
Scores = dict[str, BootstrapEstimate]


def policies(context: StudyContext) -> tuple[SplitPolicy, SplitPolicy]:
    """A random split, and one without leakage."""
    return SplitPolicy.RANDOM, context.size.split


def base_recipe(context: StudyContext, policy: SplitPolicy, seed: int) -> Recipe:
    """Of the trainings that this study and that of the split share: on equally many images, whatever the split."""
    most = min(context.train_images(context.recipe(task=context.size.task, split=each)) for each in policies(context))
    return context.recipe(task=context.size.task, split=policy, seed=seed, max_train_images=most)


def run(context: StudyContext) -> Findings:
    """On a random split, and on one without leakage."""
    figures: list[Figure] = []
    verdicts, decided, where = [], [], []
    for policy in policies(context):
        runs = [context.train(base_recipe(context, policy, seed)) for seed in range(context.size.seeds)]
        spec = base_recipe(context, policy, 0).split_spec
        scored = context.score_predictions(spec, species=runs[0])
        scored = scored[scored["outcome"] != Outcome.FAILED]  # no view can be made of them
        scores = _score(context, runs, scored)
        title = WHERE[policy]
        for (condition, aggregation), (own, error) in scores.items():
            name = _name(condition) + (f", {aggregation.display}" if condition != ONE else "")
            figures += [figure(f"{score}, {title}", name, value) for score, value in own.items()]
            figures.append(figure(f"{CALIBRATION}, {title}", name, error))
        one, designed, drawn = (
            scores[condition, Aggregation.VOTE][0][ACCURACY] for condition in (ONE, DESIGNED, DRAWN)
        )
        several = compare(designed - one, "4 designed views by vote", "one view", f"accuracy on {title}")
        verdicts += [several.sentence, compare(drawn - one, "4 random ones", "one view", "it").sentence]
        decided.append(several.decided)
        where.append(evaluated_on(scored, context.evaluation_subset(spec), policy))
        if policy is context.size.split:
            figures += _costs(context, runs[0], scored)
    return Findings(
        verdict=as_sentence(*verdicts),
        decided=all(decided),
        figures=tuple(figures),
        evaluated_on="; ".join(where),
        notes=(
            "On a random split the best epoch was chosen on the evaluated photos.",
            "Every photo gets a species, whatever the confidence.",
        ),
    )


def _score(
    context: StudyContext, runs: list[Run], scored: pd.DataFrame
) -> dict[tuple[Condition, Aggregation], tuple[Scores, float]]:
    locations, classes = LocationBootstrap(scored["location"]), sorted(scored["ground_truth"].unique())
    probabilities = [_probabilities(context, run, scored) for run in runs]
    ways = [(each, way) for each in CONDITIONS for way in Aggregation if each != ONE or way is Aggregation.VOTE]
    found: dict[tuple[Condition, Aggregation], tuple[Scores, float]] = {}
    for condition, way in ways:
        answers = []
        for classifier, own in probabilities:
            chosen = _positions(classifier.card, condition)
            answers.append([_decide(classifier, views_of_one[chosen], way) for views_of_one in own])
        found[condition, way] = _of_answers(answers, scored["ground_truth"], locations, classes)
    return found


def _probabilities(context: StudyContext, run: Run, scored: pd.DataFrame) -> tuple[Classifier, NDArray[np.float32]]:
    """Of every view of any set, of every image, (N, V, C)."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    all_views = _all_views(card)
    found = [
        classifier.predict(stack(load_square(context.dataset.image_path(path), card.image_size), all_views))
        for path in scored["path"]
    ]
    return classifier, np.stack(found)


def _all_views(card: ModelCard) -> list[View]:
    """Each view of any set once."""
    return list(dict.fromkeys(view for condition in CONDITIONS for view in _views(card, condition)))


def _views(card: ModelCard, condition: Condition) -> tuple[View, ...]:
    view_set, count = condition
    return make_views(count, card.augmentation, view_set)


def _positions(card: ModelCard, condition: Condition) -> list[int]:
    """Of a set's views in `_all_views`."""
    all_views = _all_views(card)
    return [all_views.index(view) for view in _views(card, condition)]


def _decide(classifier: Classifier, probabilities: NDArray[np.float32], way: Aggregation) -> tuple[str, float]:
    """By the rules of serving: label and confidence."""
    if classifier.card.task is Task.EMPTY:
        verdict = decide_empty(p_empty=probabilities[:, 0], threshold=0.5, aggregation=way)
    else:
        verdict = decide_species(
            probabilities=probabilities, classes=classifier.card.classes, unknown_threshold=0.0, aggregation=way
        )
    return verdict.label, verdict.confidence


def _of_answers(
    answers: list[list[tuple[str, float]]], ground_truth: pd.Series, locations: LocationBootstrap, classes: list[str]
) -> tuple[Scores, float]:
    names = pd.Index(classes)
    positions = names.get_indexer(ground_truth)
    accuracies, f1s, errors = [], [], []
    for own in answers:
        labels = np.array([label for label, _ in own], dtype=object)
        correct = (labels == ground_truth.to_numpy(object)).astype(float)
        accuracies.append(locations.mean(correct))
        f1s.append(locations.macro_f1(positions, names.get_indexer(labels), len(classes)))
        errors.append(reliability_bins(np.array([confidence for _, confidence in own]), correct, BINS)[0])
    return {ACCURACY: mean_of(accuracies), MACRO_F1: mean_of(f1s)}, float(np.mean(errors))


def _costs(context: StudyContext, run: Run, scored: pd.DataFrame) -> list[Figure]:
    """Milliseconds an image, from file to answer; the sets alternate at each image."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    milliseconds: dict[Condition, list[float]] = {condition: [] for condition in CONDITIONS}
    for path in scored["path"].head(TIMED):
        file = context.dataset.image_path(path)
        for condition, own in milliseconds.items():
            begun = time.perf_counter()
            image = load_square(file, card.image_size)
            classifier.predict(stack(image, _views(card, condition)))
            own.append(1000 * (time.perf_counter() - begun))
    cost = partial(figure, "milliseconds a photo")
    return [cost(_name(condition), statistics.median(own)) for condition, own in milliseconds.items()]


def _name(condition: Condition) -> str:
    view_set, count = condition
    if condition == ONE:
        return "1 view"
    return "2 views (photo and mirror)" if count == 2 else f"{counted(count, 'view')} ({view_set.display})"
