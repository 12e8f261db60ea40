"""The worker's side, in this process."""

import time

import pytest
from pydantic import ValidationError

from wildcam.errors import RunError
from wildcam.runs import job as job_module
from wildcam.runs.exit_record import EXIT_RECORD_FILE, HEARD_FILE, ExitRecord
from wildcam.runs.job import Job, Stopped
from wildcam.runs.lock import is_held
from wildcam.runs.metric_names import SYSTEM_METRICS
from wildcam.runs.run import Progress
from wildcam.runs.run_job import run_job
from wildcam.runs.states import State


def test_a_run_is_done_in_one_process_too(store, queued):
    def work(job):
        assert store.get(queued.id).state is State.RUNNING
        job.log(1, {"val_loss": 0.5})
        job.report(phase="working", step=3)

    assert run_job(queued.id, work) == 0
    ended = store.get(queued.id)
    assert (ended.state, ended.reason, ended.metrics) == (State.FINISHED, "", {"val_loss": 0.5})
    assert ended.progress == Progress(phase="working", step=3)
    assert not is_held(ended.lock_path)


def test_progress_keeps_what_is_not_reported_but_no_old_time_left(store, queued):
    def work(job):
        job.report(phase="training", epoch=2, epochs=5, step=7, steps=9, seconds_left=60.0)
        job.report(step=8)
        with pytest.raises(TypeError, match="stpe"):
            job.report(stpe=9)
        with pytest.raises(ValidationError, match="step"):
            job.report(step="ninth")

    assert run_job(queued.id, work) == 0
    assert store.get(queued.id).progress == Progress(phase="training", epoch=2, epochs=5, step=8, steps=9)


def test_a_run_has_one_worker(queued, hold):
    hold(queued)
    with pytest.raises(RunError, match="Another worker"):
        run_job(queued.id, lambda job: None)


def test_a_point_that_the_store_refuses_is_written_at_the_next_heartbeat(store, queued, monkeypatch):
    refused = []

    def refuse(run_id, points):
        refused.extend(points)
        if len(refused) < 3:
            raise OSError("busy")
        return write(run_id, points)

    write = store.log_points
    monkeypatch.setattr(store, "log_points", refuse)
    monkeypatch.setattr(job_module, "HEARTBEAT_SECONDS", 0.01)
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

    store.tracking.log(queued.id, tags={"wildcam.stop": "1"})
    assert run_job(queued.id, never) == 0
    assert store.get(queued.id).state is State.STOPPED


def test_a_failure_is_marked_with_its_reason_and_a_stop_is_none(store, queued, capsys):
    def fail(job):
        raise ZeroDivisionError("by zero")

    def stop(job):
        raise Stopped

    assert run_job(queued.id, fail) == 1
    assert (store.get(queued.id).state, store.get(queued.id).reason) == (State.FAILED, "ZeroDivisionError: by zero")
    assert "Traceback" in capsys.readouterr().err
    store.enqueue(queued.id)
    assert run_job(queued.id, stop) == 0
    assert (store.get(queued.id).state, store.get(queued.id).reason) == (State.STOPPED, "")


def test_all_points_are_stored_when_a_flush_returns(store, queued, monkeypatch):
    monkeypatch.setattr(job_module, "HEARTBEAT_SECONDS", 0.01)
    job = Job(store, queued)
    job.start()
    for step in range(30):
        job.log(step, {"step_loss": 0.5})
        job.flush()
        assert len(store.curves(queued.id, ["step_loss"])) == step + 1
    job.end()


def test_a_store_that_refuses_to_the_end_fails_the_run_with_a_sentence(store, queued, monkeypatch):
    monkeypatch.setattr(job_module, "FLUSH_SECONDS", 0.1)
    monkeypatch.setattr(job_module, "HEARTBEAT_SECONDS", 0.05)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    def work(job):
        job.log(1, {"val_loss": 0.5})
        monkeypatch.setattr(type(store), "log_points", full)
        monkeypatch.setattr(type(store), "mark", full)

    assert run_job(queued.id, work) == 1
    failed = store.get(queued.id)
    assert (failed.state, failed.reason) == (State.FAILED, "The disk is full: free some space, then resume.")
    assert ExitRecord.read(failed.folder / EXIT_RECORD_FILE).state is State.FAILED
    store.enqueue(queued.id)
    assert store.get(queued.id).reason.startswith("Its worker ended without an exit code")  # nobody took it up


def test_a_worker_that_asks_has_heard_of_the_stop(store, queued):
    job = Job(store, queued)
    assert not job.stop_requested()
    assert not (queued.folder / HEARD_FILE).exists()
    job.request_stop()
    assert job.stop_requested()
    assert (queued.folder / HEARD_FILE).exists()


def test_the_use_of_the_machine_is_measured_while_a_run_computes_and_goes_on_after_a_resume(store, queued, monkeypatch):
    monkeypatch.setattr(job_module, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(job_module, "SYSTEM_SECONDS", 0.05)

    def work(job):
        if store.get(queued.id).started_at:
            job.note_resume(epoch=0, step=0)
        time.sleep(0.5)

    for _ in range(2):
        assert run_job(queued.id, work) == 0
        store.enqueue(queued.id)
    curves = store.curves(queued.id, SYSTEM_METRICS)
    shares = curves[curves["metric"] == "system/cpu_utilization_percentage"]
    assert shares["step"].tolist() == list(range(1, len(shares) + 1))
    assert len(shares) >= 4
    assert shares["value"].between(0, 100).all()
    memory = curves.loc[curves["metric"] == "system/system_memory_usage_megabytes", "value"]
    assert memory.between(100, 1e8).all()
    found = "system/gpu_0_utilization_percentage" in set(curves["metric"])
    assert found != ("No NVIDIA GPU" in store.get(queued.id).facts.system_use)
