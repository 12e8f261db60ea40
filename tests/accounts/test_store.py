"""Accounts, sessions, failed log-ins."""

import stat
from pathlib import Path

import pytest

from wildcam.accounts import store as module
from wildcam.accounts.acting import Actor
from wildcam.accounts.roles import Role
from wildcam.accounts.store import ACCOUNTS_FILE, FREE_FAILURES, AccountStore
from wildcam.errors import AccountError

PASSWORD = "correct horse"


@pytest.fixture
def accounts(tmp_path: Path) -> AccountStore:
    accounts = AccountStore(tmp_path)
    accounts.add("Ada Lovelace", Role.TRAINER, PASSWORD)
    return accounts


def test_a_home_without_accounts_is_left_as_it_is(tmp_path: Path) -> None:
    assert AccountStore(tmp_path).is_empty()
    assert AccountStore(tmp_path).actor_of("x") is None
    assert list(tmp_path.iterdir()) == []


def test_a_session_lasts_until_it_is_ended(accounts: AccountStore) -> None:
    one, other = (accounts.log_in(" ada  LOVELACE ", PASSWORD) for _ in range(2))
    assert accounts.actor_of(one) == Actor("ada lovelace", Role.TRAINER)
    accounts.log_out(one)
    assert accounts.actor_of(one) is None
    assert accounts.actor_of(other)
    accounts.end_sessions("ada lovelace")
    assert accounts.actor_of(other) is None


def test_a_session_expires(accounts: AccountStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SESSION_SECONDS", -1)
    assert accounts.actor_of(accounts.log_in("ada lovelace", PASSWORD)) is None


def test_another_role_counts_at_once_and_another_password_ends_all_sessions(accounts: AccountStore) -> None:
    token = accounts.log_in("ada lovelace", PASSWORD)
    accounts.set_role("Ada Lovelace", Role.VIEWER)
    assert accounts.actor_of(token) == Actor("ada lovelace", Role.VIEWER)
    accounts.set_password("ada lovelace", "another horse")
    assert accounts.actor_of(token) is None
    with pytest.raises(AccountError):
        accounts.log_in("ada lovelace", PASSWORD)
    token = accounts.log_in("ada lovelace", "another horse")
    accounts.remove("ada lovelace")
    assert accounts.actor_of(token) is None


def test_nothing_in_the_file_lets_anybody_in_and_only_the_owner_reads_it(
    accounts: AccountStore, tmp_path: Path
) -> None:
    token = accounts.log_in("ada lovelace", PASSWORD)
    content = (tmp_path / ACCOUNTS_FILE).read_bytes()
    assert token.encode() not in content
    assert PASSWORD.encode() not in content
    assert b"$argon2id$" in content
    assert stat.S_IMODE((tmp_path / ACCOUNTS_FILE).stat().st_mode) == 0o600


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(accounts: AccountStore) -> None:
    accounts.add("grace", Role.VIEWER, None)  # logs in elsewhere
    for name in ("ada lovelace", "nobody", "grace", ""):
        with pytest.raises(AccountError, match=r"^Name or password is wrong\.$"):
            accounts.log_in(name, "")


@pytest.mark.parametrize("name", ["ada lovelace", "nobody"])
def test_who_fails_often_waits_and_nobody_else_does(accounts: AccountStore, name: str) -> None:
    for _ in range(FREE_FAILURES):
        with pytest.raises(AccountError, match="is wrong"):
            accounts.log_in(name, "wrong", "10.0.0.1")
    with pytest.raises(AccountError, match="try again in 1 s"):
        accounts.log_in(name, PASSWORD, "10.0.0.1")
    assert accounts.log_in("ada lovelace", PASSWORD, "10.0.0.2")


def test_a_wait_ends(accounts: AccountStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(FREE_FAILURES):
        with pytest.raises(AccountError, match="is wrong"):
            accounts.log_in("ada lovelace", "wrong")
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 2)
    assert accounts.log_in("ada lovelace", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", PASSWORD, "cannot be a name"),
        ("a\x1b[31m", PASSWORD, "cannot be a name"),
        ("x" * 101, PASSWORD, "cannot be a name"),
        ("bo", "short", "10 to 200 characters, not 5"),
        ("bo", "x" * 201, "not 201"),
        ("ADA LOVELACE", PASSWORD, "already"),
    ],
)
def test_what_cannot_be_an_account_is_a_sentence(accounts: AccountStore, name: str, password: str, said: str) -> None:
    with pytest.raises(AccountError, match=said):
        accounts.add(name, Role.ADMIN, password)
    assert [own.name for own in accounts.accounts()] == ["ada lovelace"]


def test_an_unknown_account_is_named_with_those_that_there_are(accounts: AccountStore) -> None:
    for change in (
        lambda: accounts.set_role("bob", Role.ADMIN),
        lambda: accounts.set_password("bob", PASSWORD),
        lambda: accounts.remove("bob"),
    ):
        with pytest.raises(AccountError, match=r"Unknown account 'bob'\. Known: ada lovelace"):
            change()


def test_a_damaged_file_lets_nobody_in(accounts: AccountStore, tmp_path: Path) -> None:
    token = accounts.log_in("ada lovelace", PASSWORD)
    (tmp_path / ACCOUNTS_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(AccountError, match="Restore it from a backup"):
        accounts.actor_of(token)
