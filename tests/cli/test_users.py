"""`users` and `audit`: accounts from the terminal, and who asked for what."""

import io
import json
from pathlib import Path

import pytest

from wildcam.accounts.store import AccountStore
from wildcam.cli.main import FAILED, MISUSED, main

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    return tmp_path


def test_an_account_is_made_changed_and_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "add", "Ada", "--role", "trainer", "--password-stdin"]) == 0
    accounts = AccountStore(home)
    token = accounts.log_in("ada", PASSWORD)
    assert main(["users", "role", "ada", "admin"]) == 0
    assert main(["users", "add", "bob@example.org", "--no-password"]) == 0
    capsys.readouterr()
    assert main(["users", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "ada", "role": "admin", "password": "yes"},
        {"name": "bob@example.org", "role": "viewer", "password": "no"},
    ]
    assert main(["users", "logout", "ada"]) == 0
    assert accounts.actor_of(token) is None
    assert main(["users", "remove", "ada"]) == 0
    assert [own.name for own in accounts.accounts()] == ["bob@example.org"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "ada"], MISUSED, "--password-stdin"),
        (["role", "nobody", "admin"], FAILED, "Unknown account 'nobody'. Known: none yet."),
        (["role", "ada", "king"], MISUSED, "viewer"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["users", *words]) == code
    assert said in capsys.readouterr().err


def test_what_a_command_did_is_recorded(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (home / "mine" / name).mkdir(parents=True)
        (home / "mine" / name / "x.jpg").write_bytes(b"x")
    assert main(["data", "import", str(home / "mine"), "--name", "mine"]) == 0
    assert main(["data", "delete", "mine", "--yes"]) == 0
    capsys.readouterr()
    assert main(["audit", "--act", "delete_dataset", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["what"], line["allowed"]) == ("mine", True)
    assert main(["audit", "--user", "nobody"]) == 0
    assert "Nothing is recorded" in capsys.readouterr().out


def test_a_server_that_others_reach_asks_for_an_account_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "0.0.0.0"]) == MISUSED
    assert "wildcam users add" in capsys.readouterr().err
