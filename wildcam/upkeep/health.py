"""Whether a home can be worked in: asked by whatever watches the server, so it costs little."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wildcam.accounts.store import AccountStore
from wildcam.errors import WildcamError
from wildcam.runs.reading import RunReader
from wildcam.runs.states import Lane, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.upkeep.databases import DATABASES, begins_as_database

PATIENCE = timedelta(minutes=2)
"""Beside a free slot the next run begins sooner, on a busy machine, too."""


@dataclass(frozen=True)
class Health:
    """What is wrong, one sentence for each part that cannot be used."""

    problems: dict[str, str]  # by part: home, databases, accounts, runs

    @property
    def is_well(self) -> bool:
        """Whether nothing is."""
        return not self.problems


def examine_health(settings: Settings) -> Health:
    """Try each part once: write a file to the home, read accounts and runs, see whether the queues move."""
    parts = {"home": _home, "databases": _databases, "accounts": _accounts, "runs": _runs}
    found = {part: _problem(look, settings) for part, look in parts.items()}
    return Health({part: problem for part, problem in found.items() if problem})


def _problem(look: Callable[[Settings], str], settings: Settings) -> str:
    try:
        return look(settings)
    except (WildcamError, OSError) as error:
        return str(error)


def _home(settings: Settings) -> str:
    with tempfile.TemporaryFile(dir=settings.home) as file:
        file.write(b"x" * 4096)
    return ""


def _databases(settings: Settings) -> str:
    paths = [settings.home / name for name in DATABASES]
    damaged = [path.name for path in paths if path.exists() and not begins_as_database(path)]
    return f"No database: {', '.join(damaged)}. Run `wildcam doctor`." if damaged else ""


def _accounts(settings: Settings) -> str:
    AccountStore(settings.home).accounts()
    return ""


def _runs(settings: Settings) -> str:
    return " ".join(_stuck(RunStore(settings), settings))


def _stuck(runs: RunReader, settings: Settings) -> Iterator[str]:
    """A sentence for each queue whose next run does not begin although a slot is free."""
    since = datetime.now(UTC) - PATIENCE
    live, ended = runs.live(), runs.ended_since(since)
    for lane, slots in ((Lane.TRAINING, settings.slots), (Lane.LIGHT, settings.light_slots)):
        own = [run for run in live if run.kind.lane is lane]
        waiting = [run for run in own if run.state is State.QUEUED and run.submitted_at < since]
        is_moving = any(run.kind.lane is lane for run in ended)
        if waiting and sum(run.state is not State.QUEUED for run in own) < slots and not is_moving:
            yield f"{lane.display}: the next run has not begun for {PATIENCE.seconds // 60} minutes beside a free slot."
