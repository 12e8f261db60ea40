"""How much a random split flatters: its own score against that on cameras which training never saw."""

import pandas as pd

from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import Drawn
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.lab import Lab
from wildcam.studies.result import Found, figure, points
from wildcam.studies.scoring import ACCURACY, WHERE, Scorer, judged_on
from wildcam.studies.tta import base_recipe, policies


def run(lab: Lab) -> Found:
    """Each split is judged on the photographs that it keeps for that: what a report would have said."""
    scores: dict[str, dict[str, Drawn]] = {}
    where = []
    for number, policy in enumerate(policies(lab)):
        spec = base_recipe(lab, policy, 0).split_spec
        tables: list[pd.DataFrame] = [
            lab.judge(spec, species=lab.train(base_recipe(lab, policy, seed))) for seed in range(lab.size.seeds)
        ]
        side = lab.judging_side(spec)
        sizes = None if lab.size.task is Task.EMPTY else train_sizes(lab.dataset, side, spec)
        scores[WHERE[policy]] = Scorer.of(tables[0], sizes, seed=number).scores(tables)
        where.append(judged_on(tables[0], side, policy))
    random, new = scores.values()
    flattery = random[ACCURACY] - new[ACCURACY]
    decided = flattery.interval.leaves_zero_out
    return Found(
        verdict=f"The random split's own score lies {points(flattery)} of accuracy above that on {WHERE[lab.size.split]}"
        + ("." if decided else ": not decided at this size."),
        decided=decided, judged_on="; ".join(where),
        figures=tuple(figure(score, name, value) for name, own in scores.items() for score, value in own.items()),
        notes=(
            "The two are judged on different photographs, as they would be in a report; the range counts both as drawn independently.",
            f"Both train on {base_recipe(lab, SplitPolicy.RANDOM, 0).subset:,} photographs.",
        ),
    )  # fmt: skip
