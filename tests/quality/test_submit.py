"""A check as a job: submitted once, run, stopped, killed, gone on with."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from wildcam.data import catalog
from wildcam.data.catalog import Dataset, Status
from wildcam.errors import RunError, UsageError
from wildcam.quality import check as module
from wildcam.quality import scan
from wildcam.quality.measure import Measurement, measure
from wildcam.quality.submit import CheckRequest, checks_of, submit_check
from wildcam.quality.table import load_quality, scan_lock_path
from wildcam.quality.worker import check
from wildcam.runs import local
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.run_job import run_job
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

Wait = Callable[..., Run]


@pytest.fixture
def queued(store: RunStore, cards: Dataset, signals: None) -> Run:
    """A check in the queue, its worker yet to come."""
    run = store.create(Kind.CHECK, "check of cards", CheckRequest(dataset="cards"))
    store.enqueue(run.id)
    return run


@pytest.fixture
def alive(queued: Run) -> Iterator[Run]:
    """The same with a living worker."""
    with ExitStack() as held:
        held.enter_context(Lock.acquire(queued.lock_path))
        yield queued


def test_a_check_runs_and_keeps_its_findings(store: RunStore, queued: Run, cards: Dataset) -> None:
    assert run_job(queued.id, check) == 0
    ended = store.get(queued.id)
    assert (ended.state, ended.kind, ended.reason) == (State.FINISHED, Kind.CHECK, "")
    assert (ended.progress.phase, ended.progress.step, ended.progress.steps) == ("checking files", 8, 8)
    assert (ended.facts.images, ended.facts.measured) == (8, 7)
    counts = ended.facts.findings
    assert (counts["unreadable"], counts["missing"], counts["tiny"]) == (1, 1, 6)
    index = catalog.open_dataset(store.settings.datasets_dir, "cards").index
    assert index["status"].value_counts().to_dict() == {
        "ok": 6,
        "unreadable": 1,
        "missing": 1,
        "damaged": 0,
    }


def test_a_check_that_could_not_open_a_file_keeps_its_findings_and_fails(
    store: RunStore, queued: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Measurement(Status.UNREADABLE, "cut.jpg cannot be opened.", is_refused=True)
    monkeypatch.setattr(scan, "measure", lambda file: refused if file.name == "cut.jpg" else measure(file))
    assert run_job(queued.id, check) == 1
    ended = store.get(queued.id)
    assert ended.state is State.FAILED
    assert ended.reason.startswith("1 file could not be opened and is not checked: cut.jpg.")
    assert ended.facts.findings["unreadable"] == 1
    assert catalog.open_dataset(store.settings.datasets_dir, "cards").info.checked_at is None


def test_the_next_check_measures_nothing_again(store: RunStore, queued: Run) -> None:
    run_job(queued.id, check)
    store.enqueue(queued.id)
    assert run_job(queued.id, check) == 0
    assert store.get(queued.id).facts.measured == 0


def test_a_check_of_a_data_set_that_is_deleted_or_replaced_fails_with_a_sentence(
    store: RunStore, queued: Run, cards: Dataset, make_cards: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_meanwhile(*arguments: object) -> object:
        make_cards(replace=True)
        return scan(*arguments)

    scan = module.scan
    monkeypatch.setattr(module, "scan", replace_meanwhile)
    assert run_job(queued.id, check) == 1
    ended = store.get(queued.id)
    assert ended.state is State.FAILED
    assert ended.reason == "Data set 'cards' was deleted or replaced while its files were checked."
    catalog.delete_dataset(store.settings.datasets_dir, "cards")
    store.enqueue(queued.id)
    assert run_job(queued.id, check) == 1
    assert store.get(queued.id).reason == "Unknown data set 'cards'. Known: none yet."
    assert not cards.folder.exists()


def test_a_second_check_of_the_same_data_set_is_refused(store: RunStore, alive: Run) -> None:
    with pytest.raises(RunError, match=f"A check of 'cards' is queued already: run {alive.id[:8]}"):
        submit_check(store, "cards")


def test_a_check_beside_one_from_the_command_line_is_refused(store: RunStore, cards: Dataset) -> None:
    with Lock.acquire(scan_lock_path(cards)), pytest.raises(RunError, match="from a command line"):
        submit_check(store, "cards")
    assert store.all() == []


def test_a_check_of_an_unknown_data_set_is_refused(store: RunStore, cards: Dataset) -> None:
    with pytest.raises(UsageError, match="Unknown data set 'card'. Known: cards"):
        submit_check(store, "card")


def test_checks_are_found_by_their_data_set(store: RunStore, queued: Run) -> None:
    other = store.create(Kind.CHECK, "check of others", CheckRequest(dataset="others"))
    store.enqueue(other.id)
    assert [run.id for run in checks_of(store, "cards")] == [queued.id]
    assert checks_of(store, "nothing") == []


PAGE = """
import sys
import wildcam.quality.submit, wildcam.quality.findings, wildcam.quality.table
print(sorted({"imagehash", "pywt", "torch", "tensorflow"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_what_a_page_needs_of_a_check_loads_nothing_that_measures() -> None:
    answer = subprocess.run([sys.executable, "-c", PAGE], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_submitted_check_runs_in_a_process_of_its_own(store: RunStore, cards: Dataset, wait: Wait) -> None:
    run = submit_check(store, "cards")
    assert (run.kind, run.name, run.params, run.state) == (
        Kind.CHECK,
        "check of cards",
        {"dataset": "cards"},
        State.QUEUED,
    )
    ended = wait(run, lambda run: not run.state.is_live)
    assert (ended.state, ended.facts.measured) == (State.FINISHED, 7)
    assert load_quality(cards)["status"].notna().all()


@pytest.mark.slow
def test_a_check_is_stopped_and_killed_and_goes_on_each_time_where_it_was(
    store: RunStore, make_cards: Callable, wait: Wait, kill: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(local._WORKERS, Kind.CHECK, "tests.quality.slow_worker")
    cards = make_cards(images=100)

    def measured() -> int:
        quality = load_quality(cards)
        return 0 if quality is None else int(quality["digest"].notna().sum())

    run = submit_check(store, "cards")
    going = wait(run, lambda run: run.progress.step > 10)
    assert going.progress.steps == 102
    assert going.progress.seconds_left > 0
    with pytest.raises(RunError, match="is running already"):
        submit_check(store, "cards")
    store.request_stop(run.id)
    wait(run, lambda run: run.state is State.STOPPED, seconds=5)
    after_stop = measured()
    assert 10 < after_stop < 100

    run = submit_check(store, "cards")
    wait(run, lambda run: measured() > after_stop + 10)
    kill(run)
    wait(run, lambda run: run.state is State.LOST, seconds=1)
    after_kill = measured()
    assert after_stop + 10 < after_kill < 100

    run = local.resume(store, run.id)
    ended = wait(run, lambda run: not run.state.is_live)
    assert ended.state is State.FINISHED
    assert ended.facts.measured == 101 - after_kill
    assert measured() == 101
