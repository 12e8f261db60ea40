"""The switch that leaves what the visitor made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.pages.open_page import open_page
from wildcam.accounts.acting import Actor, acts_for
from wildcam.accounts.roles import Role
from wildcam.accounts.store import AccountStore
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings

ADA, BOB = Actor("ada", Role.TRAINER), Actor("bob", Role.TRAINER)


class Orders(BaseModel):
    dataset: str = "of-ada"


@pytest.fixture
def home(small_home: Settings, tmp_path: Path) -> Settings:
    """Ada and Bob have a data set, a batch and a check each."""
    store = RunStore(small_home)
    for who in (ADA, BOB):
        acts_for(lambda who=who: who)
        index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": ["fox"]})
        folder, name = small_home.datasets_dir, f"of-{who.name}"
        save_dataset(folder, index, name=name, source="", root=tmp_path, format="csv", labels=LabelPolicy())
        for kind in (Kind.CHECK, Kind.PREDICT):
            run = store.create(kind, f"{kind} of {who.name}", Orders())
            store.enqueue(run.id)
            store.mark(run.id, State.FAILED, "no reason")
    acts_for()
    return small_home


@pytest.fixture
def logged_in(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_LOGIN", "accounts")
    monkeypatch.setattr(AccountStore, "actor_of", lambda *_: ADA)


def shown(page: str, read: Callable, **address: str) -> str:
    found = open_page(page, **address)
    assert not found.exception
    return str(read(found))


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("runs", lambda page: page.dataframe[0].value["run"].tolist()),
        ("batch", lambda page: page.selectbox[0].options),
        ("home", lambda page: [text.value for text in page.markdown]),
    ],
)
def test_a_list_has_what_the_visitor_made_or_all(logged_in: None, page: str, read: Callable) -> None:
    everything = shown(page, read)
    assert "ada" in everything
    assert "bob" in everything
    mine = shown(page, read, mine="yes")
    assert "ada" in mine
    assert "bob" not in mine


def test_a_batch_that_is_hidden_makes_way(logged_in: None, home: Settings) -> None:
    theirs = next(run.id for run in RunStore(home).all(Kind.PREDICT) if run.made_by == "bob")
    page = open_page("batch", run=theirs)
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert not page.warning
    assert page.query_params["run"] != [theirs]


def test_without_a_login_there_is_no_mine(home: Settings) -> None:
    for page in ("runs", "batch", "home"):
        assert "Mine" not in [toggle.label for toggle in open_page(page).toggle]
