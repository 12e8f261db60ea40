"""The transfer recipe with pixels as its network wants them, 0–255, and normalised first, as the experiment seems to have fed it."""

from wildcam.architectures.presets import Task
from wildcam.evaluation.end_to_end import end_to_end
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.context import StudyContext
from wildcam.studies.result import Findings, compare, figure
from wildcam.studies.scoring import ACCURACY, Scorer, evaluated_on
from wildcam.training.recipe import InputScaling, Recipe, Weights

PRESET = "efficientnet_b0_top10"
RIGHT, WRONG = "pixels 0–255", "normalised first"


def run(context: StudyContext) -> Findings:
    """From ImageNet weights where they are to be had; from random ones the frozen part knows nothing either way."""
    weights = context.weights_for(PRESET)
    tables = {
        name: [
            context.score_predictions(
                _recipe(context, weights, pixels, 0).split_spec,
                species=context.train(_recipe(context, weights, pixels, seed)),
            )
            for seed in range(context.size.seeds)
        ]
        for name, pixels in ((RIGHT, InputScaling.RAW), (WRONG, InputScaling.NORMALISED))
    }
    spec = context.recipe().split_spec
    scorer = Scorer.of(tables[RIGHT][0], train_sizes(context.dataset, context.evaluation_subset(spec), spec))
    scores = {name: scorer.scores(own) for name, own in tables.items()}
    words, decided = compare(scores[RIGHT][ACCURACY] - scores[WRONG][ACCURACY], RIGHT, WRONG, "accuracy")
    notes = ["One view; every photo gets a name, however unsure."]
    if weights is Weights.RANDOM:
        words = f"not decided without ImageNet weights, which are not here; from random ones, {words}"
        decided = False
        notes.append("A frozen network of random weights says little of one that ImageNet taught.")
    baselines = end_to_end(tables[RIGHT][0]).baselines
    return Findings(
        verdict=f"{words[0].upper()}{words[1:]}.",
        decided=decided,
        notes=tuple(notes),
        figures=tuple(
            [figure(score, name, value) for name, own in scores.items() for score, value in own.items()]
            + [figure(ACCURACY, name, value) for name, value in baselines.items()]
        ),
        evaluated_on=evaluated_on(tables[RIGHT][0], context.evaluation_subset(spec), spec.policy),
    )


def _recipe(context: StudyContext, weights: Weights, input_scaling: InputScaling, seed: int) -> Recipe:
    return context.recipe(PRESET, task=Task.SPECIES, seed=seed, weights=weights, input_scaling=input_scaling)
