"""The list that is kept between readings."""

from collections.abc import Callable

import pytest

from wildcam.accounts.acting import actor_name
from wildcam.runs.run import Run
from wildcam.runs.run_filter import RunFilter
from wildcam.runs.run_list import RunList
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore


@pytest.fixture
def ended(store: RunStore, create: Callable[..., Run]) -> Callable[[str], Run]:
    def ended(name: str) -> Run:
        run = create(name)
        store.enqueue(run.id)
        store.mark(run.id, State.FINISHED)
        return run

    return ended


def names(runs: list[Run]) -> list[str]:
    return [run.name for run in runs]


def test_a_second_reading_asks_for_no_ended_run_again(
    store: RunStore, ended: Callable[[str], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended("one")
    listed = RunList(store)
    assert names(listed.read()) == ["one"]
    monkeypatch.setattr(store, "all", lambda: pytest.fail("all runs were read"))
    assert names(listed.read()) == ["one"]


def test_what_begins_ends_and_is_deleted_is_seen_at_once(
    store: RunStore, create: Callable[..., Run], ended: Callable[[str], Run], hold: Callable[[Run], None]
) -> None:
    first = ended("first")
    listed = RunList(store)
    listed.read()
    second = create("second")
    store.enqueue(second.id)
    hold(second)
    assert [(run.name, run.state) for run in listed.read()] == [("second", State.QUEUED), ("first", State.FINISHED)]
    store.mark(second.id, State.RUNNING)
    assert listed.read()[0].state is State.RUNNING
    store.mark(second.id, State.FAILED, "No.")
    assert listed.read()[0].state is State.FAILED
    store.delete(first.id)
    assert names(listed.read()) == ["second"]


def test_a_new_name_is_seen_after_forget(store: RunStore, ended: Callable[[str], Run]) -> None:
    run = ended("one")
    listed = RunList(store)
    listed.read()
    store.rename(run.id, "better")
    listed.forget()
    assert names(listed.read()) == ["better"]


def test_a_filter_goes_by_kind_state_data_set_and_every_word(
    store: RunStore, create: Callable[..., Run], ended: Callable[[str], Run]
) -> None:
    one, other = ended("Red fox"), ended("hare")
    store.set_user_tag(other.id, "site", "Fox Hill")
    runs = store.all()
    assert names(RunFilter(text="fox").apply(runs)) == ["hare", "Red fox"]
    assert names(RunFilter(text="FOX red").apply(runs)) == ["Red fox"]
    assert names(RunFilter(text=one.id[:8]).apply(runs)) == ["Red fox"]
    assert names(RunFilter(states=frozenset([State.FAILED])).apply(runs)) == []
    assert len(RunFilter(kinds=frozenset([Kind.TRAIN])).apply(runs)) == 2
    assert RunFilter(datasets=frozenset(["demo"])).apply(runs) == []
    assert len(RunFilter(made_by=actor_name().upper()).apply(runs)) == 2
    assert RunFilter(made_by="somebody else").apply(runs) == []
