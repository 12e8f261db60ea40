"""Runs side by side."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.splits import Subset
from wildcam.runs.comparison import COMPARISON_COLUMNS, comparison, differences, have_the_same_split
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State

NOTHING = TrainFacts()


def scores_of(accuracy: float) -> SubsetScores:
    return SubsetScores(
        accuracy=accuracy, balanced_accuracy=accuracy, macro_f1=accuracy, majority_class_accuracy=accuracy
    )


@pytest.fixture
def make_run(tmp_path: Path):
    def make(name: str, *, facts: TrainFacts = NOTHING, metrics: dict[str, float] | None = None, **params: str) -> Run:
        return Run(
            id=f"{name}-id",
            name=name,
            kind=Kind.TRAIN,
            state=State.FINISHED,
            reason="",
            params=params,
            facts=facts,
            metrics=metrics or {},
            submitted_at=datetime(2026, 1, 1, tzinfo=UTC),
            started_at=None,
            ended_at=None,
            place=0.0,
            folder=tmp_path / name,
        )

    return make


def test_a_finished_run_has_its_scores_gap_and_size(make_run) -> None:
    scores = {Subset.VAL: scores_of(0.7), Subset.ID_VAL: scores_of(0.9)}
    facts = TrainFacts(scores=scores, best_epoch=3)
    run = make_run("one", preset="empty_cnn", facts=facts)
    run.bundle_dir.mkdir(parents=True)
    (run.bundle_dir / "model.onnx").write_bytes(b"x" * 2_000_000)
    row = comparison([run]).iloc[0]
    assert (row["accuracy"], row["best_epoch"], row["megabytes"], row["preset"]) == (0.7, 3, 2.0, "empty_cnn")
    assert row["gap"] == pytest.approx(0.2)


def test_the_last_epoch_never_stands_in_for_the_score_of_the_model(make_run) -> None:
    row = comparison([make_run("one", metrics={"val_accuracy": 0.4})]).iloc[0]
    assert pd.isna(row["accuracy"])
    assert row["scored_on"] == ""
    split_without_new_locations = TrainFacts(scores={Subset.ID_VAL: scores_of(0.304)})
    row = comparison([make_run("two", facts=split_without_new_locations, metrics={"val_accuracy": 0.565})]).iloc[0]
    assert (row["accuracy"], row["scored_on"]) == (0.304, Subset.ID_VAL.display)
    assert pd.isna(row["gap"])
    assert pd.isna(row["megabytes"])


def test_no_runs_are_an_empty_table() -> None:
    assert tuple(comparison([])) == tuple(COMPARISON_COLUMNS)


def test_only_fields_that_differ_are_shown(make_run) -> None:
    table = differences([make_run("a", epochs="3", seed="0"), make_run("b", epochs="5", seed="0", dropout="0.3")])
    assert table.index.tolist() == ["epochs", "dropout"]
    assert table.loc["epochs"].tolist() == ["3", "5"]


def test_runs_with_other_splits_were_not_scored_alike(make_run) -> None:
    one, same, other = (
        make_run(name, facts=TrainFacts(split_fingerprint=mark)) for name, mark in (("a", "x"), ("b", "x"), ("c", "y"))
    )
    assert have_the_same_split([one, same])
    assert not have_the_same_split([one, same, other])
