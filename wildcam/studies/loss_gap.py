"""Is train loss above validation loss because of augmentation and dropout?

Training loss is measured with both, while the weights still move; after each epoch it is measured again on
training images as in validation: as they are, without dropout, with the epoch's last weights.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.augmentation import Augmentation
from wildcam.choice import Choice
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.runs.run import Run
from wildcam.studies.context import StudyContext
from wildcam.studies.result import UNDECIDED, CurvePoint, Figure, Findings, as_sentence
from wildcam.studies.scoring import evaluated_on
from wildcam.training.recipe import Recipe

WITH, WITHOUT = "with augmentation and dropout", "without augmentation and dropout"
CURVES = {
    "train_loss": "training loss",
    "train_clean_loss": "clean training loss",
    "val_loss": "validation loss",
}
CLEAN_IMAGES = 1_000
LAST_SHARE = 1 / 3
"""Of the epochs: there the losses are compared."""


class Answer(Choice):
    """Whether augmentation and dropout explain the gap."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NO_GAP = "no_gap", UNDECIDED
    UNCLEAR = "unclear", UNDECIDED

    @property
    def decided(self) -> bool:
        """Whether the question is answered."""
        return self in (Answer.YES, Answer.NO)


@dataclass(frozen=True)
class Gaps:
    """Differences of losses in the last epochs, a value a seed, (S,)."""

    total: NDArray[np.float64]  # training less validation loss
    clean: NDArray[np.float64]  # clean training less validation loss
    lift: NDArray[np.float64]  # training less clean training loss
    lift_without: NDArray[np.float64]  # the same in runs without augmentation and dropout

    def answer(self) -> Answer:
        """By what is left of the gap, in every seed."""
        if not (self.total > 0).all():
            return Answer.NO_GAP
        if (self.clean <= 0).all():
            return Answer.YES
        return Answer.NO if (self.clean >= self.total / 2).all() else Answer.UNCLEAR

    def verdict(self) -> str:
        """The answer in a sentence."""
        answer = self.answer()
        if answer is Answer.NO_GAP:
            why = f"there is no gap to explain, training minus validation loss is {_format(self.total)}"
        elif answer is Answer.YES:
            why = f"on clean training photos the gap of {_format(self.total)} becomes {_format(self.clean)}"
        else:
            why = f"on clean training photos {_format(self.clean)} of the gap of {_format(self.total)} remains"
        lift = (
            f"augmentation, dropout and weights that still move account for {_format(self.lift)} of the training loss, "
            f"and moving weights alone for {_format(self.lift_without)} in a run without the other two"
        )
        return as_sentence(f"{answer.display}: {why}", lift)


def run(context: StudyContext) -> Findings:
    """By a random split, as in the experiment: new locations would add a gap of their own.

    Raises `UsageError` for a preset without epochs.
    """
    if not context.recipe().preset_info.has_epochs:
        raise UsageError(
            f"Preset {context.size.preset} is trained without epochs, augmentation and dropout, so the study has "
            "nothing to compare: choose another preset."
        )
    off: dict[str, Any] = dict.fromkeys(Augmentation.model_fields, 0.0) | {"flip": False, "dropout": 0.0}
    used = {name: value for name, value in off.items() if name not in context.recipe().preset_info.unused}
    conditions: dict[str, dict[str, Any]] = {WITH: {}, WITHOUT: used}
    runs = {
        condition: [context.train(_recipe(context, seed, changes)) for seed in range(context.size.seeds)]
        for condition, changes in conditions.items()
    }
    losses = {condition: [_losses(context, one) for one in own] for condition, own in runs.items()}
    spec = _recipe(context, 0, {}).split_spec
    gaps = Gaps(
        total=_difference(losses[WITH], "train_loss", "val_loss"),
        clean=_difference(losses[WITH], "train_clean_loss", "val_loss"),
        lift=_difference(losses[WITH], "train_loss", "train_clean_loss"),
        lift_without=_difference(losses[WITHOUT], "train_loss", "train_clean_loss"),
    )
    return Findings(
        verdict=gaps.verdict(),
        decided=gaps.answer().decided,
        figures=tuple(figure for condition, own in losses.items() for figure in _figures(condition, own)),
        curves=tuple(point for condition, own in losses.items() for point in _points(condition, own)),
        notes=(
            "Ranges are the lowest and the highest seed.",
            f"Clean training loss is measured on at most {CLEAN_IMAGES:,} training photos after each epoch, "
            "without augmentation and dropout.",
            "Losses are means over the last third of the epochs.",
        ),
        evaluated_on=evaluated_on(
            context.score_predictions(spec, species=runs[WITH][0]), context.evaluation_subset(spec), spec.policy
        ),
    )


def _recipe(context: StudyContext, seed: int, changes: dict[str, Any]) -> Recipe:
    return context.recipe(
        task=context.size.task, split=SplitPolicy.RANDOM, seed=seed, clean_train_loss=CLEAN_IMAGES, **changes
    )


def _losses(context: StudyContext, run: Run) -> pd.DataFrame:
    """A row an epoch, a column a curve of `CURVES`."""
    points = context.curves(run, *CURVES)
    return points.pivot_table(index="step", columns="metric", values="value").astype(float)


def _late(losses: pd.DataFrame) -> pd.Series:
    return losses.tail(max(1, round(LAST_SHARE * len(losses)))).mean()


def _difference(losses: list[pd.DataFrame], first: str, second: str) -> NDArray[np.float64]:
    """Of two curves in the last epochs, a value a seed."""
    return np.array([late[first] - late[second] for late in map(_late, losses)])


def _format(values: NDArray[np.float64]) -> str:
    return f"{values.mean():+.3f} ({values.min():+.3f} to {values.max():+.3f})"


def _figures(condition: str, losses: list[pd.DataFrame]) -> list[Figure]:
    late = pd.DataFrame([_late(own) for own in losses])
    return [
        Figure(score=title, condition=condition, value=late[name].mean(), low=late[name].min(), high=late[name].max())
        for name, title in CURVES.items()
    ]


def _points(condition: str, losses: list[pd.DataFrame]) -> list[CurvePoint]:
    mean = sum(losses[1:], start=losses[0]) / len(losses)
    return [
        CurvePoint(condition=condition, curve=title, epoch=int(epoch), value=float(value))
        for name, title in CURVES.items()
        for epoch, value in mean[name].dropna().items()
    ]
