"""The score of a training run: of its exported model, on one subset that is named. The one place that chooses it."""

from dataclasses import dataclass

from wildcam.data.splits import Subset
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.runs.run import Run

_ORDER = (Subset.VAL, Subset.ID_VAL)
"""New locations before the training locations; `test` is for the end, not for choosing among runs."""


@dataclass(frozen=True)
class RunScore:
    """What a run's model reaches, and on which photos."""

    subset: Subset
    scores: SubsetScores

    @property
    def beats_baseline(self) -> bool:
        """Whether it is right more often than the majority-class baseline."""
        return self.scores.accuracy > self.scores.majority_class_accuracy


def score_of(run: Run) -> RunScore | None:
    """The validation score of the exported model; None before there is one. A curve's last epoch never stands in.

    Where the run says which subset it was validated on, it is that one.
    """
    if not isinstance(run.facts, TrainFacts):
        return None
    first = (run.facts.validation_subset,) if run.facts.validation_subset else ()
    found = next((subset for subset in (*first, *_ORDER) if subset in run.facts.scores), None)
    return RunScore(found, run.facts.scores[found]) if found else None
