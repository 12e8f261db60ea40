"""The login around the whole app: an ASGI app of a few lines stands for Streamlit's."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDisconnect
from starlette.websockets import WebSocket

from wildcam.accounts.audit import read_audit
from wildcam.accounts.roles import Role
from wildcam.accounts.store import ACCOUNTS_FILE, AccountStore
from wildcam.settings import SESSION_COOKIE
from wildcam.web.login import LoginMiddleware
from wildcam.web.security_headers import SecurityHeaders

PASSWORD = "correct horse"
HTML = {"accept": "text/html,*/*"}


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"app: {request.url.path}")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("app")
    await websocket.close()


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AccountStore:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    accounts = AccountStore(tmp_path)
    accounts.add("ada", Role.VIEWER, PASSWORD)
    return accounts


@pytest.fixture
def client(accounts: AccountStore) -> TestClient:
    login = Middleware(LoginMiddleware, accounts=accounts, is_demanded=lambda: not accounts.is_empty())
    routes = [WebSocketRoute("/_stcore/stream", socket), Route("/{path:path}", answer, methods=["GET", "POST", "PUT"])]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), login]), follow_redirects=False)


def log_in(client: TestClient, password: str = PASSWORD, to: str = "/runs?run=1", **headers: str):
    form = {"name": "Ada", "password": password}
    return client.post("/login", params={"next": to}, data=form, headers=headers)


def test_a_page_leads_to_the_login_and_back(client: TestClient) -> None:
    away = client.get("/runs?run=1", headers=HTML)
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fruns%3Frun%3D1")
    assert "<form" in client.get(away.headers["location"]).text
    back = log_in(client)
    assert (back.status_code, back.headers["location"]) == (303, "/runs?run=1")
    assert client.get("/runs?run=1", headers=HTML).text == "app: /runs"


@pytest.mark.parametrize("path", ["/media/x.jpg", "/_stcore/host-config", "/static/js/x.js", "/component/x", "//login"])
def test_files_and_endpoints_are_behind_it(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401
    log_in(client)
    assert client.get(path).status_code == 200


def test_the_websocket_is_behind_it(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass
    log_in(client)
    with client.websocket_connect("/_stcore/stream") as found:
        assert found.receive_text() == "app"


def test_anybody_may_ask_whether_the_server_lives(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "app: /_stcore/health"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = log_in(client).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # of http
    https = TestClient(client.app, base_url="https://testserver", follow_redirects=False)
    assert "Secure" in log_in(https).headers["set-cookie"]


def test_an_ended_session_counts_no_more(client: TestClient, accounts: AccountStore) -> None:
    log_in(client)
    accounts.end_sessions("ada")
    assert client.get("/", headers=HTML).status_code == 303
    client.cookies.set(SESSION_COOKIE, "x" * 43)
    assert client.get("/").status_code == 401


def test_a_failed_log_in_is_answered_and_recorded(client: TestClient, tmp_path: Path) -> None:
    found = log_in(client, "<script>")
    assert found.status_code == 401
    assert "Name or password is wrong" in found.text
    assert "set-cookie" not in found.headers
    log_in(client)
    logged = read_audit(tmp_path)[["user", "act", "what", "allowed"]].to_numpy().tolist()
    assert logged == [["Ada", "log_in", "testclient", True], ["", "log_in", "Ada", False]]


def test_a_form_of_another_site_or_size_is_refused(client: TestClient) -> None:
    assert log_in(client, origin="https://evil.example").status_code == 400
    assert log_in(client, origin="http://testserver").status_code == 303
    assert log_in(client, "x" * 20_000).status_code == 400


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\nx"])
def test_the_way_back_stays_on_this_server(client: TestClient, to: str) -> None:
    assert log_in(client, to=to).headers["location"] == "/"


def test_a_name_is_shown_as_text(client: TestClient) -> None:
    found = client.post("/login?next=/%22%3E%3Cscript%3E", data={"name": '"><script>', "password": "x"})
    assert "<script>" not in found.text


def test_without_accounts_everybody_comes_in(client: TestClient, accounts: AccountStore) -> None:
    accounts.remove("ada")
    assert client.get("/", headers=HTML).text == "app: /"
    assert client.get("/login").headers["location"] == "/"  # nobody is asked for a password that there is not


def test_who_is_logged_in_is_not_asked_again(client: TestClient) -> None:
    log_in(client)
    assert client.get("/login?next=/train").headers["location"] == "/train"


def test_a_damaged_file_of_accounts_lets_nobody_in_and_says_so(client: TestClient, tmp_path: Path) -> None:
    log_in(client)
    (tmp_path / ACCOUNTS_FILE).write_bytes(b"no database at all" * 100)
    found = client.get("/", headers=HTML)
    assert found.status_code == 503
    assert "Restore it" in found.text


def test_every_answer_tells_what_it_may_load(client: TestClient) -> None:
    for path in ("/login", "/media/x", "/_stcore/health"):
        headers = client.get(path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "ws:" not in headers["content-security-policy"]  # which would let a page connect anywhere
