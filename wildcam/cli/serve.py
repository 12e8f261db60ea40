"""`serve`: start the web app."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from threading import Event
from typing import Annotated

import typer

from wildcam.accounts.login_mode import login_mode
from wildcam.cli.output import print_note
from wildcam.data_roots import is_loopback
from wildcam.errors import RunError, UsageError
from wildcam.settings import (
    HOST_VARIABLE,
    IS_CHECKOUT,
    LOOPBACK,
    METRICS_VARIABLE,
    PATH_VARIABLE,
    PORT_VARIABLE,
    PROJECT_DIR,
    LoginMode,
    load_settings,
)

WARM_UP_SECONDS = 60
EVERY_ADDRESS = ("0.0.0.0", "::")


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str,
        typer.Option(
            "--host", "--address", help="Address to listen on; with one that others reach, a login is demanded."
        ),
    ] = LOOPBACK,
    no_login: Annotated[
        bool, typer.Option("--no-login", help="Let everybody in who reaches the address; every page says so.")
    ] = False,
    path: Annotated[
        str, typer.Option(metavar="PATH", help="Serve below this path of a site, as a proxy passes it on.")
    ] = "",
    metrics: Annotated[
        int | None,
        typer.Option(
            "--metrics",
            min=1,
            max=65535,
            metavar="PORT",
            help="Serve /healthz and /metrics (Prometheus) on this port of 127.0.0.1.",
        ),
    ] = None,
) -> None:
    """Start the web app and print its address. Ctrl-C stops it; runs continue.

    Where there are accounts (`wildcam users`), visitors log in.
    """
    if not IS_CHECKOUT:
        raise UsageError(
            f"There is no app.py in {PROJECT_DIR}: the web app is part of the repository, "
            "not of the installed package. Clone the repository, and there `make run` or `pip install -e .` and "
            "`wildcam serve`."
        )
    if not is_loopback(host) and not no_login and login_mode(load_settings()) is LoginMode.NONE:
        raise UsageError(
            f"Others could reach {host}, and there is no login. Make an account with `wildcam users add NAME --role "
            "admin`, or say --no-login where something else decides who gets through."
        )
    if not is_loopback(host) and no_login:
        print_note(
            f"WildCam listens on {host} without a login: whoever reaches port {port} of this machine over a network "
            "can see, change and delete what it holds."
        )
    environment = {HOST_VARIABLE: host, PORT_VARIABLE: str(port)}
    if below := path.strip("/"):
        environment[PATH_VARIABLE] = below
    if metrics:
        environment[METRICS_VARIABLE] = str(metrics)
    if no_login:
        environment["WILDCAM_LOGIN"] = LoginMode.NONE
    command = [sys.executable, "-m", "wildcam.web"]
    server = subprocess.Popen(command, cwd=PROJECT_DIR, env=os.environ | environment, stdin=subprocess.PIPE)
    asked_to_stop = Event()

    def stop(*_: object) -> None:
        asked_to_stop.set()
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    try:
        _warm_up(server, LOOPBACK if host in EVERY_ADDRESS else host, port, f"/{below}" if below else "")
        code = server.wait()
    except KeyboardInterrupt:
        code = server.wait() and 0  # it heard Ctrl-C, too
    if code > 0:
        raise RunError(f"The server ended with code {code}: what it printed above says why.")
    if code < 0 and not asked_to_stop.is_set():
        raise RunError(
            f"The server was killed ({signal.Signals(-code).name}): the system does that where memory is short. Runs "
            "continue; start it again."
        )


def _warm_up(server: subprocess.Popen[bytes], host: str, port: int, path: str) -> None:
    """Let the script run once before the first visitor: libraries are loaded, and Streamlit has met `st.navigation`.

    Beside a folder `pages/`, Streamlit calls the first deep link after a start "not found" until it has.
    """
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{port}{path}/_stcore/script-health-check"
    deadline = time.monotonic() + WARM_UP_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=WARM_UP_SECONDS).close()
            return
        except urllib.error.HTTPError:
            return  # the script fails: the page will say how
        except OSError:
            time.sleep(0.1)
