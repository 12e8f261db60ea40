"""`runs …` on a store without workers."""

import json
from contextlib import ExitStack
from typing import Any

import pytest
from pydantic import BaseModel

from wildcam.cli.follow import follow, run_facts, significant
from wildcam.cli.main import main
from wildcam.errors import RunError
from wildcam.runs.lock import Lock
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings


class Orders(BaseModel):
    dataset: str = "demo"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    home = tmp_path_factory.mktemp("home")
    return RunStore(Settings(home=home, models=home / "models"))


@pytest.fixture
def waiting(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Three runs that wait: north, south, west; gone after the test."""
    monkeypatch.setenv("WILDCAM_HOME", str(store.settings.home))
    runs = [store.create(Kind.CHECK, name, Orders()) for name in ("north", "south", "west")]
    with ExitStack() as held:
        for run in runs:
            store.enqueue(run.id)
            held.enter_context(Lock.acquire(run.lock_path))
        yield runs
    for run in store.all():
        store.delete(run.id)


def test_the_queue_is_listed_and_changed(waiting: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "move", "west", "1"]) == 0
    assert capsys.readouterr().out == "Queue: west, north, south.\n"
    assert main(["runs", "cancel", "north"]) == 0
    assert capsys.readouterr().out == "north is cancelled.\n"
    assert main(["runs", "queue", "--json"]) == 0
    assert [(row["position"], row["name"]) for row in json.loads(capsys.readouterr().out)] == [
        (1, "west"),
        (2, "south"),
    ]
    assert main(["runs", "queue"]) == 0
    assert "demo" in capsys.readouterr().out
    assert main(["runs", "cancel", "north"]) == 1
    assert "north is stopped: only a queued run can be cancelled" in capsys.readouterr().err
    assert main(["runs", "move", "south", "0"]) == 2


def test_a_run_is_named_noted_and_tagged(waiting: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["rename", "north", "first"], ["note", "first", "moved cameras"], ["tag", "first", "season", "2024"]):
        assert main(["runs", *words]) == 0
    assert main(["runs", "tag", "first", "paper"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Tags of first: paper, season=2024."
    assert main(["runs", "show", "first", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["note"], shown["tags"]) == ("moved cameras", {"paper": "", "season": "2024"})
    assert main(["runs", "tag", "first", "season", "--remove"]) == 0
    assert main(["runs", "show", "first"]) == 0
    out = capsys.readouterr().out
    assert [line.split() for line in out.splitlines() if line.startswith("tags ")] == [["tags", "paper"]]
    assert main(["runs", "tag", "first", "season", "--remove"]) == 2


def test_a_failed_run_is_reported_with_the_end_of_its_log_and_without_the_use_of_the_machine(
    store: RunStore, waiting: Any
) -> None:
    run = waiting[0]
    run.log_path.write_text("one\ntwo\nthree\nfour\n")
    store.mark(run.id, State.FAILED, "The disk is full: free some space, then resume.")
    with pytest.raises(RunError, match=r"failed: The disk is full.*Last lines:\ntwo\nthree\nfour"):
        follow(store, store.get(run.id), as_json=True)
    store.tracking.client.log_metric(run.id, "system/cpu_utilization_percentage", 20.0)
    store.tracking.client.log_metric(run.id, "val_loss", 0.5)
    facts = run_facts(store.get(run.id))
    assert facts["last"] == {"val_loss": 0.5}
    assert not any(name.startswith("system/") for name in facts)


def test_small_numbers_keep_their_digits() -> None:
    assert significant(4e-5) == 4e-5
    assert significant(0.123456) == 0.1235


def test_runs_are_listed_by_who_started_them(waiting: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*words: str) -> list[str]:
        assert main(["runs", "list", "--json", *words]) == 0
        return [run["name"] for run in json.loads(capsys.readouterr().out)]

    assert listed("--mine") == listed() == ["west", "south", "north"]
    assert listed("--by", "somebody") == []
    assert main(["runs", "list", "--by", "somebody"]) == 0
    assert "No runs of somebody." in capsys.readouterr().out
    assert main(["runs", "list", "--mine", "--by", "ada"]) == 2
