"""`serve`: start the web app."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Annotated

import typer

from wildcam.errors import RunError
from wildcam.settings import PROJECT_DIR

WARM_UP_SECONDS = 60


def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8501) -> None:
    """Start the web app and say where it is. Ctrl-C ends it; runs go on."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    options = [
        "--server.scriptHealthCheckEnabled",
        "true",
        "--server.fileWatcherType",
        "none",
    ]  # runs write files all the time
    server = subprocess.Popen([*command, *options], cwd=PROJECT_DIR)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        _warm_up(server, port)
        code = server.wait()
    except KeyboardInterrupt:
        code = server.wait() and 0  # it heard Ctrl-C, too
    if code > 0:
        raise RunError(f"The server ended with code {code}: what it printed above says why.")


def _warm_up(server: subprocess.Popen[bytes], port: int) -> None:
    """Let the script run once before anybody looks: libraries are loaded, and Streamlit has met `st.navigation`.

    Beside a folder `pages/`, Streamlit calls the first deep link after a start "not found" until it has.
    """
    address = f"http://127.0.0.1:{port}/_stcore/script-health-check"
    deadline = time.monotonic() + WARM_UP_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=WARM_UP_SECONDS).close()
            return
        except urllib.error.HTTPError:
            return  # the script fails: the page will say how
        except OSError:
            time.sleep(0.1)
