"""The worker's side, in this process."""

import errno
import signal

import pytest

from wildcam.errors import RunError
from wildcam.runs import job as job_module
from wildcam.runs.job import Job, Stopped, carry_out, explain
from wildcam.runs.lock import is_held
from wildcam.runs.run import Progress
from wildcam.runs.states import State


@pytest.fixture
def queued(store, create, monkeypatch):
    """A queued run in the home of this process, whose signals are put back after the test."""
    monkeypatch.setenv("WILDCAM_HOME", str(store.settings.home))
    before = signal.getsignal(signal.SIGTERM)
    run = create()
    store.enqueue(run.id)
    yield run
    signal.signal(signal.SIGTERM, before)


def test_a_run_is_carried_out_in_one_process_too(store, queued):
    def work(job):
        assert store.get(queued.id).state is State.RUNNING
        job.log(1, {"val_loss": 0.5})
        job.report(phase="working", step=3)

    assert carry_out(queued.id, work) == 0
    ended = store.get(queued.id)
    assert (ended.state, ended.reason, ended.metrics) == (State.FINISHED, "", {"val_loss": 0.5})
    assert ended.progress == Progress(phase="working", step=3)
    assert not is_held(ended.lock_path)


def test_a_run_has_one_worker(queued, hold):
    hold(queued)
    with pytest.raises(RunError, match="Another worker"):
        carry_out(queued.id, lambda job: None)


def test_a_point_that_the_store_refuses_is_written_at_the_next_beat(store, queued, monkeypatch):
    refused = []

    def refuse(run_id, points):
        refused.extend(points)
        if len(refused) < 3:
            raise OSError("busy")
        return write(run_id, points)

    write = store.log_points
    monkeypatch.setattr(store, "log_points", refuse)
    monkeypatch.setattr(job_module, "BEAT_SECONDS", 0.01)
    job = Job(store, queued)
    job.log(1, {"val_loss": 0.5})
    job.start()
    while len(refused) < 3:
        pass
    job.log(2, {"val_loss": 0.4})
    job.end()
    assert store.curves(queued.id, ["val_loss"])["step"].tolist() == [1, 2]


def test_an_interrupted_wait_ends_the_run_as_stopped(store, create, queued, hold):
    earlier = store.create(queued.kind, "earlier", Progress())
    store.enqueue(earlier.id)
    hold(earlier)
    store.enqueue(queued.id)

    def never(job):
        raise AssertionError("it is not its turn")

    store.client.set_tag(queued.id, "wildcam.stop", "1")
    assert carry_out(queued.id, never) == 0
    assert store.get(queued.id).state is State.STOPPED


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "Out of memory: choose a smaller batch or image size."),
        (OutOfMemoryError("CUDA"), "Out of memory: choose a smaller batch or image size."),
        (OSError(errno.ENOSPC, "No space left"), "The disk is full: free some space, then resume."),
        (ValueError("first line\nsecond line"), "ValueError: first line"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_an_unexpected_end_is_explained_in_one_sentence(error, sentence):
    assert explain(error) == sentence


def test_a_failure_is_marked_with_its_reason_and_a_stop_is_none(store, queued, capsys):
    def fail(job):
        raise ZeroDivisionError("by zero")

    def stop(job):
        raise Stopped

    assert carry_out(queued.id, fail) == 1
    assert (store.get(queued.id).state, store.get(queued.id).reason) == (State.FAILED, "ZeroDivisionError: by zero")
    assert "Traceback" in capsys.readouterr().err
    store.enqueue(queued.id)
    assert carry_out(queued.id, stop) == 0
    assert (store.get(queued.id).state, store.get(queued.id).reason) == (State.STOPPED, "")
