"""The web server: Streamlit's app behind the login and with headers that browsers obey."""

import os

import streamlit as st
from starlette.middleware import Middleware

from wildcam.accounts.login_mode import login_mode
from wildcam.accounts.store import AccountStore
from wildcam.settings import HOST_VARIABLE, PORT_VARIABLE, PROJECT_DIR, LoginMode, load_settings
from wildcam.web.login import LoginMiddleware
from wildcam.web.security_headers import SecurityHeaders


def build_app() -> st.App:
    """`app.py` as an ASGI app; who may come in is read anew at every request."""
    settings = load_settings()
    login = Middleware(
        LoginMiddleware,
        accounts=AccountStore(settings.home),
        is_demanded=lambda: login_mode(settings) is LoginMode.ACCOUNTS,
    )
    return st.App(PROJECT_DIR / "app.py", middleware=[Middleware(SecurityHeaders), login])


def run() -> None:
    """Serve until the process is told to stop, at the address that the environment names."""
    secrets = (PROJECT_DIR / ".streamlit" / "secrets.toml", load_settings().home / "secrets.toml")
    config = {
        "secrets.files": [str(path) for path in secrets],  # the identity provider's, see docs/tutorials/server.md
        "server.port": int(os.environ[PORT_VARIABLE]),
        "server.address": os.environ[HOST_VARIABLE],
        "server.scriptHealthCheckEnabled": True,
        "server.fileWatcherType": "none",  # runs write files all the time
    }
    build_app().run(config=config)
