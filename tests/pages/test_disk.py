"""Disk: sizes by kind, and what an admin frees."""

import os
from pathlib import Path

import pytest
import streamlit as st

from tests.pages.open_page import open_page
from wildcam.accounts.acting import Actor
from wildcam.accounts.audit import read_audit
from wildcam.accounts.roles import Role

pytestmark = pytest.mark.usefixtures("old_thumbnail")


@pytest.fixture
def old_thumbnail(new_home: Path) -> Path:
    st.cache_data.clear()
    path = new_home / "cache" / "thumbnails" / "old.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(3_000_000))
    os.utime(path, (0, 0))
    return path


def test_the_size_of_each_kind_is_shown_and_the_sidebar_leads_there() -> None:
    app = open_page("disk")
    table = app.dataframe[0].value
    assert 3e6 <= table.set_index("part").loc["Thumbnails", "size"] < 3.1e6
    assert table["share"].sum() == pytest.approx(1)
    assert any(link.label.endswith("GB free") for link in app.sidebar.get("page_link"))


def test_an_admin_frees_it_and_it_is_in_the_log(old_thumbnail: Path, new_home: Path) -> None:
    app = open_page("disk")
    assert app.dataframe[1].value["what"].str.contains("1 thumbnail").all()
    app.button(key="disk_free").click().run()
    assert not app.exception
    assert not app.error
    assert not old_thumbnail.exists()
    assert "Thumbnails" not in app.dataframe[0].value["part"].tolist()
    assert "Nothing to free" in app.info[0].value
    assert read_audit(new_home)["act"].tolist() == ["free_disk"]


def test_a_click_does_not_look_through_the_home_again_but_the_button_does(old_thumbnail: Path) -> None:
    app = open_page("disk")
    old_thumbnail.unlink()
    app.run()
    assert app.dataframe[1].value["what"].str.contains("1 thumbnail").all()
    app.button(key="disk_again").click().run()
    assert "Nothing to free" in app.info[0].value


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRAINER])
def test_who_may_not_free_it_sees_sizes_alone(role: Role, old_thumbnail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.widgets.visitor.owner", lambda: Actor("ada", role))
    app = open_page("disk")
    assert len(app.dataframe) == 1
    assert "disk_free" not in [button.key for button in app.button]
    assert any("An admin may free it" in caption.value for caption in app.caption)
    assert old_thumbnail.exists()
