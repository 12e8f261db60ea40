"""The transfer recipe with its network's input scaling, 0–255, and normalised first, as the experiment seems to do."""

from dataclasses import replace

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.evaluation.end_to_end import end_to_end
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Comparison, Findings, as_sentence, compare, figure
from wildcam.studies.scoring import ACCURACY, Scorer, evaluated_on
from wildcam.training.recipe import InputScaling, Recipe, Weights

PRESET, PROBE = "efficientnet_b0_top10", "probe"
"""The experiment's own, and a head on frozen features, where the study is asked for one."""

EXPECTED, NORMALISED = "pixels 0–255", "normalised first"
REPORTED = 0.116
"""The accuracy that the experiment reported of the recipe."""


def run(context: StudyContext) -> Findings:
    """From ImageNet weights where available; with random ones the frozen part has learned nothing either way."""
    weights = context.weights_for(_preset(context))
    tables = {
        name: [
            context.score_predictions(
                _recipe(context, weights, scaling, 0).split_spec,
                species=context.train(_recipe(context, weights, scaling, seed)),
            )
            for seed in range(context.size.seeds)
        ]
        for name, scaling in ((EXPECTED, InputScaling.RAW), (NORMALISED, InputScaling.NORMALISED))
    }
    spec = context.recipe().split_spec
    scorer = Scorer.of(tables[EXPECTED][0], train_sizes(context.dataset, context.evaluation_subset(spec), spec))
    scores = {name: scorer.scores(own) for name, own in tables.items()}
    found = compare(scores[EXPECTED][ACCURACY] - scores[NORMALISED][ACCURACY], EXPECTED, NORMALISED, "accuracy")
    notes = ["One view; every photo gets a species, whatever the confidence."]
    if weights is Weights.RANDOM:
        found = Comparison(
            False,
            f"not decided without ImageNet weights, which are not available here; with random ones, {found.sentence}",
        )
        notes.append("A frozen network with random weights says little about one with ImageNet weights.")
    else:
        found = replace(found, sentence=f"{found.sentence}; {_collapse(scores[NORMALISED][ACCURACY].interval)}")
    baselines = end_to_end(tables[EXPECTED][0]).baselines
    return Findings(
        verdict=as_sentence(found.sentence),
        decided=found.decided,
        notes=tuple(notes),
        figures=tuple(
            [figure(score, name, value) for name, own in scores.items() for score, value in own.items()]
            + [figure(ACCURACY, baseline.title, baseline.accuracy) for baseline in baselines]
        ),
        evaluated_on=evaluated_on(tables[EXPECTED][0], context.evaluation_subset(spec), spec.policy),
    )


def _collapse(accuracy: ConfidenceInterval) -> str:
    """Whether an accuracy as low as the reported one is outside the interval."""
    is_out = "is outside" if accuracy.low > REPORTED else "is within"
    return (
        f"the reported {REPORTED:.1%} {is_out} the interval of pixels {NORMALISED}: {accuracy.value:.1%} "
        f"(95 % CI {accuracy.low:.1%} to {accuracy.high:.1%})"
    )


def _preset(context: StudyContext) -> str:
    return PROBE if context.size.preset == PROBE else PRESET


def _recipe(context: StudyContext, weights: Weights, input_scaling: InputScaling, seed: int) -> Recipe:
    return context.recipe(_preset(context), task=Task.SPECIES, seed=seed, weights=weights, input_scaling=input_scaling)
