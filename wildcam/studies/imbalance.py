"""The remedies for rare classes against none."""

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import BootstrapEstimate
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Findings, figure, points
from wildcam.studies.scoring import MACRO_F1, Scorer, evaluated_on
from wildcam.training.recipe import ImbalanceStrategy, Recipe


def run(context: StudyContext) -> Findings:
    """Every remedy of the Train page, on the same images with the same seeds."""
    spec = context.recipe().split_spec
    tables = {
        imbalance_strategy: [
            context.score_predictions(spec, species=context.train(_recipe(context, imbalance_strategy, seed)))
            for seed in range(context.size.seeds)
        ]
        for imbalance_strategy in ImbalanceStrategy
    }
    scorer = Scorer.of(
        tables[ImbalanceStrategy.NONE][0], train_sizes(context.dataset, context.evaluation_subset(spec), spec)
    )
    scores = {imbalance_strategy: scorer.scores(own) for imbalance_strategy, own in tables.items()}
    best, words, decided = _best(scores, MACRO_F1)
    rarest = f"{MACRO_F1}, {list(scorer.bands)[-1]}"
    rare_best, rare_words, _ = _best(scores, rarest)
    return Findings(
        verdict=f"The best is {_name(best)}: {words}; for the rarest, {_name(rare_best)}: {rare_words}.",
        decided=decided,
        figures=tuple(
            figure(score, _name(imbalance_strategy), value)
            for imbalance_strategy, own in scores.items()
            for score, value in own.items()
        ),
        notes=(
            f"The best of {len(ImbalanceStrategy) - 1} remedies was looked for on the photos that it is judged on, which flatters it.",
            "One view; every photo gets a name, however unsure.",
        ),
        evaluated_on=evaluated_on(tables[ImbalanceStrategy.NONE][0], context.evaluation_subset(spec), spec.policy),
    )


def _best(
    scores: dict[ImbalanceStrategy, dict[str, BootstrapEstimate]], score: str
) -> tuple[ImbalanceStrategy, str, bool]:
    """The remedy that makes most of a score, in a sentence, and whether it is decided that it beats none."""
    gains = {
        imbalance_strategy: own[score] - scores[ImbalanceStrategy.NONE][score]
        for imbalance_strategy, own in scores.items()
        if imbalance_strategy is not ImbalanceStrategy.NONE
    }
    best = max(gains, key=lambda imbalance_strategy: gains[imbalance_strategy].value)
    decided = "decided" if gains[best].interval.excludes_zero else "not decided at this size"
    return best, f"{points(gains[best])} of {score} against no remedy, {decided}", gains[best].interval.excludes_zero


def _recipe(context: StudyContext, imbalance_strategy: ImbalanceStrategy, seed: int) -> Recipe:
    return context.recipe(task=Task.SPECIES, seed=seed, imbalance_strategy=imbalance_strategy)


def _name(imbalance_strategy: ImbalanceStrategy) -> str:
    return "no remedy" if imbalance_strategy is ImbalanceStrategy.NONE else imbalance_strategy.replace("_", " ")
