"""Real worker processes, which count instead of training."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.runs.waiting import process_of, wait, wait_for
from wildcam.errors import RunError
from wildcam.runs import local
from wildcam.runs.exit_record import EXIT_RECORD_FILE, ExitRecord
from wildcam.runs.states import Kind, Lane, State

pytestmark = pytest.mark.slow


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
    assert [run.name for run in store.queue(Lane.TRAINING)] == ["second", "third"]
    os.kill(process_of(first), signal.SIGKILL)
    wait_for(store, first, State.LOST, seconds=0.5)
    wait(lambda: "signal 9" in store.get(first.id).reason, first, seconds=2)
    assert "smaller batch" in store.get(first.id).reason
    wait_for(store, second, State.RUNNING)
    assert store.get(third.id).state is State.QUEUED
    os.kill(process_of(second), signal.SIGTERM)  # what a shutdown does
    wait_for(store, second, State.STOPPED)
    assert State.LOST not in wait_for(store, third, State.FINISHED)


def test_a_batch_does_not_wait_for_a_training_nor_a_training_for_a_batch(store, launch):
    training = launch("training", seconds=60)
    wait_for(store, training, State.RUNNING)
    next_training = launch("next training", seconds=0)
    batch = launch("batch", Kind.PREDICT, seconds=60)
    wait_for(store, batch, State.RUNNING)
    check = launch("check", Kind.CHECK, seconds=0)
    wait(lambda: "waiting" in check.progress.phase, check)
    assert [run.name for run in store.queue(Lane.TRAINING)] == ["next training"]
    assert [run.name for run in store.queue(Lane.LIGHT)] == ["check"]
    store.request_stop(training.id)
    wait_for(store, next_training, State.FINISHED)
    assert store.get(check.id).state is State.QUEUED
    store.request_stop(batch.id)
    wait_for(store, check, State.FINISHED)


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


def test_a_waiting_run_is_cancelled_at_once_and_can_be_resumed_or_deleted_at_once(store, launch):
    first = launch("first", seconds=60)
    second, third = launch("second", seconds=0), launch("third", seconds=60)
    wait_for(store, first, State.RUNNING)
    wait(lambda: "waiting" in second.progress.phase, second)
    store.move(third.id, 1)
    assert [run.name for run in store.queue(Lane.TRAINING)] == ["third", "second"]
    store.cancel(second.id)
    assert store.get(second.id).state is State.STOPPED
    assert [run.name for run in store.queue(Lane.TRAINING)] == ["third"]
    assert local.resume(store, second.id).state is State.QUEUED
    os.kill(process_of(first), signal.SIGKILL)
    wait_for(store, third, State.RUNNING)
    assert store.get(second.id).state is State.QUEUED
    store.cancel(second.id)
    store.delete(second.id)
    assert not second.folder.exists()
    assert [run.name for run in store.all()] == ["third", "first"]


@pytest.mark.parametrize("do", ["hang", "ignore"])
def test_a_worker_that_does_not_answer_a_stop_is_killed_and_its_run_is_stopped(store, launch, monkeypatch, do):
    monkeypatch.setattr(local, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(local, "END_SECONDS", 1.0)
    run = launch(do=do, seconds=600)
    wait_for(store, run, State.RUNNING)
    time.sleep(0.5)
    store.request_stop(run.id)
    assert wait_for(store, run, State.STOPPED, seconds=4) == [State.STOPPING, State.STOPPED]
    stopped = store.get(run.id)
    assert "was killed; the last checkpoint is kept" in stopped.reason
    assert ("did not answer within 1 s" if do == "hang" else "did not end within 1 s") in stopped.reason
    wait(lambda: not Path(f"/proc/{process_of(run)}").exists(), run, seconds=2)
    assert local.resume(store, run.id).reason == ""
    wait_for(store, run, State.RUNNING)


def test_a_worker_that_cannot_begin_is_lost_with_its_exit_code(store, launch, monkeypatch):
    monkeypatch.setitem(local._WORKERS, "train", "tests.runs.no_such_worker")
    run = launch()
    wait_for(store, run, State.LOST)
    wait(lambda: "exit code 1" in store.get(run.id).reason, run, seconds=2)
    assert "No module named" in run.log_tail()
    assert ExitRecord.read(run.folder / EXIT_RECORD_FILE).exit_code == 1


@pytest.mark.parametrize(
    ("do", "reason", "logged"),
    [
        ("refuse", "Received no photos: import some.", "DataError"),
        ("crash", "ZeroDivisionError: what no one expected", "in detail"),
    ],
)
def test_a_failed_run_gives_one_sentence_and_keeps_the_traceback_in_its_log(store, launch, do, reason, logged):
    run = launch(do=do, seconds=0)
    wait_for(store, run, State.FAILED)
    assert store.get(run.id).reason == reason
    assert "Traceback" in run.log_tail()
    assert logged in run.log_tail()
