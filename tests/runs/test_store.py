import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from mlflow.entities import Metric
from pydantic import BaseModel

from wildcam.errors import RunError, UsageError
from wildcam.runs.facts import TrainFacts
from wildcam.runs.lock import Lock
from wildcam.runs.points import POINT_COLUMNS
from wildcam.runs.states import Kind, Lane, State
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR, Settings


def points(name, steps, *, at=1_000.0, value=0.5):
    return [Metric(name, value, int(1000 * at), step) for step in steps]


def state_of(store, run):
    return store.get(run.id).state


def test_a_run_is_found_by_its_id_the_beginning_of_it_or_its_name(store, create):
    first, second = create("first"), create("second")
    for run in (first, second):
        store.enqueue(run.id)
    assert store.get(first.id) == store.get(first.id[:12]) == store.get("first")
    assert store.get(first.id).params["seconds"] == "0.5"
    with pytest.raises(UsageError, match=r"Unknown run 'third'.*second.*first"):
        store.get("third")
    create("second")
    store.enqueue(store.create(first.kind, "second", Settings()).id)
    with pytest.raises(UsageError, match="fits 2 runs"):
        store.get("second")


def test_runs_are_listed_newest_first_and_only_once_they_are_queued(store, create):
    runs = [create(name) for name in "abc"]
    assert store.all() == []
    for run in runs:
        store.enqueue(run.id)
        time.sleep(0.002)
    assert [run.name for run in store.all()] == ["c", "b", "a"]
    assert [run.name for run in store.all(runs[0].kind)] == ["c", "b", "a"]


class OfDataset(BaseModel):
    dataset: str


def test_live_runs_and_the_newest_that_ended_are_found_without_reading_all(store, create, hold):
    runs = {name: create(name) for name in ("queued", "running", "lost", "finished")}
    for run in runs.values():
        store.enqueue(run.id)
        time.sleep(0.002)
    for name in ("queued", "running"):
        hold(runs[name])
    for name in ("running", "finished"):
        store.mark(runs[name].id, State.RUNNING)
    store.mark(runs["finished"].id, State.FINISHED)
    assert [run.name for run in store.live()] == ["running", "queued"]
    assert store.latest(Kind.TRAIN, State.FINISHED).name == "finished"
    assert store.latest(Kind.TRAIN, State.FAILED) is None
    for dataset in ("park", "reserve"):
        run = store.create(Kind.TRAIN, f"of {dataset}", OfDataset(dataset=dataset))
        store.enqueue(run.id)
        store.mark(run.id, State.FINISHED)
    assert store.latest(Kind.TRAIN, State.FINISHED, "park").name == "of park"
    assert store.latest(Kind.TRAIN, State.FINISHED, "zoo") is None


def test_the_queue_is_in_order_of_submission_and_skips_the_dead(store, create, hold):
    runs = {name: create(name) for name in "abcd"}
    for name in "dcab":
        store.enqueue(runs[name].id)
    for name in "abc":
        hold(runs[name])
    assert [run.name for run in store.queue(Lane.TRAINING)] == ["c", "a", "b"]
    assert state_of(store, runs["d"]) is State.LOST
    store.mark(runs["c"].id, State.RUNNING)
    assert [(run.name, run.state) for run in store.queue(Lane.TRAINING)] == [("a", "queued"), ("b", "queued")]


@pytest.mark.parametrize(
    ("name", "position", "order"),
    [("c", 1, "cabd"), ("a", 3, "bcad"), ("a", 99, "bcda"), ("d", 2, "adbc"), ("b", 2, "abcd")],
)
def test_a_waiting_run_is_moved_and_another_process_sees_the_same_order(
    store, settings, create, hold, name, position, order
):
    runs = {name: create(name) for name in "abcd"}
    for run in runs.values():
        store.enqueue(run.id)
        hold(run)
    store.move(runs[name].id, position)
    assert "".join(run.name for run in RunStore(settings).queue(Lane.TRAINING)) == order
    late = create("e")
    store.enqueue(late.id)
    hold(late)
    assert "".join(run.name for run in store.queue(Lane.TRAINING)) == order + "e"
    store.mark(runs[name].id, State.RUNNING)
    with pytest.raises(RunError, match="is running: only a queued run has a place in the queue"):
        store.move(runs[name].id, 1)
    with pytest.raises(UsageError, match="begins with position 1"):
        store.move(late.id, 0)


def test_the_queue_keeps_its_order_when_the_clock_jumps_back(store, create, hold, monkeypatch):
    clock = iter([5_000.0, 1_400.0, 1_401.0, 5_001.0])
    runs = [create(name) for name in "abcd"]
    for run in runs:
        with monkeypatch.context() as patch:
            now = next(clock)
            patch.setattr("wildcam.runs.queue.time.time", lambda now=now: now)
            store.enqueue(run.id)
        hold(run)
    assert "".join(run.name for run in store.queue(Lane.TRAINING)) == "abcd"


