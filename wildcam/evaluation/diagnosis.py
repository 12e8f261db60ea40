"""A diagnosis of a run's curves: named rules over its epochs, each with a sentence on which fired and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wildcam.choice import Choice
from wildcam.counting import counted

DIVERGED_TIMES = 3.0
"""A loss this many times its minimum has diverged."""

WORSE_EPOCHS = 3
"""Epochs in a row after the best one that make overfitting: validation worse, training better."""

FLAT_EPOCHS, FLAT_SHARE = 5, 0.01
"""A plateau: in so many epochs neither loss fell by more than this share."""

GAP_SHARE = 0.05
"""Training loss above validation loss by more than this share asks for an explanation."""


class Rule(Choice):
    """A pattern in the curves."""

    DIVERGED = "diverged", "Diverged"
    OVERFITTING = "overfitting", "Overfitting"
    PLATEAU = "plateau", "Plateau"
    STILL_IMPROVING = "still_improving", "Still improving"
    TRAIN_ABOVE_VALIDATION = "train_above_validation", "Training loss above validation loss"


@dataclass(frozen=True)
class Diagnosis:
    """A rule that fired."""

    rule: Rule
    sentence: str
    epoch: int  # from which it holds


def diagnose(points: pd.DataFrame, *, ended: bool) -> list[Diagnosis]:
    """The rules that fire on points of a run's curves (`runs.points.POINT_COLUMNS`), the gravest first.

    `ended`: no more epochs will come, so that a curve which still falls was cut off.
    """
    epochs = points[points["metric"].isin(_METRICS)].pivot_table(index="step", columns="metric", values="value")
    epochs = epochs.reindex(columns=list(_METRICS)).sort_index()
    if epochs.empty or epochs[["train_loss", "val_loss"]].isna().all().any():
        return _not_a_number(points)
    found = _not_a_number(points) or _diverged(epochs)
    if not found:
        found = _overfitting(epochs) or _plateau(epochs) or (_still_improving(epochs) if ended else [])
    return found + _gap(epochs)


_METRICS = ("train_loss", "val_loss", "train_clean_loss")


def _not_a_number(points: pd.DataFrame) -> list[Diagnosis]:
    losses = points[points["metric"].isin(["step_loss", "train_loss", "val_loss"])].astype({"value": "float64"})
    bad = losses[~np.isfinite(losses["value"])]
    if bad.empty:
        return []
    sentence = "The loss is no longer a number: use a learning rate ten times smaller, or check the photos."
    return [Diagnosis(Rule.DIVERGED, sentence, int(bad["step"].min()))]


def _diverged(epochs: pd.DataFrame) -> list[Diagnosis]:
    for name, title in (("train_loss", "training"), ("val_loss", "validation")):
        loss = epochs[name].dropna()
        if len(loss) > 1 and loss.iloc[-1] > DIVERGED_TIMES * loss.min() and loss.iloc[-1] > loss.iloc[0]:
            epoch = int(loss.idxmin())
            sentence = (
                f"The {title} loss diverged after epoch {epoch}: it is {loss.iloc[-1] / loss.min():.1f} times its "
                "minimum. Use a smaller learning rate."
            )
            return [Diagnosis(Rule.DIVERGED, sentence, epoch)]
    return []


def _overfitting(epochs: pd.DataFrame) -> list[Diagnosis]:
    best = int(epochs["val_loss"].idxmin())
    after = epochs.loc[best:]
    if len(after) <= WORSE_EPOCHS:
        return []
    still_learning = after["train_loss"].iloc[-1] < after["train_loss"].iloc[0]
    if not still_learning:
        return []
    sentence = (
        f"Overfitting from epoch {best + 1}: the training loss keeps falling, but the validation loss has not been "
        f"below that of epoch {best} for {counted(len(after) - 1, 'epoch')}. More augmentation, dropout or photos may "
        "help; the best epoch is kept."
    )
    return [Diagnosis(Rule.OVERFITTING, sentence, best + 1)]


def _plateau(epochs: pd.DataFrame) -> list[Diagnosis]:
    if len(epochs) <= FLAT_EPOCHS:
        return []
    before, last = epochs.iloc[:-FLAT_EPOCHS], epochs.iloc[-FLAT_EPOCHS:]
    fell = [(before[name].min() - last[name].min()) / abs(before[name].min()) for name in ("train_loss", "val_loss")]
    if max(fell) > FLAT_SHARE:
        return []
    first = int(last.index[0])
    sentence = (
        f"Plateau since epoch {first}: in {FLAT_EPOCHS} epochs neither loss fell by more than {FLAT_SHARE:.0%}. "
        "Another learning rate or a larger model may help; more epochs probably will not."
    )
    return [Diagnosis(Rule.PLATEAU, sentence, first)]


def _still_improving(epochs: pd.DataFrame) -> list[Diagnosis]:
    last = int(epochs.index[-1])
    if len(epochs) < 2 or int(epochs["val_loss"].idxmin()) != last:
        return []
    sentence = f"Still improving when it stopped: the validation loss was lowest in the last epoch ({last}). "
    "Train for more epochs."
    return [Diagnosis(Rule.STILL_IMPROVING, sentence, last)]


def _gap(epochs: pd.DataFrame) -> list[Diagnosis]:
    """The question that the experiments left open: training loss above validation loss."""
    last = epochs.dropna(subset=["train_loss", "val_loss"]).iloc[-1]
    if not last["train_loss"] > (1 + GAP_SHARE) * last["val_loss"]:
        return []
    clean = last["train_clean_loss"]
    if np.isnan(clean):
        why = (
            "Augmentation and dropout make training photos harder, and the training loss is a mean over an epoch in "
            "which the model was still improving. Set `clean_train_loss` in the recipe to measure how much each "
            "contributes."
        )
    elif clean <= last["val_loss"]:
        why = (
            f"Without augmentation and dropout, after the epoch, it is {clean:.3f}: they, and the mean over an epoch "
            "in which the model was still improving, explain the gap."
        )
    else:
        why = (
            f"Even without augmentation and dropout it is {clean:.3f}: the validation photos are easier than the "
            "training photos."
        )
    losses = f"The training loss ({last['train_loss']:.3f}) lies above the validation loss ({last['val_loss']:.3f})."
    return [Diagnosis(Rule.TRAIN_ABOVE_VALIDATION, f"{losses} {why}", int(str(last.name)))]
