"""How optimistic a random split is: its own score against that on new locations."""

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import UNDECIDED, Findings, as_sentence, figure, points
from wildcam.studies.scoring import ACCURACY, WHERE, Scorer, evaluated_on
from wildcam.studies.tta import base_recipe, policies


def run(context: StudyContext) -> Findings:
    """Each split is evaluated on its own test images, as a report would do."""
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
    bias = random[ACCURACY] - new[ACCURACY]
    decided = bias.interval.excludes_zero
    return Findings(
        verdict=as_sentence(
            f"accuracy on the random split is {points(bias)} above that on {WHERE[context.size.split]}"
            + ("" if decided else f", {UNDECIDED}")
        ),
        decided=decided,
        evaluated_on="; ".join(where),
        figures=tuple(figure(score, name, value) for name, own in scores.items() for score, value in own.items()),
        notes=(
            "The two are evaluated on different photos, as in a report; the interval treats them as independent.",
            f"Both train on {counted(base_recipe(context, SplitPolicy.RANDOM, 0).max_train_images, 'photo')}.",
        ),
    )
