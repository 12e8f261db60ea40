"""The imbalance strategies against none."""

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import BootstrapEstimate
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import UNDECIDED, Findings, as_sentence, figure, points
from wildcam.studies.scoring import MACRO_F1, Scorer, evaluated_on
from wildcam.training.recipe import ImbalanceStrategy, Recipe


def run(context: StudyContext) -> Findings:
    """Every imbalance strategy, on the same images with the same seeds."""
    spec = context.recipe().split_spec
    tables = {
        imbalance_strategy: [
            context.score_predictions(spec, species=context.train(_recipe(context, imbalance_strategy, seed)))
            for seed in range(context.size.seeds)
        ]
        for imbalance_strategy in _strategies(context)
    }
    scorer = Scorer.of(
        tables[ImbalanceStrategy.NONE][0], train_sizes(context.dataset, context.evaluation_subset(spec), spec)
    )
    scores = {imbalance_strategy: scorer.scores(own) for imbalance_strategy, own in tables.items()}
    best, gain = _best(scores, MACRO_F1)
    rarest = f"{MACRO_F1}, {list(scorer.bands)[-1]}"
    rare_best, rare_gain = _best(scores, rarest)
    return Findings(
        verdict=as_sentence(
            f"the best strategy is {_name(best)}: {_describe(gain, MACRO_F1)}",
            f"for the rarest classes {_name(rare_best)}: {_describe(rare_gain, rarest)}",
        ),
        decided=gain.interval.excludes_zero,
        figures=tuple(
            figure(score, _name(imbalance_strategy), value)
            for imbalance_strategy, own in scores.items()
            for score, value in own.items()
        ),
        notes=(
            f"The best of {len(scores) - 1} strategies was chosen on the photos that it is evaluated on: "
            "its score is optimistic.",
            "One view; every photo gets a species, whatever the confidence.",
        ),
        evaluated_on=evaluated_on(tables[ImbalanceStrategy.NONE][0], context.evaluation_subset(spec), spec.policy),
    )


def _strategies(context: StudyContext) -> list[ImbalanceStrategy]:
    """Those that the preset has."""
    without_focal = context.size.preset == "probe"
    return [one for one in ImbalanceStrategy if not (without_focal and one is ImbalanceStrategy.FOCAL)]


def _best(
    scores: dict[ImbalanceStrategy, dict[str, BootstrapEstimate]], score: str
) -> tuple[ImbalanceStrategy, BootstrapEstimate]:
    """The strategy with the highest score, and its gain over none."""
    gains = {
        strategy: own[score] - scores[ImbalanceStrategy.NONE][score]
        for strategy, own in scores.items()
        if strategy is not ImbalanceStrategy.NONE
    }
    best = max(gains, key=lambda strategy: gains[strategy].value)
    return best, gains[best]


def _describe(gain: BootstrapEstimate, score: str) -> str:
    decided = "decided" if gain.interval.excludes_zero else UNDECIDED
    return f"{points(gain)} in {score} over no strategy, {decided}"


def _recipe(context: StudyContext, imbalance_strategy: ImbalanceStrategy, seed: int) -> Recipe:
    return context.recipe(task=Task.SPECIES, seed=seed, imbalance_strategy=imbalance_strategy)


def _name(imbalance_strategy: ImbalanceStrategy) -> str:
    return "no strategy" if imbalance_strategy is ImbalanceStrategy.NONE else imbalance_strategy.display
