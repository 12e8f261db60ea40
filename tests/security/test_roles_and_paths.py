"""With a login it is the role that says which files of the server a visitor may name."""

from pathlib import Path

import pytest

from pages.widgets.visitor_paths import visitor_roots
from tests.pages.open_page import open_page
from wildcam.accounts.acting import Actor, acts_for
from wildcam.accounts.roles import Role
from wildcam.errors import DataError
from wildcam.runs.store import RunStore


@pytest.mark.parametrize("role", [None, *Role])
def test_only_an_admin_names_files_outside_the_data_folders(
    role: Role | None, data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WILDCAM_LOGIN", "accounts")
    acts_for(lambda: Actor("somebody", role) if role else None)
    (data_root / "inside").touch()
    assert visitor_roots().path(str(data_root / "inside")) == data_root / "inside"
    if role is Role.ADMIN:
        assert visitor_roots().path("/etc/passwd") == Path("/etc/passwd")
    else:
        with pytest.raises(DataError, match="not in a data folder"):
            visitor_roots().path("/etc/passwd")


def test_every_page_says_that_nobody_has_to_log_in_where_others_reach_the_server(
    store: RunStore, request: pytest.FixtureRequest
) -> None:
    def warnings() -> str:
        return " ".join(warning.value for page in ("home", "glossary") for warning in open_page(page).warning)

    assert "No login" not in warnings()
    request.getfixturevalue("open_server")
    assert warnings().count("No login: everybody who reaches") == 2
