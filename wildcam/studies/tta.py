"""What several views of an image bring, and cost: 1, 3 and 9 of them, by vote and by mean."""

import statistics
import time
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate, LocationBootstrap, mean_of
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.ground_truth import NOT_READ
from wildcam.images import load_square
from wildcam.runs.run import Run
from wildcam.serving.bundle import open_run_bundle
from wildcam.serving.classifier import Classifier, stack
from wildcam.serving.tta import make_views
from wildcam.serving.two_stage import Aggregation, decide_empty, decide_species
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Figure, Findings, compare, figure
from wildcam.studies.scoring import ACCURACY, MACRO_F1, WHERE, evaluated_on
from wildcam.training.recipe import Recipe

VIEWS = (1, 3, 9)
TIMED = 40
"""Images that the cost is measured on."""

BINS = 15
CALIBRATION = "expected calibration error"
Scores = dict[str, BootstrapEstimate]


def policies(context: StudyContext) -> tuple[SplitPolicy, SplitPolicy]:
    """A random split, and an honest one."""
    return SplitPolicy.RANDOM, context.size.split


def base_recipe(context: StudyContext, policy: SplitPolicy, seed: int) -> Recipe:
    """What this study and that of the split both train: on equally many images, whatever the split."""
    most = min(context.train_images(context.recipe(task=context.size.task, split=each)) for each in policies(context))
    return context.recipe(task=context.size.task, split=policy, seed=seed, max_train_images=most)


def run(context: StudyContext) -> Findings:
    """By a random split, and by an honest one."""
    figures: list[Figure] = []
    verdicts, decided, where = [], [], []
    for policy in policies(context):
        runs = [context.train(base_recipe(context, policy, seed)) for seed in range(context.size.seeds)]
        spec = base_recipe(context, policy, 0).split_spec
        scored = context.score_predictions(spec, species=runs[0])
        scored = scored[scored["outcome"] != NOT_READ]  # what no view can be made of
        scores = _score(context, runs, scored)
        title = WHERE[policy]
        for (views, aggregation), (own, error) in scores.items():
            name = f"{views} view{'s' * (views > 1)}" + (f", {aggregation.display}" if views > 1 else "")
            figures += [figure(f"{score}, {title}", name, value) for score, value in own.items()]
            figures.append(figure(f"{CALIBRATION}, {title}", name, error))
        one, vote, mean = (
            scores[views, way][0][ACCURACY]
            for views, way in ((1, Aggregation.VOTE), (9, Aggregation.VOTE), (9, Aggregation.MEAN))
        )
        words, is_decided = compare(vote - one, "9 views by vote", "one view", f"accuracy on {title}")
        verdicts += [words, compare(mean - vote, "their mean", "the vote", "it")[0]]
        decided.append(is_decided)
        where.append(evaluated_on(scored, context.evaluation_subset(spec), policy))
        if policy is context.size.split:
            figures += _costs(context, runs[0], scored)
    sentence = "; ".join(verdicts)
    return Findings(
        verdict=f"{sentence[0].upper()}{sentence[1:]}.",
        decided=all(decided),
        figures=tuple(figures),
        evaluated_on="; ".join(where),
        notes=(
            "On a random split the photos judged on also chose the best epoch.",
            "Every photo gets a name, however unsure.",
        ),
    )


def _score(
    context: StudyContext, runs: list[Run], scored: pd.DataFrame
) -> dict[tuple[int, Aggregation], tuple[Scores, float]]:
    locations, classes = LocationBootstrap(scored["location"].to_numpy()), sorted(scored["ground_truth"].unique())
    probabilities = [_probabilities(context, run, scored) for run in runs]
    ways = [(views, way) for views in VIEWS for way in Aggregation if views > 1 or way is Aggregation.VOTE]
    found: dict[tuple[int, Aggregation], tuple[Scores, float]] = {}
    for views, way in ways:
        answers = [
            [_decide(classifier, views_of_one[:views], way) for views_of_one in own]
            for classifier, own in probabilities
        ]
        found[views, way] = _of_answers(answers, scored["ground_truth"], locations, classes)
    return found


def _probabilities(context: StudyContext, run: Run, scored: pd.DataFrame) -> tuple[Classifier, NDArray[np.float32]]:
    """Of every view of every image, (N, 9, C): view k is the same however many there are."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    looks = make_views(max(VIEWS), card.augmentation)
    found = [
        classifier.predict(stack(load_square(context.dataset.image_path(path), card.image_size), looks))
        for path in scored["path"]
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
    answers: list[list[tuple[str, float]]], ground_truth: pd.Series, locations: LocationBootstrap, classes: list[str]
) -> tuple[Scores, float]:
    names = pd.Index(classes)
    positions = names.get_indexer(ground_truth)
    accuracies, f1s, errors = [], [], []
    for own in answers:
        labels = np.array([label for label, _ in own], dtype=object)
        right = (labels == ground_truth.to_numpy(object)).astype(float)
        accuracies.append(locations.mean(right))
        f1s.append(locations.macro_f1(positions, names.get_indexer(labels), len(classes)))
        errors.append(reliability_bins(np.array([confidence for _, confidence in own]), right, BINS)[0])
    return {ACCURACY: mean_of(accuracies), MACRO_F1: mean_of(f1s)}, float(np.mean(errors))


def _costs(context: StudyContext, run: Run, scored: pd.DataFrame) -> list[Figure]:
    """Milliseconds an image, from the file to the answer; the ways take turns at each image."""
    classifier = Classifier(open_run_bundle(run.bundle_dir))
    card = classifier.card
    taken: dict[int, list[float]] = {views: [] for views in VIEWS}
    for path in scored["path"].head(TIMED):
        file = context.dataset.image_path(path)
        for views in VIEWS:
            begun = time.perf_counter()
            image = load_square(file, card.image_size)
            classifier.predict(stack(image, make_views(views, card.augmentation)))
            taken[views].append(1000 * (time.perf_counter() - begun))
    cost = partial(figure, "milliseconds a photo")
    return [cost(f"{views} view{'s' * (views > 1)}", statistics.median(own)) for views, own in taken.items()]
