"""Two models, empty or animal and then which species, against one model with `empty` as a class."""

import math

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import Drawn
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.lab import Lab
from wildcam.studies.result import Found, figure, settle
from wildcam.studies.scoring import MACRO_F1, Scorer, judged_on

TWO, ONE = "two stages", "one stage"


def run(lab: Lab) -> Found:
    """The same photographs, and as many of them shown in all: the one model trains for so many more epochs."""
    seeds = range(lab.size.seeds)
    empties = [lab.train(lab.recipe(task=Task.EMPTY, seed=seed)) for seed in seeds]
    species = [lab.train(lab.recipe(task=Task.SPECIES, seed=seed)) for seed in seeds]
    shown, animals = (lab.train_photographs(lab.recipe(task=task)) for task in (Task.ALL, Task.SPECIES))
    epochs = math.ceil(lab.size.epochs * (shown + animals) / shown)
    at_once = [lab.train(lab.recipe(task=Task.ALL, seed=seed, epochs=epochs)) for seed in seeds]
    spec = lab.recipe().split_spec
    tables = {
        TWO: [lab.judge(spec, empty=first, species=second) for first, second in zip(empties, species, strict=True)],
        ONE: [lab.judge(spec, species=one) for one in at_once],
    }
    scorer = Scorer.of(tables[TWO][0], train_sizes(lab.dataset, lab.judging_side(spec), spec))
    scores: dict[str, dict[str, Drawn]] = {name: scorer.scores(own) for name, own in tables.items()}
    words, decided = settle(scores[TWO][MACRO_F1] - scores[ONE][MACRO_F1], TWO, ONE, "macro-F1 of the final answers")
    return Found(
        verdict=f"{words[0].upper()}{words[1:]}.", decided=decided,
        figures=tuple(figure(score, name, value) for name, own in scores.items() for score, value in own.items()),
        notes=(
            f"Two stages train {lab.size.epochs} epochs each, the one model {epochs}: the same number of photographs shown.",
            "One view; every animal gets a name, however unsure; stage 1 at its card's threshold.",
        ),
        judged_on=judged_on(tables[TWO][0], lab.judging_side(spec), spec.policy),
    )  # fmt: skip
