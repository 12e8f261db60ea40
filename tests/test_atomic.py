"""Files and folders appear whole, or not at all."""

import ctypes
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wildcam import atomic


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "card.json"
    atomic.write_bytes(path, b"old")
    atomic.write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == {"card.json"}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        atomic.write_bytes(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"card.json"}


def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    atomic.write_bytes(tmp_path / "file", b"")
    assert (tmp_path / "file").stat().st_mode == plain.stat().st_mode
    (tmp_path / "usual").mkdir()
    with atomic.new_folder(tmp_path / "folder"):
        pass
    assert (tmp_path / "folder").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    place = tmp_path / "models" / "fox"
    with atomic.new_folder(place) as folder:
        (folder / "graph").write_text("1")
        assert not place.exists()
    assert (place / "graph").read_text() == "1"
    assert names(place.parent) == {"fox"}


def test_an_old_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    place = tmp_path / "fox"
    place.mkdir()
    (place / "left over").touch()
    with atomic.new_folder(place) as folder:
        (folder / "graph").touch()
        assert names(place) == {"left over"}
    assert names(place) == {"graph"}
    assert names(tmp_path) == {"fox"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    place = tmp_path / "fox"
    place.mkdir()
    (place / "old").touch()

    def fill_half() -> None:
        with atomic.new_folder(place) as folder:
            (folder / "half").touch()
            raise error

    with pytest.raises(error):
        fill_half()
    assert names(place) == {"old"}
    assert names(tmp_path) == {"fox"}


def test_a_rename_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "fox"
    place.mkdir()
    (place / "old").touch()
    rename = Path.replace

    def refuse_new(self: Path, target: Path) -> Path:
        if Path(target) == place and not (self / "old").exists():
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: None)  # a system that cannot exchange
    monkeypatch.setattr(Path, "replace", refuse_new)
    with pytest.raises(OSError, match="disk full"), atomic.new_folder(place):
        pass
    assert names(place) == {"old"}
    assert names(tmp_path) == {"fox"}


def test_a_system_that_cannot_exchange_replaces_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: None)
    place = tmp_path / "fox"
    for name in ("old", "new"):
        with atomic.new_folder(place) as folder:
            (folder / name).touch()
    assert names(place) == {"new"}
    assert names(tmp_path) == {"fox"}


WRITER = """
import sys
from pathlib import Path
from wildcam import atomic
while True:
    with atomic.new_folder(Path(sys.argv[1])) as folder:
        (folder / "a").touch()
        (folder / "b").touch()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
def test_a_reader_always_finds_a_folder_that_is_replaced_and_so_does_who_comes_after_a_kill(tmp_path: Path) -> None:
    place = tmp_path / "fox"
    with atomic.new_folder(place) as folder:
        (folder / "a").touch()
    first, seen = place.stat().st_ino, set()
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(place)])
        try:
            deadline = time.monotonic() + 20
            while len(seen) < 20 and time.monotonic() < deadline:
                seen.add(place.stat().st_ino)  # FileNotFoundError where there is none for a moment
        finally:
            writer.kill()
            writer.wait()
        assert (place / "a").exists()
    assert seen - {first}


def test_without_replace_the_first_of_two_stays(tmp_path: Path) -> None:
    place = tmp_path / "fox"

    def fill(name: str) -> None:
        with atomic.new_folder(place, replace=False) as folder:
            (folder / name).touch()
            if name == "slow":
                fill("fast")

    with pytest.raises(FileExistsError):
        fill("slow")
    assert names(place) == {"fast"}
    assert names(tmp_path) == {"fox"}
