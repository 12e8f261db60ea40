"""Accounts, sessions and failed log-ins, in a SQLite file of the home that its owner alone can read."""

import math
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wildcam.accounts.acting import Actor
from wildcam.accounts.roles import Role
from wildcam.disk import obstacle_of, refusal_of
from wildcam.errors import AccountError, one_of
from wildcam.sqlite_uris import uri_to_read

ACCOUNTS_FILE = "accounts.db"
SESSION_SECONDS = 7 * 24 * 3600
FREE_FAILURES = 5
"""Failed log-ins of a name from one address that cost no waiting; each further one doubles the time, from a second up.

By address, so that nobody can lock another out from elsewhere."""

LONGEST_WAIT = 15 * 60  # seconds; failures older than that are forgotten
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_NAME = 100

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, user TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS failures (
    name TEXT, address TEXT, count INTEGER NOT NULL, last REAL NOT NULL, PRIMARY KEY (name, address)
);
"""
_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106
_NOBODY = _HASHER.hash(secrets.token_hex())
"""Checked where there is no such name, so that an answer takes as long as for one that there is."""


@dataclass(frozen=True)
class Account:
    """A user as others see it."""

    name: str
    role: Role
    created: float  # seconds since 1970
    has_password: bool  # one without logs in through the identity provider alone


class AccountStore:
    """Names are compared without case and outer spaces. Any number of processes may use it."""

    def __init__(self, home: Path) -> None:
        self._path = home / ACCOUNTS_FILE

    def is_empty(self) -> bool:
        """Whether there is no account: then a server on this machine's own address asks for no login."""
        return not self.accounts()

    def accounts(self) -> list[Account]:
        """By name."""
        with self._read() as database:
            rows = database.execute("SELECT name, role, created, password != '' FROM users ORDER BY name")
            return [Account(name, Role(role), created, bool(own)) for name, role, created, own in rows]

    def add(self, name: str, role: Role, password: str | None) -> None:
        """A new account; without a password for a log-in by the identity provider. Raises `AccountError`."""
        name = _normalised(name)
        hashed = _hashed(password) if password is not None else ""
        with self._open() as database:
            try:
                database.execute("INSERT INTO users VALUES (?, ?, ?, ?)", (name, role.value, hashed, time.time()))
            except sqlite3.IntegrityError:
                raise AccountError(f"There is an account {name!r} already: change its role or password.") from None

    def set_role(self, name: str, role: Role) -> None:
        """Counts from the next click of that user on. Raises `AccountError`."""
        self._change("UPDATE users SET role = ? WHERE name = ?", name, role.value)

    def set_password(self, name: str, password: str) -> None:
        """Ends the user's sessions, too. Raises `AccountError`."""
        self._change("UPDATE users SET password = ? WHERE name = ?", name, _hashed(password))
        self.end_sessions(name)

    def remove(self, name: str) -> None:
        """With its sessions; what the user made stays, under that name. Raises `AccountError`."""
        self._change("DELETE FROM users WHERE name = ?", name)
        self.end_sessions(name)

    def end_sessions(self, name: str) -> None:
        """Log a user out everywhere."""
        with self._open() as database:
            database.execute("DELETE FROM sessions WHERE user = ?", (_normalised(name),))

    def log_in(self, name: str, password: str, address: str = "") -> str:
        """The token of a new session. `address`: where the request comes from.

        Raises `AccountError`, in the same words whether or not there is such a name.
        """
        name = _normalised(name, is_new=False)
        self._wait(name, address)
        with self._read() as database:
            row = database.execute("SELECT password FROM users WHERE name = ? AND password != ''", (name,)).fetchone()
        if not _verified(row[0] if row else _NOBODY, password) or not row:
            self._count_failure(name, address)
            raise AccountError("Name or password is wrong.")
        token, now = secrets.token_urlsafe(32), time.time()
        with self._open() as database:
            database.execute("DELETE FROM failures WHERE name = ? AND address = ?", (name, address))
            database.execute("DELETE FROM sessions WHERE expires < ?", (now,))
            database.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_digest(token), name, now + SESSION_SECONDS))
        return token

    def log_out(self, token: str) -> None:
        """End one session."""
        with self._open() as database:
            database.execute("DELETE FROM sessions WHERE token = ?", (_digest(token),))

    def actor_of(self, token: str) -> Actor | None:
        """Who has this session; None where it has ended, or the account is gone."""
        if not token:
            return None
        with self._read() as database:
            row = database.execute(
                "SELECT name, role FROM sessions JOIN users ON name = user WHERE token = ? AND expires > ?",
                (_digest(token), time.time()),
            ).fetchone()
        return Actor(row[0], Role(row[1])) if row else None

    def actor_named(self, name: str) -> Actor | None:
        """The account of a name that an identity provider vouches for."""
        found = [own for own in self.accounts() if own.name == _normalised(name, is_new=False)]
        return Actor(found[0].name, found[0].role) if found else None

    def _wait(self, name: str, address: str) -> None:
        """Raises `AccountError` while it is too early for another try."""
        with self._read() as database:
            failed = "SELECT count, last FROM failures WHERE name = ? AND address = ?"
            row = database.execute(failed, (name, address)).fetchone()
        if row and row[0] >= FREE_FAILURES:
            left = min(2.0 ** (row[0] - FREE_FAILURES), LONGEST_WAIT) - (time.time() - row[1])
            if left > 0:
                raise AccountError(f"Too many failed log-ins: try again in {math.ceil(left)} s.")

    def _count_failure(self, name: str, address: str) -> None:
        now = time.time()
        with self._open() as database:
            database.execute("DELETE FROM failures WHERE last < ?", (now - LONGEST_WAIT,))
            database.execute(
                "INSERT INTO failures VALUES (?, ?, 1, ?) "
                "ON CONFLICT (name, address) DO UPDATE SET count = count + 1, last = excluded.last",
                (name, address, now),
            )

    def _change(self, statement: str, name: str, *values: str) -> None:
        with self._open() as database:
            if not database.execute(statement, (*values, _normalised(name))).rowcount:
                raise AccountError(str(one_of("account", name, [own.name for own in self.accounts()])))

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """A connection to read by, so that a full disk or one that is read only keeps nobody out.

        Raises `AccountError` for a damaged file.
        """
        exists = self._path.exists()
        uri = uri_to_read(self._path, refused=False) if exists else ":memory:"
        with self._errors(), closing(sqlite3.connect(uri, uri=True, timeout=10)) as database:
            if not exists:
                database.executescript(_SCHEMA)
            yield database

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept if the block ends well. Raises `AccountError` for a damaged file."""
        with self._errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                database.executescript(_SCHEMA)
                yield database

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (OSError, sqlite3.Error) as error:
            advice = obstacle_of(self._path.parent) if refusal_of(error) else "Restore it from a backup."
            raise AccountError(f"{self._path} cannot be used: {error}. {advice}") from error


def _normalised(name: str, *, is_new: bool = True) -> str:
    name = " ".join(name.split()).casefold()
    if is_new and not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise AccountError(f"{name!r} cannot be a name: expected 1 to {LONGEST_NAME} printable characters.")
    return name[:LONGEST_NAME]


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, not {len(password)}.")
    return _HASHER.hash(password)


def _verified(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    """What is stored of a token, which alone gives nobody a session."""
    return sha256(token.encode()).hexdigest()
