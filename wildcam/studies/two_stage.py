"""Two models, empty or animal and then which species, against one model with `empty` as a class."""

import math
from typing import Any

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.evaluation.bootstrap import BootstrapEstimate
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Findings, as_sentence, compare, figure
from wildcam.studies.scoring import MACRO_F1, Scorer, evaluated_on

TWO, ONE = "two stages", "one stage"


def run(context: StudyContext) -> Findings:
    """The same images, and as many seen in all: the one model trains for more epochs in return."""
    seeds = range(context.size.seeds)
    empties = [context.train(context.recipe(task=Task.EMPTY, seed=seed)) for seed in seeds]
    species = [context.train(context.recipe(task=Task.SPECIES, seed=seed)) for seed in seeds]
    images, animals = (context.train_images(context.recipe(task=task)) for task in (Task.ALL, Task.SPECIES))
    epochs = math.ceil(context.size.epochs * (images + animals) / images)
    longer: dict[str, Any] = {"epochs": epochs} if context.recipe().preset_info.has_epochs else {}
    at_once = [context.train(context.recipe(task=Task.ALL, seed=seed, **longer)) for seed in seeds]
    spec = context.recipe().split_spec
    tables = {
        TWO: [
            context.score_predictions(spec, empty=first, species=second)
            for first, second in zip(empties, species, strict=True)
        ],
        ONE: [context.score_predictions(spec, species=one) for one in at_once],
    }
    scorer = Scorer.of(tables[TWO][0], train_sizes(context.dataset, context.evaluation_subset(spec), spec))
    scores: dict[str, dict[str, BootstrapEstimate]] = {name: scorer.scores(own) for name, own in tables.items()}
    found = compare(scores[TWO][MACRO_F1] - scores[ONE][MACRO_F1], TWO, ONE, "macro-F1 of the final answers")
    return Findings(
        verdict=as_sentence(found.sentence),
        decided=found.decided,
        figures=tuple(figure(score, name, value) for name, own in scores.items() for score, value in own.items()),
        notes=(
            f"Two stages train {counted(context.size.epochs, 'epoch')} each, the one model {epochs}: both see the same "
            "number of photos."
            if longer
            else "Either is fitted until its penalised loss is at its least.",
            "One view; every animal gets a species, whatever the confidence; stage 1 at its default threshold.",
        ),
        evaluated_on=evaluated_on(tables[TWO][0], context.evaluation_subset(spec), spec.policy),
    )
