"""What a home's health says to whatever watches the server."""

from datetime import timedelta

import pytest
from pydantic import BaseModel

from wildcam.accounts.store import ACCOUNTS_FILE
from wildcam.runs.lock import Lock
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.upkeep import health
from wildcam.upkeep.health import examine_health


class Nothing(BaseModel):
    """What a run of these tests is about."""


def test_a_sound_home_is_well(small_home: Settings) -> None:
    assert examine_health(small_home).problems == {}


def test_a_home_that_is_no_folder_is_a_problem_of_its_own(small_home: Settings) -> None:
    small_home.home.rename(small_home.home.with_name("moved"))
    small_home.home.write_text("a file")
    assert "home" in examine_health(small_home).problems


def test_a_damaged_database_is_said_to_be_so(small_home: Settings) -> None:
    (small_home.home / ACCOUNTS_FILE).write_bytes(b"no database" * 1000)
    found = examine_health(small_home)
    assert not found.is_well
    assert list(found.problems) == ["databases", "accounts"]


def test_a_queue_that_does_not_move_beside_a_free_slot(small_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RunStore(small_home)
    first, second = (store.create(Kind.CHECK, name, Nothing()) for name in ("first", "second"))
    locks = [Lock.acquire(run.lock_path) for run in (first, second)]
    for run in (first, second):
        store.enqueue(run.id)
    assert examine_health(small_home).is_well  # for a moment
    monkeypatch.setattr(health, "PATIENCE", timedelta(0))
    assert "Batches, file checks and similar photos" in examine_health(small_home).problems["runs"]
    store.mark(first.id, State.RUNNING)
    assert examine_health(small_home).is_well  # the only slot is taken
    for lock in locks:
        assert lock
        lock.release()
