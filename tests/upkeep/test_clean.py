"""What takes the disk, and what may go: never what somebody made, computes, or can go on with."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from wildcam.architectures.presets import Task
from wildcam.cli.main import FAILED, MISUSED, main
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import write_bundle
from wildcam.settings import Settings
from wildcam.upkeep import clean as cleaning
from wildcam.upkeep.clean import clean, freeable
from wildcam.upkeep.disk_use import Part, measure, part_of

HOME_PATHS = {
    "mlflow.db": Part.DATABASES,
    "audit.jsonl": Part.DATABASES,
    "datasets/mine/index.parquet": Part.DATASETS,
    "runs/ab/checkpoint/epoch-0001/state.json": Part.CHECKPOINTS,
    "runs/ab/predictions/part-000001.parquet": Part.BATCHES,
    "runs/ab/bundle/model.onnx": Part.RUNS,
    "models/otters/model.onnx": Part.MODELS,
    "cache/thumbnails/0.jpg": Part.THUMBNAILS,
    "cache/features/0.pixels": Part.FEATURES,
    f"datasets/.mine.{'0' * 32}/index.parquet": Part.LEFTOVERS,
    "copies/2026-01-01-mlflow.db": Part.COPIES,
    "mlflow.lock": Part.OTHER,
}


class Nothing(BaseModel):
    """What a run of these tests is about."""


@pytest.fixture
def store(small_home: Settings) -> RunStore:
    return RunStore(small_home)


@pytest.fixture
def training(store: RunStore, write_graph: Callable[..., Path], make_card: Callable[..., object]) -> Callable[..., Run]:
    """A training with a checkpoint, and a model where it is to have one."""

    def make(name: str, state: State, *, has_model: bool = True) -> Run:
        run = store.create(Kind.TRAIN, name, Nothing())
        store.enqueue(run.id)
        write(run.folder / "checkpoint" / "epoch-0001" / "weights.npz")
        if has_model:
            write_bundle(run.bundle_dir, write_graph(Task.EMPTY), make_card(Task.EMPTY))
        if state is not State.LOST:
            store.mark(run.id, state)
        return store.get(run.id)

    return make


def write(path: Path, *, days_old: float = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(50_000))
    then = time.time() - days_old * cleaning.DAY
    os.utime(path, (then, then))
    return path


@pytest.fixture
def a_year_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """For runs, whose end MLflow keeps."""

    class Later(cleaning.datetime):
        @classmethod
        def now(cls, zone: object = None) -> "Later":
            return super().now(zone) + cleaning.timedelta(days=365)

    monkeypatch.setattr(cleaning, "datetime", Later)


@pytest.mark.parametrize(("path", "part"), HOME_PATHS.items())
def test_every_file_is_counted_under_what_it_is_part_of(path: str, part: Part) -> None:
    assert part_of(Path(path)) is part


def test_files_and_bytes_of_each_part(small_home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.jpg", "b.jpg"):
        write(small_home.cache_dir / "thumbnails" / name)
    (found,) = [use for use in measure(small_home) if use.part is Part.THUMBNAILS]
    assert found.files == 2
    assert 100_000 <= found.bytes <= 120_000
    assert main(["disk", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"part": "thumbnails", "files": 2, "megabytes": 0.1} in rows


@pytest.mark.usefixtures("a_year_later")
def test_checkpoints_go_of_finished_trainings_alone_and_only_where_the_model_is_there(
    store: RunStore, training: Callable[..., Run]
) -> None:
    finished = training("finished", State.FINISHED)
    kept = [training(state, state) for state in (State.STOPPED, State.FAILED, State.LOST)]
    kept.append(training("without a model", State.FINISHED, has_model=False))
    held = training("held by a worker", State.FINISHED)
    with Lock.acquire(held.lock_path):
        assert clean(store.settings, 30) > 50_000
    assert not (finished.folder / "checkpoint").exists()
    assert (finished.bundle_dir / "model.onnx").exists()
    assert all((run.folder / "checkpoint").exists() for run in (*kept, held))


def test_a_young_run_keeps_its_checkpoints(store: RunStore, training: Callable[..., Run]) -> None:
    run = training("finished", State.FINISHED)
    assert freeable(store.settings, 1) == []
    assert clean(store.settings, 1) == 0
    assert (run.folder / "checkpoint").exists()


def test_caches_go_where_nobody_used_them_and_what_people_made_stays(small_home: Settings) -> None:
    home, hidden = small_home.home, f".mine.{'0' * 32}"
    old = [
        write(home / "cache" / "thumbnails" / "old.jpg", days_old=40),
        write(home / "cache" / "features" / "old.pixels", days_old=40),
        write(home / "datasets" / hidden, days_old=2),
    ]
    kept = [
        write(home / "cache" / "thumbnails" / "seen.jpg", days_old=20),
        write(home / "cache" / "pixels" / "read.pixels", days_old=20),
        write(home / "models" / f".model.{'1' * 32}", days_old=0.5),  # perhaps being written
        write(home / "datasets" / "mine" / "index.parquet", days_old=900),
        write(home / "corrections" / "images" / "a.jpg", days_old=900),
        write(home / "uploads" / "mine" / "a.jpg", days_old=900),
        write(home / "runs" / "ab" / "predictions" / "part-000001.parquet", days_old=900),
    ]
    aside = home / "datasets" / f".whole.{'2' * 32}" / "dataset.json"  # moved aside by a process that was killed
    write(aside)
    os.utime(aside.parent, (0, 0))
    assert {one.part for one in freeable(small_home, 30)} == {Part.THUMBNAILS, Part.FEATURES, Part.LEFTOVERS}
    clean(small_home, 30)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in [*kept, aside])


def test_what_others_take_away_meanwhile_is_passed_over(small_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is listed, then renamed by its writer or trimmed before it is examined."""
    write(small_home.cache_dir / "thumbnails" / "old.jpg", days_old=40)
    gone = [
        write(small_home.cache_dir / "thumbnails" / "trimmed.jpg", days_old=40),
        write(small_home.home / "models" / f".model.json.{'3' * 32}", days_old=40),
    ]
    whole = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path in gone:
            path.unlink(missing_ok=True)
        return whole(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert ["1 thumbnail" in one.what for one in freeable(small_home, 30)] == [True]
    assert not any(path.exists() for path in gone)


def test_the_command_says_first_what_it_would_free(
    small_home: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(small_home.cache_dir / "thumbnails" / "old.jpg", days_old=40)
    assert main(["clean", "--older-than", "30d", "--dry-run"]) == 0
    assert "1 thumbnail" in capsys.readouterr().out
    monkeypatch.setattr("typer.confirm", lambda question: False)
    assert main(["clean"]) == 0
    assert path.exists()
    assert main(["clean", "--older-than", "50"]) == 0
    assert "Nothing to free" in capsys.readouterr().out
    assert main(["clean", "--json"]) == MISUSED
    assert main(["clean", "--json", "--yes"]) == 0
    assert not path.exists()


@pytest.mark.parametrize("days", ["", "0", "a month", "-3d", "99999d"])
def test_odd_numbers_of_days_are_refused(small_home: Settings, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", f"--older-than={days}"]) in (FAILED, MISUSED)
    assert "such as 30d" in capsys.readouterr().err
