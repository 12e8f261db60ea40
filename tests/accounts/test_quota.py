"""What one person may use, asked where runs are queued and files are taken in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import BaseModel

from wildcam.accounts.acting import Actor, acts_for
from wildcam.accounts.roles import Role
from wildcam.changed import changed
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import QuotaExceeded
from wildcam.runs import local
from wildcam.runs.lock import Lock
from wildcam.runs.quota import check_disk, check_queued, used_disk
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings

Queue = Callable[[str], Run]


class Nothing(BaseModel):
    """What a run of these tests is about."""


@pytest.fixture
def store(small_home: Settings) -> RunStore:
    return RunStore(changed(small_home, quota_disk=0.001, quota_runs=2))


@pytest.fixture
def queue(store: RunStore) -> Iterator[Queue]:
    """Queue a run, as if it had a worker."""
    with ExitStack() as locks:

        def one(name: str) -> Run:
            run = store.create(Kind.CHECK, name, Nothing())
            lock = Lock.acquire(run.lock_path)
            assert lock
            locks.enter_context(lock)
            store.enqueue(run.id)
            return run

        yield one


def become(name: str, role: Role = Role.TRAINER) -> None:
    acts_for(lambda: Actor(name, role))


def test_a_third_waiting_run_is_refused_in_a_sentence(store: RunStore, queue: Queue) -> None:
    become("ada")
    first, _ = queue("first"), queue("second")
    with pytest.raises(
        QuotaExceeded, match=r"1 run to queue beside 2 of yours .* may have 2 .* cancel one: second, fi"
    ):
        queue("third")
    become("bob")
    queue("of bob")  # each has a quota of his own
    become("ada")
    store.mark(first.id, State.RUNNING)
    queue("third")  # only those that wait count


def test_a_sweep_is_asked_for_as_a_whole(store: RunStore, queue: Queue) -> None:
    become("ada")
    queue("first")
    check_queued(store, 1)
    with pytest.raises(QuotaExceeded, match="2 runs to queue beside 1 of yours"):
        check_queued(store, 2)


def test_a_run_is_resumed_within_the_quota_only(store: RunStore, queue: Queue) -> None:
    become("ada")
    ended = store.create(Kind.CHECK, "ended", Nothing())
    store.enqueue(ended.id)
    store.mark(ended.id, State.STOPPED)
    queue("first")
    queue("second")
    with pytest.raises(QuotaExceeded, match="WILDCAM_QUOTA_RUNS"):
        local.resume(store, ended.id)


def test_disk_is_what_somebody_uploaded_imported_and_ran(store: RunStore, tmp_path: Path, queue: Queue) -> None:
    become("ada")
    run = queue("train")
    (run.folder / "checkpoint").write_bytes(b"x" * 300_000)
    index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": ["fox"]})
    folder = store.settings.datasets_dir
    save_dataset(folder, index, name="mine", source="", root=tmp_path, format="csv", labels=LabelPolicy())
    upload = store.settings.home / "uploads" / "mine" / "DCIM"
    upload.mkdir(parents=True)
    (upload / "a.jpg").write_bytes(b"x" * 600_000)
    used = used_disk(store, "ada")
    assert used["data set mine"] > 600_000
    assert 300_000 < used[f"run train ({run.id[:8]})"] < 400_000
    check_disk(store, 1000)
    with pytest.raises(
        QuotaExceeded, match=r"Received 0\.0005 GB .* use 0\.001 GB .* such as data set mine \(0\.00061 GB\), run train"
    ):
        check_disk(store, 500_000)
    become("bob")
    check_disk(store, 500_000)
    assert used_disk(store, "bob") == {}


def test_who_has_no_room_left_starts_no_run(store: RunStore, queue: Queue) -> None:
    become("ada")
    (queue("first").folder / "checkpoint").write_bytes(b"x" * 1_100_000)
    with pytest.raises(QuotaExceeded, match="WILDCAM_QUOTA_DISK"):
        queue("second")


def test_admins_and_servers_without_a_quota_ask_nobody(store: RunStore, small_home: Settings) -> None:
    become("root", Role.ADMIN)
    check_disk(store, 10**12)
    check_queued(store, 100)
    become("ada")
    check_disk(RunStore(small_home), 10**12)
    check_queued(RunStore(small_home), 100)
