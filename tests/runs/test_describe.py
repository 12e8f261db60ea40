"""What a check reads like."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wildcam.runs.describe import describe_progress, describe_state, has_results
from wildcam.runs.facts import PredictFacts, RunFacts, TrainFacts, facts_type
from wildcam.runs.obstacle import find_obstacle
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State
from wildcam.settings import Settings


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(), "starting"),
        (
            Progress(phase="checking files", step=1200, steps=3000, seconds_left=121),
            "checking files, 1,200 of 3,000, about 2 min left",
        ),
        (Progress(phase="checking files", step=3, steps=30), "checking files, 3 of 30"),
        (Progress(phase="training", epoch=2, epochs=5, step=7, steps=9), "training, epoch 2 of 5"),
    ],
)
def test_progress_says_what_is_done_how_far_it_is_and_how_long_the_rest_takes(progress: Progress, words: str) -> None:
    assert describe_progress(progress) == words


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        (Kind.CHECK, State.RUNNING, "Running: starting."),
        (Kind.CHECK, State.STOPPING, "Stopping after the current file. Measured files are kept."),
        (Kind.TRAIN, State.STOPPING, "Stopping after the current batch. The last completed epoch is kept."),
        (Kind.CHECK, State.STOPPED, "Stopped. You can resume it."),
        (Kind.CHECK, State.FAILED, "Failed: No more disk. You can resume it."),
        (Kind.CHECK, State.FINISHED, "Finished."),
    ],
)
def test_a_state_says_what_becomes_of_the_work(kind: Kind, state: State, words: str, tmp_path: Path) -> None:
    reason = "No more disk." if state is State.FAILED else ""
    assert describe_state(make_run(tmp_path, kind, state, facts_type(kind)(), reason=reason)) == words


def make_run(folder: Path, kind: Kind, state: State, facts: RunFacts, **more: str) -> Run:
    values = {"reason": "", "obstacle": ""} | more
    return Run(
        id="1",
        name="a run",
        kind=kind,
        state=state,
        params={},
        facts=facts,
        metrics={},
        submitted_at=datetime.now(UTC),
        started_at=None,
        ended_at=None,
        place=0.0,
        folder=folder,
        **values,
    )


@pytest.mark.parametrize(
    ("failed", "words", "worth_showing"),
    [
        (0, "Finished.", True),
        (3, "Finished: 3 of 423 photos could not be read.", True),
        (423, "Finished, but none of the 423 photos could be read: see the reasons in the results.", False),
    ],
)
def test_photos_that_failed_are_part_of_the_state(failed: int, words: str, worth_showing: bool, tmp_path: Path) -> None:
    run = make_run(tmp_path, Kind.PREDICT, State.FINISHED, PredictFacts(images=423, failed=failed))
    assert describe_state(run) == words
    assert has_results(run) is worth_showing


def test_nothing_else_is_claimed_to_compute_while_a_run_waits(tmp_path: Path) -> None:
    run = make_run(tmp_path, Kind.TRAIN, State.QUEUED, TrainFacts())
    assert describe_state(run) == "Queued."
    assert describe_state(run, 2) == "Queued: position 2."


def test_a_run_whose_data_set_is_gone_says_so_instead_of_offering_to_resume(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    obstacle = find_obstacle({"dataset": "park"}, settings)
    run = make_run(tmp_path, Kind.TRAIN, State.STOPPED, TrainFacts(), obstacle=obstacle)
    assert not run.can_resume
    assert "park was deleted" in describe_state(run)
    assert "You can resume it" not in describe_state(run)
    (settings.datasets_dir / "park").mkdir(parents=True)
    (settings.datasets_dir / "park" / "dataset.json").write_text("{}")
    assert find_obstacle({"dataset": "park"}, settings) == ""
    assert find_obstacle({"folder": str(tmp_path)}, settings) == ""
    assert "nowhere is gone" in find_obstacle({"folder": "/nowhere"}, settings)
