"""The remedies for rare classes against none."""

from wildcam.architectures.presets import Task
from wildcam.evaluation.bootstrap import Drawn
from wildcam.evaluation.protocol import train_sizes
from wildcam.studies.lab import Lab
from wildcam.studies.result import Found, figure, points
from wildcam.studies.scoring import MACRO_F1, Scorer, judged_on
from wildcam.training.recipe import Recipe, Remedy


def run(lab: Lab) -> Found:
    """Every remedy of the Train page, on the same photographs with the same seeds."""
    spec = lab.recipe().split_spec
    tables = {
        remedy: [lab.judge(spec, species=lab.train(_recipe(lab, remedy, seed))) for seed in range(lab.size.seeds)]
        for remedy in Remedy
    }
    scorer = Scorer.of(tables[Remedy.NONE][0], train_sizes(lab.dataset, lab.judging_side(spec), spec))
    scores = {remedy: scorer.scores(own) for remedy, own in tables.items()}
    best, words, decided = _best(scores, MACRO_F1)
    rarest = f"{MACRO_F1}, {list(scorer.bands)[-1]}"
    rare_best, rare_words, _ = _best(scores, rarest)
    return Found(
        verdict=f"The best is {_name(best)}: {words}; for the rarest, {_name(rare_best)}: {rare_words}.", decided=decided,
        figures=tuple(figure(score, _name(remedy), value) for remedy, own in scores.items() for score, value in own.items()),
        notes=(
            f"The best of {len(Remedy) - 1} remedies was looked for on the photographs that it is judged on, which flatters it.",
            "One view; every photograph gets a name, however unsure.",
        ),
        judged_on=judged_on(tables[Remedy.NONE][0], lab.judging_side(spec), spec.policy),
    )  # fmt: skip


def _best(scores: dict[Remedy, dict[str, Drawn]], score: str) -> tuple[Remedy, str, bool]:
    """The remedy that makes most of a score, in a sentence, and whether it is decided that it beats none."""
    gains = {
        remedy: own[score] - scores[Remedy.NONE][score] for remedy, own in scores.items() if remedy is not Remedy.NONE
    }
    best = max(gains, key=lambda remedy: gains[remedy].value)
    decided = "decided" if gains[best].interval.leaves_zero_out else "not decided at this size"
    return best, f"{points(gains[best])} of {score} against no remedy, {decided}", gains[best].interval.leaves_zero_out


def _recipe(lab: Lab, remedy: Remedy, seed: int) -> Recipe:
    return lab.recipe(task=Task.SPECIES, seed=seed, remedy=remedy)


def _name(remedy: Remedy) -> str:
    return "no remedy" if remedy is Remedy.NONE else remedy.replace("_", " ")
