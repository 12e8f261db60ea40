"""A diagnosis of a run's curves: named rules over its epochs, each with a sentence on which fired and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wildcam.choice import Choice
from wildcam.monitor import Monitor
from wildcam.runs.score import RunScore

DIVERGED_TIMES = 3.0
"""A loss this many times its minimum has diverged."""

WORSE_EPOCHS = 3
"""Epochs in a row after the best one that make overfitting: validation worse, training better."""

OVERFIT_SHARE = 0.05
"""Overfitting: the validation loss rose by at least this share, and the training loss fell by at least as much."""

FLAT_EPOCHS, FLAT_SHARE = 5, 0.01
"""A plateau: in so many epochs neither loss fell by more than this share."""

IMPROVED_SHARE, IMPROVED_POINTS = 0.01, 0.005
"""Still improving: the last epoch was better by this share of the loss, or by so much of a score from 0 to 1."""

GAP_SHARE = 0.05
"""Training loss above validation loss by more than this share asks for an explanation."""


class Rule(Choice):
    """A pattern in the curves."""

    DIVERGED = "diverged", "Diverged"
    BELOW_BASELINE = "below_baseline", "Below the baseline"
    OVERFITTING = "overfitting", "Overfitting"
    PLATEAU = "plateau", "Plateau"
    STILL_IMPROVING = "still_improving", "Still improving"
    TRAIN_ABOVE_VALIDATION = "train_above_validation", "Training loss above validation loss"


@dataclass(frozen=True)
class Diagnosis:
    """A rule that fired."""

    rule: Rule
    sentence: str
    epoch: int  # from which it holds; 0: of the run as a whole


def diagnose(
    points: pd.DataFrame,
    *,
    ended: bool,
    monitor: Monitor = Monitor.ACCURACY,
    score: RunScore | None = None,
    by_epochs: bool = True,
) -> list[Diagnosis]:
    """The rules that fire on points of a run's curves (`runs.points.POINT_COLUMNS`), the gravest first.

    `ended`: no more epochs will come, so that a curve which still improves was cut off. `monitor`: what the best
    epoch is chosen by. `score`: of the exported model, where there is one. `by_epochs`: False for a probe, whose
    epochs are penalty strengths and not steps in time, so that no rule on the curves' course applies.
    """
    below = _below_baseline(score, ", a pretrained network, or more epochs" if by_epochs else " or another backbone")
    if not by_epochs:
        return below
    names = (*_LOSSES, str(monitor))
    epochs = points[points["metric"].isin(names)].pivot_table(index="step", columns="metric", values="value")
    epochs = epochs.reindex(columns=list(dict.fromkeys(names))).sort_index()
    if epochs.empty or epochs[["train_loss", "val_loss"]].isna().all().any():
        return _not_a_number(points) + below
    found = _not_a_number(points) or _diverged(epochs)
    if found:
        return found + below + _gap(epochs)
    curves = _overfitting(epochs, monitor) or _plateau(epochs) or (_still_improving(epochs, monitor) if ended else [])
    return below + curves + _gap(epochs)


_LOSSES = ("train_loss", "val_loss", "train_clean_loss")


def _below_baseline(score: RunScore | None, what_helps: str) -> list[Diagnosis]:
    if score is None or score.beats_baseline:
        return []
    sentence = (
        f"On {score.subset.display}, the model is right for {score.scores.accuracy:.1%} of the photos; always "
        f"predicting the most frequent class is right for {score.scores.majority_class_accuracy:.1%}. Do not use it "
        f"as it is: more photos{what_helps} may help."
    )
    return [Diagnosis(Rule.BELOW_BASELINE, sentence, 0)]


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
            if name == "val_loss" and epochs["train_loss"].iloc[-1] <= epochs["train_loss"].min() * (1 + GAP_SHARE):
                continue  # training goes on well: that is overfitting
            epoch = int(loss.idxmin())
            sentence = (
                f"The {title} loss diverged after epoch {epoch}: it is {loss.iloc[-1] / loss.min():.1f} times its "
                "minimum. Use a smaller learning rate."
            )
            return [Diagnosis(Rule.DIVERGED, sentence, epoch)]
    return []


def _overfitting(epochs: pd.DataFrame, monitor: Monitor) -> list[Diagnosis]:
    lowest = int(epochs["val_loss"].idxmin())
    after = epochs.loc[lowest:]
    if len(after) <= WORSE_EPOCHS:
        return []
    rose = float(after["val_loss"].iloc[-WORSE_EPOCHS:].min()) / float(after["val_loss"].iloc[0]) - 1
    fell = 1 - float(after["train_loss"].iloc[-1]) / float(after["train_loss"].iloc[0])
    if rose < OVERFIT_SHARE or fell < OVERFIT_SHARE:
        return []
    sentence = (
        f"From epoch {lowest + 1} on, the training loss fell by {fell:.0%} while the validation loss rose by at least "
        f"{rose:.0%}. More augmentation, dropout or photos may help. {_kept(epochs, monitor)}"
    )
    return [Diagnosis(Rule.OVERFITTING, sentence, lowest + 1)]


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


def _still_improving(epochs: pd.DataFrame, monitor: Monitor) -> list[Diagnosis]:
    values = epochs[str(monitor)].dropna()
    if len(values) < 2 or _best(values, monitor) != values.index[-1]:
        return []
    last, before = float(values.iloc[-1]), values.iloc[:-1]
    gained = last - float(before.max()) if monitor.higher_is_better else 1 - last / float(before.min())
    if gained < (IMPROVED_POINTS if monitor.higher_is_better else IMPROVED_SHARE):
        return []
    epoch = int(values.index[-1])
    sentence = (
        f"The {monitor.display} was best in the last epoch ({epoch}), so the run ended before the model was done. "
        "Train for more epochs."
    )
    return [Diagnosis(Rule.STILL_IMPROVING, sentence, epoch)]


def _kept(epochs: pd.DataFrame, monitor: Monitor) -> str:
    """Which epoch the model is of: by the monitor alone, whatever the losses say."""
    values = epochs[str(monitor)].dropna()
    if values.empty:
        return ""
    return f"The model is that of epoch {_best(values, monitor)}, the best by {monitor.display}."


def _best(values: pd.Series, monitor: Monitor) -> int:
    return int(str(values.idxmax() if monitor.higher_is_better else values.idxmin()))


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
