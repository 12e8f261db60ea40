"""What a check reads like."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wildcam.runs.describe import describe_progress, describe_state
from wildcam.runs.facts import facts_type
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State


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
    now = datetime.now(UTC)
    reason = "No more disk." if state is State.FAILED else ""
    run = Run(
        id="1",
        name="a check",
        kind=kind,
        state=state,
        reason=reason,
        params={},
        facts=facts_type(kind)(),
        metrics={},
        submitted_at=now,
        started_at=None,
        ended_at=None,
        place=0.0,
        folder=tmp_path,
    )
    assert describe_state(run) == words
