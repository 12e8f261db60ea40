"""The diagnosis of curves: each rule on curves drawn by hand."""

import numpy as np
import pandas as pd

from wildcam.evaluation.diagnosis import Rule, diagnose
from wildcam.runs.points import POINT_COLUMNS


def curves(train: list[float], validation: list[float], clean: list[float] | None = None) -> pd.DataFrame:
    series = {"train_loss": train, "val_loss": validation, "train_clean_loss": clean or []}
    rows = [(name, step, 10.0 * step, value) for name, values in series.items() for step, value in enumerate(values, 1)]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def rules(points: pd.DataFrame, *, ended: bool = True) -> list[Rule]:
    return [found.rule for found in diagnose(points, ended=ended)]


def test_validation_that_worsens_while_training_goes_on_is_overfitting_from_the_epoch_after_the_best() -> None:
    found = diagnose(curves([0.9, 0.7, 0.5, 0.4, 0.3], [0.9, 0.8, 0.85, 0.9, 0.95]), ended=False)
    assert [(one.rule, one.epoch) for one in found] == [(Rule.OVERFITTING, 3)]
    assert "from epoch 3" in found[0].sentence


def test_a_dip_of_one_epoch_is_no_overfitting() -> None:
    assert rules(curves([0.9, 0.7, 0.6], [0.9, 0.8, 0.82]), ended=False) == []


def test_losses_that_stand_still_are_a_plateau() -> None:
    flat = [1.0, 0.8] + [0.799] * 6
    found = diagnose(curves(flat, flat), ended=True)
    assert [(one.rule, one.epoch) for one in found] == [(Rule.PLATEAU, 4)]


def test_a_best_last_epoch_was_still_improving_only_once_the_run_has_ended() -> None:
    falling = curves([0.9, 0.8, 0.7], [1.0, 0.9, 0.8])
    assert rules(falling) == [Rule.STILL_IMPROVING]
    assert rules(falling, ended=False) == []


def test_a_loss_that_runs_away_or_is_no_number_diverged_and_nothing_else_is_said_of_it() -> None:
    assert rules(curves([0.5, 0.4, 3.0], [0.6, 0.5, 0.9])) == [Rule.DIVERGED, Rule.TRAIN_ABOVE_VALIDATION]
    points = pd.DataFrame([("step_loss", 7, 1.0, np.nan)], columns=list(POINT_COLUMNS))
    assert rules(points) == [Rule.DIVERGED]


def test_training_above_validation_is_explained_by_the_loss_without_augmentation_where_it_is_known() -> None:
    def said(clean: list[float] | None) -> str:
        return diagnose(curves([0.9, 0.8], [0.7, 0.6], clean), ended=False)[-1].sentence

    assert "measure how much each" in said(None)
    assert "explain the gap" in said([0.6, 0.5])
    assert "easier than the training photos" in said([0.9, 0.75])


def test_a_run_without_an_epoch_says_nothing() -> None:
    assert rules(curves([], [])) == []
    assert rules(curves([0.9], [1.0])) == []
