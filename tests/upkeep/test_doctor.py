"""What the doctor finds in a home, and mends."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from wildcam.architectures.presets import Task
from wildcam.cli.main import FAILED, main
from wildcam.data.catalog import build_index, list_datasets, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import RunError
from wildcam.runs import tracking
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR, Settings, load_settings
from wildcam.upkeep.databases import KEPT_COPIES, copies_of, keep_daily_copy
from wildcam.upkeep.doctor import examine


class Nothing(BaseModel):
    """What a run of these tests is about."""


@pytest.fixture
def settings(
    empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_model: Callable[..., object]
) -> Settings:
    """A sound home: a data set, two models, a run."""
    shutil.copytree(empty_database, tmp_path / "home")
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "models"))
    settings = load_settings()
    index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": ["fox"]})
    save_dataset(
        settings.datasets_dir, index, name="mine", source="", root=tmp_path, format="csv", labels=LabelPolicy()
    )
    write_model("tiny", Task.EMPTY)
    store = RunStore(settings)
    store.enqueue(store.create(Kind.TRAIN, "kept", Nothing()).id)
    return settings


def findings(settings: Settings) -> list[str]:
    return [finding.what for finding in examine(settings)]


def age(path: Path) -> None:
    old = time.time() - 7200
    os.utime(path, (old, old))


def names_of_runs(settings: Settings) -> list[str]:
    """As a process finds them that did not have the damaged file open."""
    code = "import sys; from wildcam.runs.store import RunStore; from wildcam.settings import load_settings; "
    code += "print(*(run.name for run in RunStore(load_settings()).all()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    return done.stdout.split()


def damage_database(settings: Settings) -> None:
    tracking.connect.cache_clear()
    for journal in ("-wal", "-shm"):
        Path(f"{settings.home / 'mlflow.db'}{journal}").unlink(missing_ok=True)
    (settings.home / "mlflow.db").write_bytes(b"no database" * 1000)


def test_a_sound_home_and_none_at_all_have_no_findings(settings: Settings, tmp_path: Path) -> None:
    assert findings(settings) == []
    assert findings(Settings(home=tmp_path / "nowhere")) == []
    assert main(["doctor"]) == 0


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda home: (home / "datasets" / "mine" / "dataset.json").write_text("{"), "Data set mine: dataset.json"),
        (lambda home: (home / "datasets" / "mine" / "index.parquet").write_bytes(b"x"), "Data set mine: "),
        (
            lambda home: (home.parent / "models" / "tiny" / "model.onnx").write_bytes(b"x"),
            "Model 'tiny' is not the one",
        ),
        (lambda home: (home.parent / "models" / "tiny" / "model.json").write_text("{"), "Model tiny: "),
        (lambda home: (home / "audit.jsonl").write_text('{"a": 1}\n{"cut'), "audit.jsonl: 1 line cannot be read"),
        (lambda home: (home / "runs" / "0123456789").mkdir(), "runs/01234567…: a folder without a run"),
    ],
)
def test_damage_is_a_sentence_and_the_command_fails(
    settings: Settings, damage: Callable[[Path], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(settings.home)
    (found,) = findings(settings)
    assert found.startswith(said)
    assert main(["doctor"]) == FAILED
    assert said in capsys.readouterr().out


def test_what_a_killed_process_left_is_deleted_or_put_back(settings: Settings, tmp_path: Path) -> None:
    aside = settings.datasets_dir / f".mine.{'0' * 32}"
    (settings.datasets_dir / "mine").rename(aside)  # killed between two renames
    rubbish = settings.datasets_dir / f".other.{'1' * 32}"
    rubbish.mkdir()
    fresh = settings.datasets_dir / f".fresh.{'2' * 32}"
    fresh.mkdir()  # being written now
    for path in (aside, rubbish):
        age(path)
    assert main(["doctor", "--mend"]) == 0
    assert [info.name for info in list_datasets(settings.datasets_dir)] == ["mine"]
    assert not rubbish.exists()
    assert fresh.exists()


def test_a_damaged_database_is_one_sentence_and_replaced_by_the_last_sound_copy(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_daily_copy(settings)
    damage_database(settings)
    with pytest.raises(RunError, match="wildcam doctor --mend"):
        RunStore(settings)
    keep_daily_copy(settings)  # a damaged one takes no copy's place
    assert main(["doctor"]) == FAILED
    assert main(["doctor", "--mend"]) == 0
    assert names_of_runs(settings) == ["kept"]
    assert len(list(settings.home.glob("mlflow.db.damaged-*"))) == 1


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_database_that_was_emptied_hides_no_run(settings: Settings, is_gone: bool) -> None:
    keep_daily_copy(settings)
    damage_database(settings)
    (settings.home / "mlflow.db").unlink()
    if not is_gone:
        (settings.home / "mlflow.db").touch()
    with pytest.raises(RunError, match=r"(gone|empty), and there are runs"):
        RunStore(settings)
    assert main(["doctor", "--mend"]) == 0
    assert names_of_runs(settings) == ["kept"]


def test_a_damaged_database_without_a_copy_needs_a_backup(settings: Settings) -> None:
    damage_database(settings)
    (found,) = examine(settings)
    assert "there is no daily copy" in found.what
    assert found.mend is None


def test_copies_of_so_many_days_are_kept(settings: Settings) -> None:
    folder = settings.home / "copies"
    folder.mkdir()
    for day in range(1, 20):
        (folder / f"2025-01-{day:02}-mlflow.db").touch()
    keep_daily_copy(settings)
    kept = copies_of(settings, "mlflow.db")
    assert len(kept) == KEPT_COPIES
    with sqlite3.connect(kept[0]) as database:
        assert database.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    database.close()
    assert kept[-1].name == f"2025-01-{19 - KEPT_COPIES + 2:02}-mlflow.db"
