"""On a full disk, and on one that is read only, every page opens and says so, commands say it in a line, and what is
stored stays as it is.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.filled_home import Home, filled
from tests.pages.sections import check, visit_sections
from wildcam.accounts.roles import Role
from wildcam.accounts.store import AccountStore
from wildcam.cli.main import main
from wildcam.errors import AccountError
from wildcam.runs import tracking
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"
PAGES = sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py"))
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of a few megabytes of its own."""
    folder = tmp_path_factory.mktemp("disk")
    if not shutil.which("mount") or _mount("-t", "tmpfs", "-o", "size=24m", "tmpfs", folder):
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def home(disk: Path, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    shutil.copytree(demo_home, disk / "home")
    with filled(disk / "home", tmp_path_factory.mktemp("models"), ["complete"]) as home:
        yield home


@pytest.fixture(scope="module")
def runs(home: Home) -> dict[str, Run]:
    AccountStore(home.store.settings.home).add("ada", Role.ADMIN, PASSWORD)
    return {str(kind): home.run(kind, State.FINISHED) for kind in (Kind.CHECK, Kind.TRAIN, Kind.PREDICT)}


@pytest.fixture(params=["full", "read_only"])
def refusal(request: pytest.FixtureRequest, disk: Path, home: Home, runs: dict[str, Run]) -> Iterator[str]:
    """The words for it; the disk as it was after the test."""
    _forget(home)
    thumbnail = home.store.settings.cache_dir / "thumbnails" / "old.jpg"
    thumbnail.parent.mkdir(parents=True, exist_ok=True)
    thumbnail.write_bytes(bytes(100_000))
    os.utime(thumbnail, (0, 0))
    if request.param == "full":
        _fill(disk / "ballast")
        yield "is full"
        (disk / "ballast").unlink()
    else:
        assert not _mount("--bind", disk, disk)
        assert not _mount("-o", "remount,ro,bind", disk)
        yield "its disk is read only"
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
    _forget(home)


@pytest.fixture(autouse=True)
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(home.store.settings.home))
    monkeypatch.setenv("WILDCAM_MODELS", str(home.store.settings.models))
    monkeypatch.setenv("WILDCAM_LOGIN", "none")


def _mount(*words: object) -> int:
    return subprocess.run(["mount", *map(str, words)], capture_output=True).returncode


def _fill(path: Path) -> None:
    with pytest.raises(OSError, match="No space left"), path.open("wb", buffering=0) as file:  # noqa: PT012
        for _ in range(100_000):
            file.write(bytes(4096))


def _forget(home: Home) -> None:
    """As a process that begins: with the last connection SQLite's journal and its index are gone."""
    home.store.tracking.client._tracking_client.store.engine.dispose()
    tracking.connect.cache_clear()
    tracking._connect_to_read.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


def _digests(home: Path) -> dict[str, str]:
    """Of what is stored; SQLite tidies its journals away."""
    paths = [path for path in home.rglob("*") if path.is_file() and path.suffix not in (".db", ".db-wal", ".db-shm")]
    return {str(path): hashlib.md5(path.read_bytes()).hexdigest() for path in paths}


def test_every_page_opens_and_says_it(refusal: str, home: Home, runs: dict[str, Run]) -> None:
    before = _digests(home.store.settings.home)
    browser = AppTest.from_file(APP, default_timeout=120)
    check(browser.run(), "home")
    for page in PAGES:
        for run in runs.values() if page == "runs" else [runs["predict"]]:
            browser.query_params.clear()
            browser.switch_page(f"pages/{page}/page.py")
            browser.query_params.update({"dataset": "complete", "run": run.id})
            browser.run()
            check(browser, page)
            assert any(refusal in warning.value for warning in browser.warning), page
            visit_sections(browser, page)
    assert _digests(home.store.settings.home) == before


def test_what_writes_says_it(refusal: str, home: Home, runs: dict[str, Run]) -> None:
    browser = AppTest.from_file(APP, default_timeout=120).run()
    browser.button(key="home_manage_complete").click().run()
    browser.text_input(key="home_title_complete").set_value("Another title").run()
    browser.button(key="home_rename").click().run()
    check(browser, "rename", errors=True)
    assert any("Nothing that was stored is lost" in error.value for error in browser.error)
    assert home.dataset("complete").info.title == ""


READ = (
    "data list",
    "data profile complete",
    "data labels complete",
    "runs list",
    "runs show TRAIN",
    "models list",
    "evaluate PREDICT",
    "users list",
    "audit",
    "presets",
    "disk",
    "clean --dry-run",
)
WRITE = (
    "data rename complete Other",
    "data check complete",
    "train --dataset complete --preset empty_cnn --detach",
    "predict complete --detach",
    "demo --images 120",
    "users add bob --role viewer --no-password",
    "runs note TRAIN text",
)


@pytest.mark.parametrize("command", READ)
def test_commands_that_read_go_on(
    refusal: str, command: str, runs: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_words(command, runs)) == 0, capsys.readouterr().err


@pytest.mark.parametrize("command", WRITE)
def test_commands_that_write_say_it_in_a_line(
    refusal: str, command: str, runs: dict[str, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(_words(command, runs))
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert code == 1, said
    assert any(word in said.lower() for word in ("full", "read only", "read-only", "no permission")), said


def _words(command: str, runs: dict[str, Run]) -> list[str]:
    return [runs[word.lower()].id if word.lower() in runs and word.isupper() else word for word in command.split()]


def test_who_is_logged_in_stays_so_and_who_is_not_reads_why(home: Home, refusal: str) -> None:
    accounts = AccountStore(home.store.settings.home)
    assert [own.name for own in accounts.accounts()] == ["ada"]
    assert accounts.actor_named("ada") is not None
    with pytest.raises(AccountError, match="Nothing that was stored is lost"):
        accounts.log_in("ada", PASSWORD)


def test_a_full_disk_can_be_freed(refusal: str, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    thumbnail = home.store.settings.cache_dir / "thumbnails" / "old.jpg"
    is_full = refusal == "is full"
    assert main(["clean", "--yes"]) == (0 if is_full else 1)
    assert thumbnail.exists() != is_full
    if not is_full:
        assert refusal in capsys.readouterr().err


def test_a_home_on_such_a_disk_is_backed_up_and_no_database_is_called_damaged(
    refusal: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", str(tmp_path / "backup")]) == 0, capsys.readouterr().err
    assert (tmp_path / "backup" / "files" / "mlflow.db").stat().st_size
    main(["doctor"])
    assert "damaged" not in capsys.readouterr().out
