"""Backup and restore: while somebody writes, in two goes, from a damaged disk."""

import sqlite3
import threading
from pathlib import Path

import pytest

from wildcam.cli.main import FAILED, MISUSED, main
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, UsageError
from wildcam.settings import Settings
from wildcam.upkeep import backup
from wildcam.upkeep.backup import back_up
from wildcam.upkeep.manifest import FILES_FOLDER, read_manifest
from wildcam.upkeep.restore import restore


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a data set of uploaded photos, a database, and what does not belong into a backup."""
    settings = Settings(home=tmp_path / "home")
    uploads = settings.home / "uploads" / "mine"
    uploads.mkdir(parents=True)
    (uploads / "a.jpg").write_bytes(b"photo")
    index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": ["fox"]})
    save_dataset(
        settings.datasets_dir, index, name="mine", source="x", root=uploads, format="csv", labels=LabelPolicy()
    )
    for name in ("cache/x", "demo/x", "datasets/.mine.0123/x", "runs/1/worker.lock", "mlflow.lock"):
        path = settings.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with sqlite3.connect(settings.home / "mlflow.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE numbers (number)")
    database.close()
    return settings


def elsewhere(settings: Settings) -> Settings:
    return Settings(home=settings.home.parent / "another" / "home")


def test_a_home_comes_back_elsewhere_with_its_uploads(settings: Settings, tmp_path: Path) -> None:
    done = back_up(settings, tmp_path / "backup")
    paths = {path.relative_to(settings.home).as_posix() for path in settings.home.rglob("*") if path.is_file()}
    left_out = {"cache/x", "demo/x", "datasets/.mine.0123/x", "runs/1/worker.lock", "mlflow.lock"}
    journals = {path for path in paths if path.endswith(("-wal", "-shm"))}
    assert set(read_manifest(tmp_path / "backup").entries) == paths - left_out - journals
    assert done.files == done.copied == len(paths - left_out - journals)

    other = elsewhere(settings)
    assert restore(other, tmp_path / "backup") == done.files
    dataset = open_dataset(other.datasets_dir, "mine")
    assert dataset.index["label"].tolist() == ["fox"]
    assert dataset.image_path("a.jpg") == other.home / "uploads" / "mine" / "a.jpg"
    assert dataset.image_path("a.jpg").read_bytes() == b"photo"


def test_the_database_is_of_one_moment_while_somebody_writes(settings: Settings, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        database = sqlite3.connect(settings.home / "mlflow.db", timeout=30)
        while not stop.is_set():
            with database:  # always two at once
                database.execute("INSERT INTO numbers VALUES (1)")
                database.execute("INSERT INTO numbers VALUES (-1)")
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            back_up(settings, tmp_path / "backup")
            copy = sqlite3.connect(tmp_path / "backup" / FILES_FOLDER / "mlflow.db")
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT coalesce(sum(number), 0) FROM numbers").fetchone() == (0,)
            copy.close()
    finally:
        stop.set()
        writer.join()


def test_a_second_backup_copies_what_changed_and_drops_what_is_gone(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup")
    (settings.home / "uploads" / "mine" / "a.jpg").unlink()
    (settings.home / "uploads" / "b.jpg").write_bytes(b"new")
    assert back_up(settings, tmp_path / "backup").copied == 2  # and the database, which is always copied
    kept = tmp_path / "backup" / FILES_FOLDER / "uploads"
    assert [path.name for path in kept.rglob("*")] == ["b.jpg"]


def test_one_that_ended_early_goes_on_and_is_not_restored(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = []

    def fail_at_the_third(home: Path, folder: Path, path: str):
        if len(copied) == 2:
            raise OSError(28, "No space left on device")
        copied.append(path)
        return real(home, folder, path)

    real = backup._copy
    with monkeypatch.context() as patched:
        patched.setattr(backup, "_copy", fail_at_the_third)
        with pytest.raises(OSError, match="No space"):
            back_up(settings, tmp_path / "backup")
    with pytest.raises(UsageError, match="ended early"):
        restore(elsewhere(settings), tmp_path / "backup")
    done = back_up(settings, tmp_path / "backup")
    assert done.copied == done.files - len(copied)
    assert restore(elsewhere(settings), tmp_path / "backup") == done.files


def test_a_damaged_backup_restores_nothing(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup")
    (tmp_path / "backup" / FILES_FOLDER / "uploads" / "mine" / "a.jpg").write_bytes(b"pho!o")
    other = elsewhere(settings)
    with pytest.raises(DataError, match=r"1 file of the backup is missing or damaged, such as uploads/mine/a\.jpg"):
        restore(other, tmp_path / "backup")
    assert not other.home.exists()


def test_nothing_is_written_over(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    for folder, said in (
        (tmp_path / "photos", "not empty and not a backup"),
        (settings.home / "backup", "lie in each other"),
        (tmp_path, "lie in each other"),
    ):
        with pytest.raises(UsageError, match=said):
            back_up(settings, folder)
    back_up(settings, tmp_path / "backup")
    with pytest.raises(UsageError, match="is not empty"):
        restore(settings, tmp_path / "backup")
    with pytest.raises(UsageError, match="a backup of"):
        back_up(Settings(home=tmp_path / "other"), tmp_path / "backup")
    with pytest.raises(UsageError, match="is not a backup"):
        restore(elsewhere(settings), tmp_path / "photos")


def test_the_commands_say_what_they_did(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(settings.home))
    assert main(["backup", str(tmp_path / "backup")]) == 0
    assert main(["restore", str(tmp_path / "backup")]) == MISUSED
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "back"))
    assert main(["restore", str(tmp_path / "backup")]) == 0
    assert f"files restored to {tmp_path / 'back'}." in capsys.readouterr().out
    (settings.home / "mlflow.db").write_bytes(b"not a database" * 100)
    monkeypatch.setenv("WILDCAM_HOME", str(settings.home))
    assert main(["backup", str(tmp_path / "backup")]) == FAILED
    assert "`wildcam doctor` says more" in capsys.readouterr().err
