"""The diagnosis of curves: each rule on curves drawn by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildcam.architectures.presets import PRESETS
from wildcam.data.splits import Subset
from wildcam.evaluation.diagnosis import Rule, diagnose
from wildcam.monitor import Monitor
from wildcam.runs.facts import SubsetScores
from wildcam.runs.points import POINT_COLUMNS
from wildcam.runs.score import RunScore
from wildcam.settings import PROJECT_DIR

CURVES = Path(__file__).parent / "curves"
"""Curves of single runs of the small network on real photos, as they were recorded."""

RECORDED = json.loads((PROJECT_DIR / "docs" / "studies" / "loss_gap.json").read_bytes())["found"]["curves"]
"""Curves of real runs: the means of several trainings, as a study recorded them."""


def curves(
    train: list[float],
    validation: list[float],
    clean: list[float] | None = None,
    accuracy: list[float] | None = None,
) -> pd.DataFrame:
    series = {
        "train_loss": train,
        "val_loss": validation,
        "train_clean_loss": clean or [],
        "val_accuracy": accuracy or [],
    }
    rows = [(name, step, 10.0 * step, value) for name, values in series.items() for step, value in enumerate(values, 1)]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def rules(points: pd.DataFrame, *, ended: bool = True) -> list[Rule]:
    return [found.rule for found in diagnose(points, ended=ended)]


def test_validation_that_worsens_while_training_goes_on_is_overfitting_from_the_epoch_after_the_best() -> None:
    found = diagnose(curves([0.9, 0.7, 0.5, 0.4, 0.3], [0.9, 0.8, 0.85, 0.9, 0.95]), ended=False)
    assert [(one.rule, one.epoch) for one in found] == [(Rule.OVERFITTING, 3)]
    assert "From epoch 3" in found[0].sentence


def test_a_rise_too_small_to_matter_is_no_overfitting() -> None:
    assert rules(curves([0.9, 0.7, 0.5, 0.4, 0.3], [0.9, 0.8, 0.81, 0.81, 0.8104]), ended=False) == []
    assert rules(curves([0.9, 0.7, 0.69, 0.69, 0.68], [0.9, 0.8, 0.9, 0.9, 0.95]), ended=False) == []


def test_the_epoch_of_the_model_is_named_by_the_monitor_alone() -> None:
    points = curves([0.9, 0.7, 0.5, 0.4, 0.3], [0.9, 0.8, 0.85, 0.9, 0.95], accuracy=[0.5, 0.6, 0.61, 0.66, 0.65])
    assert "epoch 4, the best by validation accuracy" in diagnose(points, ended=True)[0].sentence
    by_loss = diagnose(points, ended=True, monitor=Monitor.LOSS)
    assert "epoch 2, the best by validation loss" in by_loss[0].sentence


def test_a_dip_of_one_epoch_is_no_overfitting() -> None:
    assert rules(curves([0.9, 0.7, 0.6], [0.9, 0.8, 0.82]), ended=False) == []


def test_losses_that_stand_still_are_a_plateau() -> None:
    flat = [1.0, 0.8] + [0.799] * 6
    found = diagnose(curves(flat, flat), ended=True)
    assert [(one.rule, one.epoch) for one in found] == [(Rule.PLATEAU, 4)]


def test_a_best_last_epoch_was_still_improving_only_once_the_run_has_ended() -> None:
    falling = curves([0.9, 0.8, 0.7], [1.0, 0.9, 0.8], accuracy=[0.4, 0.5, 0.6])
    assert rules(falling) == [Rule.STILL_IMPROVING]
    assert "Train for more epochs." in diagnose(falling, ended=True)[0].sentence
    assert rules(falling, ended=False) == []
    assert rules(curves([0.9, 0.8, 0.7], [1.0, 0.9, 0.8], accuracy=[0.4, 0.6, 0.602])) == []
    by_loss = diagnose(curves([0.9, 0.8], [1.0, 0.9]), ended=True, monitor=Monitor.LOSS)
    assert [found.rule for found in by_loss] == [Rule.STILL_IMPROVING]


@pytest.mark.parametrize(("accuracy", "fires"), [(0.304, True), (0.391, True), (0.42, False)])
def test_a_model_that_is_no_better_than_the_majority_class_is_said_to_be_so(accuracy: float, fires: bool) -> None:
    scores = SubsetScores(accuracy=accuracy, balanced_accuracy=0.3, macro_f1=0.2, majority_class_accuracy=0.391)
    found = diagnose(curves([0.9], [0.8]), ended=True, score=RunScore(Subset.ID_VAL, scores))
    assert (Rule.BELOW_BASELINE in [one.rule for one in found]) is fires
    if fires:
        assert "39.1%" in next(one.sentence for one in found if one.rule is Rule.BELOW_BASELINE)


def test_strengths_of_a_probe_are_no_epochs_to_train_more_of() -> None:
    falling = curves([0.9, 0.8, 0.7], [0.5, 0.4, 0.3], accuracy=[0.4, 0.5, 0.6])
    assert set(rules(falling)) == {Rule.STILL_IMPROVING, Rule.TRAIN_ABOVE_VALIDATION}
    assert diagnose(falling, ended=True, by_epochs=False) == []
    scores = SubsetScores(accuracy=0.3, balanced_accuracy=0.3, macro_f1=0.2, majority_class_accuracy=0.391)
    (below,) = diagnose(falling, ended=True, score=RunScore(Subset.ID_VAL, scores), by_epochs=False)
    assert below.rule is Rule.BELOW_BASELINE
    assert "epochs" not in below.sentence
    assert [name for name, preset in PRESETS.items() if not preset.has_epochs] == ["probe"]


def recorded(condition: str) -> pd.DataFrame:
    def values(curve: str) -> list[float]:
        return [p["value"] for p in RECORDED if p["condition"] == condition and p["curve"] == curve]

    return curves(values("training loss"), values("validation loss"), values("clean training loss"))


def test_recorded_runs_that_still_learned_are_not_called_overfitted_or_flat() -> None:
    augmented, plain = recorded("with augmentation and dropout"), recorded("without augmentation and dropout")
    assert rules(augmented) == []
    assert rules(plain) == []
    assert rules(plain[plain["step"] <= 10]) == []
    improving = diagnose(plain, ended=True, monitor=Monitor.LOSS)
    assert [one.rule for one in improving] == [Rule.STILL_IMPROVING]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("few_photos", [Rule.OVERFITTING]),  # 300 photos, no augmentation: training loss to 0.13, validation rises
        ("below_baseline", []),  # six epochs at new locations; its score is what tells
        ("stopped_early", []),  # stopped by hand, validation still wanders
    ],
)
def test_curves_of_real_runs_get_the_diagnosis_that_a_person_gave(name: str, expected: list[Rule]) -> None:
    points = pd.read_csv(CURVES / f"{name}.csv")
    assert rules(points) == expected


def test_the_overfitted_real_run_is_described_with_its_figures_and_the_epoch_of_its_model() -> None:
    found = diagnose(pd.read_csv(CURVES / "few_photos.csv"), ended=True)[0]
    assert found.epoch == 8
    assert "fell by 34% while the validation loss rose by at least 8%" in found.sentence
    assert "epoch 1, the best by validation accuracy" in found.sentence


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
