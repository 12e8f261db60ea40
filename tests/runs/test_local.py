"""Real worker processes, which count instead of training."""

import os
import signal
import time

import pytest

from wildcam.errors import RunError
from wildcam.runs import local
from wildcam.runs.states import Kind, State

pytestmark = pytest.mark.slow


@pytest.fixture
def launch(store, create, monkeypatch):
    """Create and launch a counting run; what still lives after the test is killed."""
    monkeypatch.setitem(local._WORKERS, Kind.TRAIN, "tests.runs.counting_worker")
    launched = []

    def launch(name="run", **orders):
        launched.append(local.launch(store, create(name, **orders)))
        return launched[-1]

    yield launch
    for run in launched:
        if store.get(run.id).state.is_live:
            os.kill(process_of(run), signal.SIGKILL)


def process_of(run):
    wait(lambda: "process" in run.log_tail(), run)
    return int(run.log_tail().split("process ")[-1].split()[0])


def wait(condition, run, *, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, run.log_tail()
        time.sleep(0.05)


def wait_for(store, run, state, **limits):
    """Wait until the run has this state; every state that was seen on the way."""
    seen = []

    def arrived():
        now = store.get(run.id).state
        if now not in seen:
            seen.append(now)
        return now is state

    wait(arrived, run, **limits)
    return seen


def test_a_run_goes_from_queued_over_running_to_finished_and_shows_its_progress_every_two_seconds(store, launch):
    run = launch(seconds=3)
    assert run.state is State.QUEUED
    changes, last = [], None
    while (now := store.get(run.id)).state.is_live:
        shown = (now.progress.step, now.metrics)
        if now.state is State.RUNNING and shown != last:
            changes.append(time.monotonic())
            last = shown
        time.sleep(0.02)
    assert now.state is State.FINISHED
    assert now.submitted_at < now.started_at < now.ended_at
    gaps = [after - before for before, after in zip(changes, changes[1:], strict=False)]
    assert len(gaps) >= 2
    assert max(gaps) < 2
    steps = store.curves(run.id, ["step_loss"])["step"].tolist()
    assert steps == list(range(1, now.progress.step + 1))


def test_the_second_run_waits_until_the_first_ends_and_a_killed_one_is_lost_at_once(store, launch):
    first = launch("first", seconds=60)
    wait_for(store, first, State.RUNNING)
    second, third = launch("second", seconds=60), launch("third", seconds=0)
    wait(lambda: "waiting" in second.progress.phase and "waiting" in third.progress.phase, second)
    time.sleep(1)  # several looks at the queue
    assert [store.get(run.id).state for run in (first, second, third)] == ["running", "queued", "queued"]
    assert [run.name for run in store.queue()] == ["second", "third"]
    os.kill(process_of(first), signal.SIGKILL)
    wait_for(store, first, State.LOST, seconds=0.5)
    assert "ended without a word" in store.get(first.id).reason
    wait_for(store, second, State.RUNNING)
    assert store.get(third.id).state is State.QUEUED
    os.kill(process_of(second), signal.SIGTERM)  # what a shutdown does
    wait_for(store, second, State.STOPPED)
    assert State.LOST not in wait_for(store, third, State.FINISHED)


def test_a_lost_head_of_the_queue_does_not_hold_up_the_others(store, launch, create):
    dead = create("dead")
    store.enqueue(dead.id)
    assert wait_for(store, launch(seconds=0), State.FINISHED)[0] is State.QUEUED
    assert store.get(dead.id).state is State.LOST


def test_a_stop_request_is_answered_and_the_run_can_be_resumed(store, launch):
    run = launch(seconds=60)
    wait_for(store, run, State.RUNNING)
    with pytest.raises(RunError, match="only a stopped, failed or lost run"):
        local.resume(store, run.id)
    with pytest.raises(RunError, match="has a worker already"):
        local.launch(store, run)
    store.request_stop(run.id)
    assert store.get(run.id).state is State.STOPPING
    assert wait_for(store, run, State.STOPPED, seconds=3) == [State.STOPPING, State.STOPPED]
    resumed = local.resume(store, run.id)
    assert resumed.state is State.QUEUED
    assert not store.is_stop_requested(run.id)
    wait_for(store, run, State.RUNNING)


@pytest.mark.parametrize(
    ("do", "reason", "logged"),
    [
        ("refuse", "Received no photographs: import some.", "DataError"),
        ("crash", "ZeroDivisionError: what no one expected", "in detail"),
    ],
)
def test_a_failed_run_gives_one_sentence_and_keeps_the_traceback_in_its_log(store, launch, do, reason, logged):
    run = launch(do=do, seconds=0)
    wait_for(store, run, State.FAILED)
    assert store.get(run.id).reason == reason
    assert "Traceback" in run.log_tail()
    assert logged in run.log_tail()
