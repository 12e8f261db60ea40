"""`data check` at the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.cli.main import main
from wildcam.data.catalog import Dataset
from wildcam.quality import submit
from wildcam.quality.findings import FINDING_COLUMNS
from wildcam.quality.table import scan_lock_path
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore


def test_a_person_reads_the_counts_and_why_a_file_cannot_be_read(cards: Dataset, capsys: pytest.CaptureFixture) -> None:
    assert main(["data", "check", "cards"]) == 0
    lines = capsys.readouterr().out.splitlines()
    facts = dict(line.split() for line in lines if not line.startswith("  "))
    assert facts == {
        "images": "8",
        "measured": "7",
        "unreadable": "1",
        "damaged": "0",
        "missing": "1",
        "duplicate": "0",
        "near_identical": "0",
        "dark": "0",
        "blurred": "6",
        "tiny": "6",
    }
    assert lines[-1].startswith("  cut.jpg: cut.jpg is damaged (image file is truncated")


def test_a_program_reads_the_same_as_json(cards: Dataset, capsys: pytest.CaptureFixture) -> None:
    assert main(["data", "check", "cards", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["images"], result["missing"], result["unreadable"], result["measured"]) == (8, 1, 1, 7)
    assert list(result["reasons"]) == ["cut.jpg"]
    assert result["findings"]["tiny"] == 6
    assert main(["data", "check", "cards", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == result | {"measured": 0}


def test_every_finding_is_written_into_a_table(cards: Dataset, tmp_path: Path) -> None:
    assert main(["data", "check", "cards", "--list", str(tmp_path / "lists" / "findings.csv")]) == 0
    table = pd.read_csv(tmp_path / "lists" / "findings.csv")
    assert list(table.columns) == list(FINDING_COLUMNS)
    assert table["finding"].value_counts().to_dict() == {"tiny": 6, "blurred": 6, "unreadable": 1, "missing": 1}


def test_a_detached_check_is_a_run(
    store: RunStore, cards: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def queue(store: RunStore, run: Run) -> Run:
        store.enqueue(run.id)
        return store.get(run.id)

    monkeypatch.setattr(submit.local, "launch", queue)
    assert main(["data", "check", "cards", "--detach", "--json"]) == 0
    (run,) = store.all(Kind.CHECK)
    assert json.loads(capsys.readouterr().out) == {
        "run": run.id,
        "name": "check of cards",
        "state": str(State.LOST),
    }


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["card"], 2, "Unknown data set 'card'. Known: cards."),
        (["cards", "--detach", "--list", "x.csv"], 2, "--list and --detach cannot be combined"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    cards: Dataset, capsys: pytest.CaptureFixture, words: list[str], code: int, says: str
) -> None:
    assert main(["data", "check", *words]) == code
    error = capsys.readouterr().err
    assert says in error
    assert len(error.splitlines()) == 1


def test_a_second_check_is_refused(cards: Dataset, capsys: pytest.CaptureFixture) -> None:
    with Lock.acquire(scan_lock_path(cards)):
        assert main(["data", "check", "cards"]) == 1
    assert "is already being checked" in capsys.readouterr().err


def test_the_table_of_runs_lists_checks_too(
    store: RunStore, cards: Dataset, make_run: Callable[[], Run], capsys: pytest.CaptureFixture
) -> None:
    run = make_run()
    assert main(["runs", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["run"], row["name"], row["dataset"], row["preset"]) == (run.id, "check of cards", "cards", "")


@pytest.fixture
def make_run(store: RunStore) -> Callable[[], Run]:
    """A check that nobody carries out."""

    def make() -> Run:
        run = store.create(Kind.CHECK, "check of cards", submit.CheckRequest(dataset="cards"))
        store.enqueue(run.id)
        return run

    return make
