"""Is train loss above validation loss because of augmentation and dropout?

The loss of training is measured with both, while the weights still move; after each epoch it is measured again on
training images as validation does: as they are, without dropout, with the epoch's last weights.
"""

from typing import Any

import numpy as np
import pandas as pd

from wildcam.augmentation import Augmentation
from wildcam.data.splits import SplitPolicy
from wildcam.runs.run import Run
from wildcam.studies.context import StudyContext
from wildcam.studies.result import CurvePoint, Figure, Findings
from wildcam.studies.scoring import evaluated_on
from wildcam.training.recipe import Recipe

WITH, WITHOUT = "with augmentation and dropout", "without either"
CURVES = {
    "train_loss": "train, as it is minimised",
    "train_clean_loss": "train, as it is validated",
    "val_loss": "validation",
}
CLEAN_IMAGES = 1_000
LAST_SHARE = 1 / 3
"""Of the epochs: there the losses are compared."""


def run(context: StudyContext) -> Findings:
    """By a random split, as the experiment had it: new cameras would add a gap of their own."""
    off: dict[str, Any] = dict.fromkeys(Augmentation.model_fields, 0.0) | {"flip": False, "dropout": 0.0}
    used = {name: value for name, value in off.items() if name not in context.recipe().preset_info.unused}
    conditions: dict[str, dict[str, Any]] = {WITH: {}, WITHOUT: used}
    runs = {
        condition: [context.train(_recipe(context, seed, changes)) for seed in range(context.size.seeds)]
        for condition, changes in conditions.items()
    }
    losses = {condition: [_losses(context, one) for one in own] for condition, own in runs.items()}
    spec = _recipe(context, 0, {}).split_spec
    return Findings(
        **_verdict(losses),
        figures=tuple(figure for condition, own in losses.items() for figure in _figures(condition, own)),
        curves=tuple(point for condition, own in losses.items() for point in _points(condition, own)),
        notes=(
            "Ranges are the lowest and the highest seed.",
            f"The second train loss is measured on at most {CLEAN_IMAGES:,} training photos after each epoch.",
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


def _verdict(losses: dict[str, list[pd.DataFrame]]) -> dict[str, Any]:
    """Whether the gap is there, whether it closes, and how much of train loss augmentation and dropout are."""
    gaps = _difference(losses[WITH], "train_loss", "val_loss")
    left = _difference(losses[WITH], "train_clean_loss", "val_loss")
    lifts = [_difference(losses[condition], "train_loss", "train_clean_loss") for condition in (WITH, WITHOUT)]
    if not (gaps > 0).all():
        answer = f"Not decided at this size: there is no gap to explain, train less validation loss is {_words(gaps)}"
    elif (left <= 0).all():
        answer = f"Yes: the gap of {_words(gaps)} becomes {_words(left)} once training photos are looked at as validation does"
    elif (left >= gaps / 2).all():
        answer = f"No: of the gap of {_words(gaps)} without augmentation and dropout {_words(left)} is left"
    else:
        answer = f"Not decided at this size: of the gap of {_words(gaps)} without augmentation and dropout {_words(left)} is left"
    lifted = (
        f"of train loss {_words(lifts[0])} comes of augmentation, dropout and weights that still move, and {_words(lifts[1])} in a "
        "run without the first two"
    )
    return {"decided": answer.startswith(("Yes", "No:")), "verdict": f"{answer}; {lifted}."}


def _difference(losses: list[pd.DataFrame], first: str, second: str) -> np.ndarray:
    """Of two curves in the last epochs, a value a seed."""
    return np.array([late[first] - late[second] for late in map(_late, losses)])


def _words(values: np.ndarray) -> str:
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
