"""The web server: Streamlit's app behind the login and with headers that browsers obey."""

import asyncio
import gc
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from wildcam.accounts.login_mode import login_mode
from wildcam.accounts.store import AccountStore
from wildcam.settings import (
    HOST_VARIABLE,
    METRICS_VARIABLE,
    PATH_VARIABLE,
    PORT_VARIABLE,
    PROJECT_DIR,
    LoginMode,
    load_settings,
)
from wildcam.upkeep.databases import keep_daily_copy
from wildcam.web.login import LoginMiddleware
from wildcam.web.measured import MeasuredRequests
from wildcam.web.security_headers import SecurityHeaders
from wildcam.web.watch_server import serve_watch

MINUTE, HOUR = 60.0, 3600.0


def build_app() -> st.App:
    """`app.py` as an ASGI app; who may come in is read anew at every request."""
    settings = load_settings()
    login = Middleware(
        LoginMiddleware,
        accounts=AccountStore(settings.home),
        is_demanded=lambda: login_mode(settings) is LoginMode.ACCOUNTS,
    )
    middleware = [Middleware(MeasuredRequests), Middleware(SecurityHeaders), login]
    return st.App(PROJECT_DIR / "app.py", middleware=middleware, lifespan=_upkeep)


@asynccontextmanager
async def _upkeep(_: st.App) -> AsyncIterator[None]:
    """What is done beside the pages while the server runs."""
    tasks = [asyncio.create_task(_copy_daily()), asyncio.create_task(_collect_garbage())]
    yield
    for task in tasks:
        task.cancel()


async def _collect_garbage() -> None:
    """In place of Streamlit after every click, which takes half a second of all sessions (see `postScriptGC`)."""
    while True:
        await asyncio.sleep(MINUTE)
        await run_in_threadpool(gc.collect)


async def _copy_daily() -> None:
    while True:
        try:
            await run_in_threadpool(keep_daily_copy, load_settings())
        except (OSError, sqlite3.Error) as error:  # a full disk: pages say so; the next hour tries again
            print(f"The daily copy of the databases failed: {error}", file=sys.stderr)
        await asyncio.sleep(HOUR)


def load_parts_of_pages() -> None:
    """Import all that the pages use, in one thread and before the first visitor.

    Sessions are threads: two that import one package at once, each from another end, find its modules half made.
    """
    for path in sorted((PROJECT_DIR / "pages").rglob("*.py")):
        if path.name != "page.py":  # which draws when it is imported
            import_module(".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts))


def run() -> None:
    """Serve until the process is told to stop, at the address that the environment names."""
    load_parts_of_pages()
    if port := os.environ.get(METRICS_VARIABLE):
        serve_watch(int(port))
    secrets = (PROJECT_DIR / ".streamlit" / "secrets.toml", load_settings().home / "secrets.toml")
    config: dict[str, object] = {
        "secrets.files": [str(path) for path in secrets],  # the identity provider's, see docs/tutorials/server.md
        "server.port": int(os.environ[PORT_VARIABLE]),
        "server.address": os.environ[HOST_VARIABLE],
        "server.scriptHealthCheckEnabled": True,
        "server.fileWatcherType": "none",  # runs write files all the time
    }
    if path := os.environ.get(PATH_VARIABLE):
        config["server.baseUrlPath"] = path
    build_app().run(config=config)
