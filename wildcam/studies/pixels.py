"""The transfer recipe with pixels as its network wants them, 0–255, and normalised first, as the experiment seems to have fed it."""

from wildcam.architectures.presets import Task
from wildcam.evaluation.end_to_end import end_to_end
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.lab import Lab
from wildcam.studies.result import Found, figure, settle
from wildcam.studies.scoring import ACCURACY, Scorer, judged_on
from wildcam.training.recipe import Pixels, Recipe, Weights

PRESET = "efficientnet_b0_top10"
RIGHT, WRONG = "pixels 0–255", "normalised first"


def run(lab: Lab) -> Found:
    """From ImageNet weights where they are to be had; from random ones the frozen part knows nothing either way."""
    weights = lab.weights_for(PRESET)
    tables = {
        name: [lab.judge(_recipe(lab, weights, pixels, 0).split_spec, species=lab.train(_recipe(lab, weights, pixels, seed)))
               for seed in range(lab.size.seeds)]
        for name, pixels in ((RIGHT, Pixels.RIGHT), (WRONG, Pixels.NORMALISED))
    }  # fmt: skip
    spec = lab.recipe().split_spec
    scorer = Scorer.of(tables[RIGHT][0], train_sizes(lab.dataset, lab.judging_side(spec), spec))
    scores = {name: scorer.scores(own) for name, own in tables.items()}
    words, decided = settle(scores[RIGHT][ACCURACY] - scores[WRONG][ACCURACY], RIGHT, WRONG, "accuracy")
    notes = ["One view; every photograph gets a name, however unsure."]
    if weights is Weights.RANDOM:
        words = f"not decided without ImageNet weights, which are not here; from random ones, {words}"
        decided = False
        notes.append("A frozen network of random weights says little of one that ImageNet taught.")
    floors = end_to_end(tables[RIGHT][0]).floors
    return Found(
        verdict=f"{words[0].upper()}{words[1:]}.", decided=decided, notes=tuple(notes),
        figures=tuple(
            [figure(score, name, value) for name, own in scores.items() for score, value in own.items()]
            + [figure(ACCURACY, name, value) for name, value in floors.items()]
        ),
        judged_on=judged_on(tables[RIGHT][0], lab.judging_side(spec), spec.policy),
    )  # fmt: skip


def _recipe(lab: Lab, weights: Weights, pixels: Pixels, seed: int) -> Recipe:
    return lab.recipe(PRESET, task=Task.SPECIES, seed=seed, weights=weights, pixels=pixels)
