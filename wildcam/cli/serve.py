"""`serve`: start the web app."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Annotated

import typer

from wildcam.errors import RunError, UsageError
from wildcam.settings import IS_CHECKOUT, PROJECT_DIR

WARM_UP_SECONDS = 60
LOOPBACK, EVERY_ADDRESS = "127.0.0.1", ("0.0.0.0", "::")


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on. There is no login: change it only behind a proxy or firewall."),
    ] = LOOPBACK,
) -> None:
    """Start the web app and print its address. Ctrl-C stops it; runs continue."""
    if not IS_CHECKOUT:
        raise UsageError(
            f"There is no app.py in {PROJECT_DIR}: the web app is part of the repository, "
            "not of the installed package. Clone the repository, and there `make run` or `pip install -e .` and "
            "`wildcam serve`."
        )
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = {
        "server.port": str(port),
        "server.address": host,
        "server.scriptHealthCheckEnabled": "true",
        "server.fileWatcherType": "none",  # runs write files all the time
    }
    command += [word for name, value in options.items() for word in (f"--{name}", value)]
    server = subprocess.Popen(command, cwd=PROJECT_DIR)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        _warm_up(server, LOOPBACK if host in EVERY_ADDRESS else host, port)
        code = server.wait()
    except KeyboardInterrupt:
        code = server.wait() and 0  # it heard Ctrl-C, too
    if code > 0:
        raise RunError(f"The server ended with code {code}: what it printed above says why.")


def _warm_up(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Let the script run once before the first visitor: libraries are loaded, and Streamlit has met `st.navigation`.

    Beside a folder `pages/`, Streamlit calls the first deep link after a start "not found" until it has.
    """
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{port}/_stcore/script-health-check"
    deadline = time.monotonic() + WARM_UP_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=WARM_UP_SECONDS).close()
            return
        except urllib.error.HTTPError:
            return  # the script fails: the page will say how
        except OSError:
            time.sleep(0.1)
