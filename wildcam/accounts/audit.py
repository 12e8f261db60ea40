"""Who asked for what, when: a log that is only ever added to."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from wildcam.settings import load_settings

AUDIT_FILE = "audit.jsonl"
COLUMNS = ("time", "user", "act", "what", "allowed")


def write_audit(user: str, act: str, what: str, allowed: bool) -> None:
    """Add a line to the home's log. A full disk stops no act, and no log-in."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps(dict(zip(COLUMNS, (now, user, act, what, allowed), strict=True)))
    with suppress(OSError):
        _append(load_settings().home / AUDIT_FILE, line)


def read_audit(home: Path) -> pd.DataFrame:
    """Every line, `COLUMNS`, the latest first; a line that a full disk cut short is skipped."""
    rows = []
    with suppress(FileNotFoundError):
        for line in (home / AUDIT_FILE).read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError):
                rows.append(json.loads(line))
    return pd.DataFrame(rows[::-1], columns=list(COLUMNS))


def _append(path: Path, line: str) -> None:
    """In one write, so that lines of two processes do not mix; for the owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"\n{line}\n".encode())
    finally:
        os.close(descriptor)