def test_a_waiting_run_is_cancelled_at_once_and_a_running_one_is_not(store, create, hold):
    waiting, running = create("waiting"), create("running")
    for run in (waiting, running):
        store.enqueue(run.id)
        hold(run)
    store.mark(running.id, State.RUNNING)
    store.cancel(waiting.id)
    assert state_of(store, waiting) is State.STOPPED
    assert store.queue(Lane.TRAINING) == []
    with pytest.raises(RunError, match="running is running: only a queued run can be cancelled"):
        store.cancel(running.id)
    assert state_of(store, running) is State.RUNNING


def test_a_run_tells_when_it_began_and_ended_and_why(store, create, hold):
    run = create()
    store.enqueue(run.id)
    hold(run)
    store.mark(run.id, State.RUNNING)
    running = store.get(run.id)
    assert (running.state, running.ended_at) == (State.RUNNING, None)
    assert running.submitted_at <= running.started_at
    store.mark(run.id, State.FAILED, "The disk is full.")
    failed = store.get(run.id)
    assert (failed.state, failed.reason) == (State.FAILED, "The disk is full.")
    assert abs((failed.ended_at - failed.started_at).total_seconds()) < 5
    store.enqueue(run.id)
    again = store.get(run.id)
    assert (again.state, again.reason, again.ended_at) == (State.QUEUED, "", None)


def test_a_stop_is_asked_of_living_runs_only_and_forgotten_when_queued_again(store, create, hold):
    run = create()
    store.enqueue(run.id)
    hold(run)
    store.mark(run.id, State.RUNNING)
    store.request_stop(run.id)
    assert store.is_stop_requested(run.id)
    assert state_of(store, run) is State.STOPPING
    store.mark(run.id, State.STOPPED)
    with pytest.raises(RunError, match="is stopped: only a queued or running run can be stopped"):
        store.request_stop(run.id)
    store.enqueue(run.id)
    assert not store.is_stop_requested(run.id)


def test_a_run_is_renamed(store, create):
    run = create("old")
    store.rename(run.id, " new ")
    assert store.get(run.id).name == "new"
    for wrong in ("  ", "n" * 201):
        with pytest.raises(UsageError, match="expected 1 to 200"):
            store.rename(run.id, wrong)


def test_a_run_keeps_a_note_and_the_tags_of_its_user_apart_from_its_facts(store, create):
    run = create()
    store.set_note(run.id, "cameras 3 and 4\nwere moved")
    store.set_user_tag(run.id, "for the paper")
    store.set_user_tag(run.id, "season", "2024")
    store.write_facts(run.id, TrainFacts(best_epoch=3))
    noted = store.get(run.id)
    assert noted.note == "cameras 3 and 4\nwere moved"
    assert noted.user_tags == {"for the paper": "", "season": "2024"}
    assert noted.facts == TrainFacts(best_epoch=3)
    store.remove_user_tag(run.id, "season")
    store.set_note(run.id, "")
    assert (store.get(run.id).note, store.get(run.id).user_tags) == ("", {"for the paper": ""})
    with pytest.raises(UsageError, match="Unknown tag 'season'.*for the paper"):
        store.remove_user_tag(run.id, "season")
    with pytest.raises(UsageError, match="expected letters"):
        store.set_user_tag(run.id, "why?")
    with pytest.raises(UsageError, match="5,001 characters"):
        store.set_note(run.id, "x" * 5001)


def test_a_living_run_is_not_deleted_and_a_dead_one_frees_its_folder(store, create):
    run = create("precious")
    store.enqueue(run.id)
    (run.folder / "weights").write_bytes(b"0" * 1000)
    store.log_points(run.id, points("val_loss", [1]))
    with Lock.acquire(run.lock_path), pytest.raises(RunError, match="precious is queued: stop it"):
        store.delete(run.id)
    assert (run.folder / "weights").exists()
    store.delete(run.id)
    assert not run.folder.exists()
    assert store.all() == []
    with pytest.raises(UsageError, match="none yet"):
        store.get(run.id)
    database = sqlite3.connect(store.settings.home / "mlflow.db")
    with closing(database):
        counts = [database.execute(f"select count(*) from {table}").fetchone() for table in ("runs", "metrics")]
    assert counts == [(0,), (0,)]


def test_a_run_whose_folder_is_half_gone_is_deleted_and_one_whose_files_stay_is_still_listed(
    store, create, monkeypatch
):
    gone, stays = create("gone"), create("stays")
    for run in (gone, stays):
        store.enqueue(run.id)
    shutil.rmtree(gone.folder)
    store.delete(gone.id)
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", lambda *_, **__: (_ for _ in ()).throw(PermissionError(1, "no")))
        with pytest.raises(RunError, match="cannot be removed: give this user the right"):
            store.delete(stays.id)
    assert [run.name for run in store.all()] == ["stays"]
    store.delete(stays.id)
    assert store.all() == []
    assert not stays.folder.exists()


