"""Curves that are watched, next to those that are read whole."""

import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pandas as pd
import pytest
from mlflow.entities import Metric

from wildcam.errors import RunError
from wildcam.runs.curves import CurveReader
from wildcam.runs.store import RunStore
from wildcam.runs.timestamps import MonotonicTimestamps

NAMES = ("step_loss", "step_accuracy", "val_loss", "train_loss", "system/cpu_utilization_percentage")


class Trainer:
    """Logs and resumes as a worker does, at random, by a clock that jumps."""

    def __init__(self, store, run, seed):
        self.store, self.run, self.random = store, run, random.Random(seed)
        self.now = 1_000.0
        self.clock = MonotonicTimestamps(now=lambda: self.now)
        self.step = self.sample = 0

    def act(self):
        self.now += self.random.choice([0.0, 0.0005, 1.0, 30.0, -3600.0])
        if self.random.random() < 0.2:
            epoch = self.random.randint(0, self.step // 10)
            self.step = epoch * 10
            at = self.clock.read() / 1000
            self.store.note_resume(self.run.id, epoch=epoch, step=self.step, at=at)
        points = []
        for _ in range(self.random.randint(0, 15)):
            self.step += 1
            points += self._points(self.step, ["step_loss", "step_accuracy"])
            if self.step % 10 == 0:
                points += self._points(self.step // 10, ["val_loss", "train_loss"])
        if self.random.random() < 0.3:
            self.sample += 1
            points += self._points(self.sample, NAMES[-1:])
        self.store.log_points(self.run.id, points)

    def _points(self, step, names):
        now = self.clock.read()
        value = self.random.choice([0.0, 0.5, math.nan, math.inf])
        return [Metric(name, value, now, step) for name in names]


@pytest.mark.parametrize("seed", range(6))
def test_a_watched_run_shows_the_same_curves_as_one_that_is_read_whole(store, create, seed):
    run = create()
    trainer = Trainer(store, run, seed)
    every, two = CurveReader(store, run.id), CurveReader(store, run.id, ["step_loss", "val_loss"])
    most = 0
    for _ in range(15):
        for _ in range(trainer.random.randint(0, 3)):
            trainer.act()
        whole = store.curves(run.id, NAMES)
        pd.testing.assert_frame_equal(every.read(), whole)
        pd.testing.assert_frame_equal(two.read(), store.curves(run.id, ["step_loss", "val_loss"]))
        most = max(most, len(whole))
    assert most > 20


def test_points_that_another_hand_puts_before_the_last_are_seen(store, create):
    run = create()
    reader = CurveReader(store, run.id)
    for at, step in [(9_000, 5), (8_000, 9), (9_000, 5), (9_000, 4), (7_000, 1)]:
        store.log_points(run.id, [Metric("val_loss", step, at, step), Metric("val_loss", math.nan, at, 30 + step)])
        pd.testing.assert_frame_equal(reader.read(), store.curves(run.id, ["val_loss"]))
    assert reader.read()["step"].tolist() == [1, 4, 5, 9, 31, 34, 35, 39]


def test_only_new_points_are_read(store, create, monkeypatch):
    run = create()
    reader = CurveReader(store, run.id)
    asked = []
    read = store.tracking.read_history
    monkeypatch.setattr(
        store.tracking, "read_history", lambda *args, **more: asked.append(read(*args, **more)) or asked[-1]
    )
    store.log_points(run.id, [Metric("val_loss", 0.5, at, at) for at in range(1, 2001)])
    assert len(reader.read()) == 2000
    asked.clear()
    assert len(reader.read()) == 2000
    assert asked == []
    store.log_points(run.id, [Metric("val_loss", 0.5, 3000, 3000)])
    assert len(reader.read()) == 2001
    assert [len(points) for points in asked] == [2]  # the last known one again, and the new one


def test_a_table_that_is_changed_by_its_user_is_whole_at_the_next_reading(store, create):
    run = create()
    store.log_points(run.id, [Metric("val_loss", 0.5, 1, 1)])
    reader = CurveReader(store, run.id)
    table = reader.read()
    table.loc[0, "value"] = 9.0
    assert reader.read()["value"].tolist() == [0.5]


def test_a_deleted_run_is_said_to_be_gone(store, create):
    run = create()
    store.enqueue(run.id)
    reader = CurveReader(store, run.id)
    reader.read()
    store.delete(run.id)
    with pytest.raises(RunError, match="cannot be read"):
        reader.read()


@pytest.fixture
def server(tmp_path):
    """A tracking server on a store of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    uri = f"sqlite:///{tmp_path / 'server.db'}"
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", uri, "--port", str(port), "--workers", "1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield f"http://127.0.0.1:{port}", process, port
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.slow
def test_a_run_on_a_tracking_server_is_watched_in_the_same_way(settings, server):
    uri, process, port = server
    end = time.monotonic() + 180
    while True:
        assert process.poll() is None
        assert time.monotonic() < end
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    store = RunStore(settings.model_copy(update={"tracking": uri}))
    run = SimpleNamespace(id=store.tracking.create_run("watched", {}, {}))
    trainer, reader = Trainer(store, run, 7), CurveReader(store, run.id)
    most = 0
    for _ in range(8):
        trainer.act()
        most = max(most, len(reader.read()))
        pd.testing.assert_frame_equal(reader.read(), store.curves(run.id, NAMES))
    assert most > 20
