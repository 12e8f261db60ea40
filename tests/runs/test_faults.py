"""What goes wrong on real machines, done to real processes: kills, full disks, crowds, clocks that jump."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.runs.fork_server import WRITTEN
from tests.runs.waiting import process_of, wait, wait_for
from wildcam.runs import local
from wildcam.runs.states import State
from wildcam.settings import PROJECT_DIR

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fork_server(empty_database):
    """A process that forks on request."""
    command = [sys.executable, "-m", "tests.runs.fork_server", str(empty_database)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=PROJECT_DIR, **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        yield process


@pytest.fixture
def fork(fork_server, settings):
    """Give the fork server a line; its answer, a number."""

    def fork(*words):
        fork_server.stdin.write(" ".join(map(str, (settings.home, *words))) + "\n")
        fork_server.stdin.flush()
        return int(fork_server.stdout.readline())

    return fork


def test_a_run_that_is_killed_twenty_times_ends_with_whole_curves(store, create, fork):
    chance, steps = random.Random(20), 600
    run = create(steps=steps, pause=0.01)
    for attempt in range(20):
        store.enqueue(run.id)
        process = fork("count", run.id)
        if attempt % 4:  # every fourth is killed as it starts
            wait_for(store, run, State.RUNNING)
        time.sleep(chance.uniform(0.0, 0.35))
        os.kill(process, signal.SIGKILL)
        wait_for(store, run, State.LOST, seconds=0.5)
        assert fork("wait", process) == -signal.SIGKILL
    store.enqueue(run.id)
    assert fork("wait", fork("count", run.id)) == 0
    assert store.get(run.id).state is State.FINISHED
    curves = store.curves(run.id, ["step_loss", "val_loss"])
    logged = curves[curves["metric"] == "step_loss"]
    assert logged["step"].tolist() == list(range(1, steps + 1))
    assert logged["value"].tolist() == [1 / step for step in range(1, steps + 1)]
    assert logged["wall_time"].is_monotonic_increasing
    assert curves.loc[curves["metric"] == "val_loss", "step"].tolist() == list(range(1, steps // 10 + 1))


@pytest.fixture
def start_app(fork):
    """Start an app that launches runs; a second call of what it gives kills it."""
    apps = []

    def start_app(*, runs, seconds):
        apps.append(fork("launch", runs, seconds))

        def kill(app=apps[-1]):
            os.kill(app, signal.SIGKILL)
            assert fork("wait", app) == -signal.SIGKILL
            apps.remove(app)

        return kill

    yield start_app
    for app in apps:
        os.kill(app, signal.SIGKILL)
        fork("wait", app)


def test_a_run_goes_on_when_the_app_that_started_it_is_killed(store, start_app):
    kill = start_app(runs=1, seconds=1.5)
    while not (runs := store.all()):
        time.sleep(0.02)
    wait_for(store, runs[0], State.RUNNING)
    kill()
    assert wait_for(store, runs[0], State.FINISHED) == [State.RUNNING, State.FINISHED]
    shown = store.curves(runs[0].id, ["step_loss"])["step"].tolist()
    assert shown == list(range(1, runs[0].progress.step + 1))


def test_two_apps_that_launch_at_once_share_one_queue(store, start_app):
    for _ in range(2):
        start_app(runs=2, seconds=0.1)
    while len(runs := store.all()) < 4:
        time.sleep(0.02)
    for run in runs:
        wait_for(store, run, State.FINISHED)
    runs = sorted(store.all(), key=lambda run: run.place)
    assert len({run.place for run in runs}) == 4
    assert runs == sorted(runs, key=lambda run: run.started_at)
    assert all(after.started_at >= before.ended_at for before, after in zip(runs, runs[1:], strict=False))


def test_three_writers_and_five_readers_on_one_file_lose_no_point(store, create, fork):
    runs = [create(name) for name in "abc"]
    crowd = [fork("write", run.id, run.name) for run in runs]
    crowd += [fork("read", *(run.id for run in runs)) for _ in range(5)]
    assert [fork("wait", process) for process in crowd] == [0] * 8
    for run in runs:
        assert store.get(run.id).user_tags[run.name] == str(WRITTEN - 1)
        for name in (run.name, f"{run.name}_too"):
            assert store.curves(run.id, [name])["value"].tolist() == list(range(WRITTEN))


def test_a_clock_that_jumps_back_loses_and_doubles_no_point(store, launch, monkeypatch):
    monkeypatch.setenv("WILDCAM_TEST_CLOCK", "jumping")
    run = launch(steps=60, pause=0.03)
    wait(lambda: store.get(run.id).progress.step >= 25, run)
    os.kill(process_of(run), signal.SIGKILL)
    wait_for(store, run, State.LOST)
    local.resume(store, run.id)
    wait_for(store, run, State.FINISHED)
    curves = store.curves(run.id, ["step_loss", "val_loss"])
    logged = curves[curves["metric"] == "step_loss"]
    assert logged["step"].tolist() == list(range(1, 61))
    assert logged["wall_time"].is_monotonic_increasing
    assert curves.loc[curves["metric"] == "val_loss", "step"].tolist() == list(range(1, 7))


@pytest.fixture
def small_disk(tmp_path, empty_database):
    """A home on a disk of a few megabytes of its own."""
    home = tmp_path / "small"
    home.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(home)], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    shutil.copytree(empty_database, home, dirs_exist_ok=True)
    yield home
    subprocess.run(["umount", "--lazy", str(home)], check=True)


@pytest.fixture
def settings(settings, request):
    """On the small disk where a test asks for one."""
    if "small_disk" not in request.fixturenames:
        return settings
    return settings.model_copy(update={"home": request.getfixturevalue("small_disk")})


def test_a_run_on_a_full_disk_fails_with_a_sentence_and_goes_on_when_there_is_space(small_disk, store, launch):
    run = launch(do="fill", steps=200, pause=0.01)
    wait_for(store, run, State.FAILED)
    assert store.get(run.id).reason == "The disk is full: free some space, then resume."
    assert shutil.disk_usage(small_disk).free < 100_000
    assert store.curves(run.id, ["step_loss"])["step"].is_monotonic_increasing
    (run.folder / "ballast").unlink()
    local.resume(store, run.id)
    wait_for(store, run, State.FINISHED)
    curves = store.curves(run.id, ["step_loss", "val_loss"])
    assert curves.loc[curves["metric"] == "step_loss", "step"].tolist() == list(range(1, 201))
    assert curves.loc[curves["metric"] == "val_loss", "step"].tolist() == list(range(1, 21))
