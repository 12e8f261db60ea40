"""Nobody comes past without a session: pages, the WebSocket, uploads and files alike."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wildcam.accounts.audit import write_audit
from wildcam.accounts.store import LONGEST_NAME, SESSION_SECONDS, AccountStore
from wildcam.errors import AccountError
from wildcam.settings import SESSION_COOKIE
from wildcam.web.login_page import login_page
from wildcam.web.metrics import FAILED_LOGINS

LOGIN = "/login"
OPEN = ("/_stcore/health", "/_stcore/script-health-check")
"""Answered to anybody: whether the server lives."""

LARGEST_FORM = 10_000  # bytes


class LoginMiddleware:
    """ASGI middleware around the whole app. `is_demanded` is asked at every request."""

    def __init__(self, app: ASGIApp, accounts: AccountStore, is_demanded: Callable[[], bool]) -> None:
        self._app = app
        self._accounts = accounts
        self._is_demanded = is_demanded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request of a session on; send all others to the login page, or away."""
        path = scope.get("path", "").removeprefix(base_path())
        if scope["type"] not in ("http", "websocket") or path in OPEN:
            await self._app(scope, receive, send)
            return
        token = HTTPConnection(scope).cookies.get(SESSION_COOKIE, "")
        try:
            is_let_in = await run_in_threadpool(self._is_let_in, token)
        except AccountError as error:
            await PlainTextResponse(str(error), 503)(scope, receive, send)
            return
        if is_let_in and path != LOGIN:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            request = Request(scope, receive)
            answer = await self._log_in(request, is_let_in) if path == LOGIN else _turned_away(request)
            await answer(scope, receive, send)

    def _is_let_in(self, token: str) -> bool:
        return not self._is_demanded() or self._accounts.actor_of(token) is not None

    async def _log_in(self, request: Request, is_let_in: bool) -> Response:
        back = _local(request.query_params.get("next", ""))
        if request.method != "POST":
            return RedirectResponse(back, 303) if is_let_in else _page(login_page(back))
        form = await _form(request)
        if form is None:
            return PlainTextResponse("This form came from another site, or is too large.", 400)
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(partial(self._accounts.log_in, name, password, address))
        except AccountError as error:
            write_audit("", "log_in", name[:LONGEST_NAME], False)
            FAILED_LOGINS.inc()
            return _page(login_page(back, name, str(error)), 401)
        write_audit(name, "log_in", address, True)
        answer = RedirectResponse(back, 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            SESSION_COOKIE, token, max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=secure, path="/"
        )
        return answer


def base_path() -> str:
    """The path below which a proxy serves the app, without a slash at its end; "" for all of an address."""
    return "/".join(("", *filter(None, st.get_option("server.baseUrlPath").split("/")))).rstrip("/")


def _turned_away(request: Request) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{base_path()}{LOGIN}?{urlencode({'next': asked})}", 303)
    return PlainTextResponse("Log in first.", 401)


async def _form(request: Request) -> FormData | None:
    """What was sent; None for what another site sent, or what is too large for a name and a password."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return None
    if int(request.headers.get("content-length") or LARGEST_FORM + 1) > LARGEST_FORM:
        return None
    return await request.form(max_files=0, max_fields=5)


def _local(address: str) -> str:
    """An address of this server's own to go back to; any other becomes Home."""
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_local else f"{base_path()}/"


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
