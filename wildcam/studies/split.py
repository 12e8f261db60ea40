"""How much a random split flatters: its own score against that on cameras which training never saw."""

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Findings, figure, points
from wildcam.studies.scoring import ACCURACY, WHERE, Scorer, evaluated_on
from wildcam.studies.tta import base_recipe, policies


def run(context: StudyContext) -> Findings:
    """Each split is judged on the images that it keeps for that: what a report would have said."""
    scores: dict[str, dict[str, BootstrapEstimate]] = {}
    where = []
    for number, policy in enumerate(policies(context)):
        spec = base_recipe(context, policy, 0).split_spec
        tables: list[pd.DataFrame] = [
            context.score_predictions(spec, species=context.train(base_recipe(context, policy, seed)))
            for seed in range(context.size.seeds)
        ]
        subset = context.evaluation_subset(spec)
        sizes = None if context.size.task is Task.EMPTY else train_sizes(context.dataset, subset, spec)
        scores[WHERE[policy]] = Scorer.of(tables[0], sizes, seed=number).scores(tables)
        where.append(evaluated_on(tables[0], subset, policy))
    random, new = scores.values()
    flattery = random[ACCURACY] - new[ACCURACY]
    decided = flattery.interval.excludes_zero
    return Findings(
        verdict=f"The random split's own score lies {points(flattery)} of accuracy above that on {WHERE[context.size.split]}"
        + ("." if decided else ": not decided at this size."),
        decided=decided,
        evaluated_on="; ".join(where),
        figures=tuple(figure(score, name, value) for name, own in scores.items() for score, value in own.items()),
        notes=(
            "The two are judged on different photos, as they would be in a report; the range counts both as drawn independently.",
            f"Both train on {base_recipe(context, SplitPolicy.RANDOM, 0).max_train_images:,} photos.",
        ),
    )