def test_curves_are_a_table_in_order_of_step(store, create):
    run = create()
    empty = store.curves(run.id, ["val_loss"])
    assert (tuple(empty.columns), len(empty)) == (POINT_COLUMNS, 0)
    store.log_points(run.id, points("val_loss", [2, 1, 3]) + points("step_loss", [10], value=float("nan")))
    curves = store.curves(run.id, ["step_loss", "val_loss", "unknown"])
    assert curves[["metric", "step", "wall_time"]].to_numpy().tolist() == [
        ["step_loss", 10, 1000.0],
        ["val_loss", 1, 1000.0],
        ["val_loss", 2, 1000.0],
        ["val_loss", 3, 1000.0],
    ]
    assert curves["value"].isna().tolist() == [True, False, False, False]
    assert empty.dtypes.to_dict() == curves.dtypes.to_dict()


def test_points_of_an_epoch_that_is_trained_again_are_shown_once(store, create):
    """Stopped in epoch 3 (10 steps each), resumed from the end of epoch 2; then again, from the end of epoch 3."""
    run = create()

    def resume(*, at, epoch):
        store.note_resume(run.id, epoch=epoch, step=10 * epoch, at=at)

    store.log_points(run.id, points("step_loss", range(1, 28), at=100) + points("val_loss", [1, 2], at=100))
    resume(at=200, epoch=2)
    store.log_points(run.id, points("step_loss", range(22, 36, 2), at=210, value=0.9))
    store.log_points(run.id, points("val_loss", [3], at=210))
    resume(at=300, epoch=3)
    store.log_points(run.id, points("step_loss", [33, 39], at=310, value=0.7))
    curves = store.curves(run.id, ["step_loss", "val_loss"])
    steps = curves[curves["metric"] == "step_loss"]
    assert steps["step"].tolist() == [*range(1, 21), *range(22, 31, 2), 33, 39]
    assert steps["value"].tolist() == [0.5] * 20 + [0.9] * 5 + [0.7] * 2
    assert curves.loc[curves["metric"] == "val_loss", "step"].tolist() == [1, 2, 3]


def test_more_points_than_one_batch_of_mlflow_are_logged_and_the_same_twice_not_doubled(store, create):
    run = create()
    many = points("step_loss", range(2345))
    store.log_points(run.id, many)
    store.log_points(run.id, many[-5:])
    assert len(store.tracking.client.get_metric_history(run.id, "step_loss")) == 2345


WRITE = """
import sys
from pathlib import Path
from mlflow.entities import Metric
from pydantic import BaseModel
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
home, run_id, name = sys.argv[1:]
store = RunStore(Settings(home=Path(home), models=Path(home)))
for step in range(30):
    store.log_points(run_id, [Metric(name, step, step, step)])
"""


@pytest.mark.slow
def test_two_processes_that_write_at_once_lose_no_point(store, create):
    run, other = create("a"), create("b")
    home = str(store.settings.home)
    command = [sys.executable, "-c", WRITE, home]
    writers = [subprocess.Popen([*command, run.id, "a"]), subprocess.Popen([*command, other.id, "b"])]
    while any(writer.poll() is None for writer in writers):
        store.curves(run.id, ["a"])  # a page that looks on
        time.sleep(0.05)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert store.curves(run.id, ["a"])["step"].tolist() == list(range(30))
    assert store.curves(other.id, ["b"])["step"].tolist() == list(range(30))


OPEN = """
import sys
from pathlib import Path
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
store = RunStore(Settings(home=Path(sys.argv[1]), models=Path(sys.argv[1])))
store.enqueue(store.create("train", "first", Settings()).id)
print(store.tracking.experiment_id)
"""


@pytest.mark.slow
def test_two_first_users_at_once_get_one_store_and_everything_stays_in_the_home(tmp_path):
    home, elsewhere = tmp_path / "not" / "there yet", tmp_path / "elsewhere"
    elsewhere.mkdir()
    users = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-W", "ignore:The ``noload``", "-c", OPEN, str(home)],
            cwd=elsewhere,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(PROJECT_DIR)},
        )
        for _ in range(2)
    ]
    answers = [user.communicate() for user in users]
    assert [errors for _, errors in answers] == ["", ""]
    assert answers[0][0] == answers[1][0]
    assert len(RunStore(Settings(home=home, models=home)).all()) == 2
    assert list(elsewhere.iterdir()) == []


def test_sessions_share_a_store_from_their_threads(settings, create, hold):
    run = create()
    stores = []

    def use(number):
        store = RunStore(settings)
        stores.append(store.tracking)
        store.log_points(run.id, points(f"metric{number}", range(20)))
        store.set_user_tag(run.id, f"tag{number}", "known")
        return len(store.curves(run.id, [f"metric{number}"])), threading.get_ident()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(use, range(24)))
    assert {count for count, _ in results} == {20}
    assert len(set(map(id, stores))) == 1
    tags = RunStore(settings).get(run.id).user_tags
    assert all(tags[f"tag{number}"] == "known" for number in range(24))


IMPORT = """
import sys
import wildcam.runs.store, wildcam.runs.local, wildcam.training.recipe, wildcam.architectures.pretrained
print(sorted({"tensorflow", "torch", "fastai", "keras", "torchvision"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_what_the_web_process_reads_runs_with_loads_no_framework():
    answer = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
