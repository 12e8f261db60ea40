"""`wildcam serve` and its server live and end together, however one of them ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.visitor import Visitor
from wildcam.settings import PROJECT_DIR

SECONDS = 60
OLDEST = 'python_gc_collections_total{generation="2"}'
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are looked up in /proc")


def wait(fact: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


port = pytest.fixture(free_port)
watch = pytest.fixture(free_port, name="watch")


@pytest.fixture
def serve(port: int, watch: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"WILDCAM_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT_DIR)}
    command = [sys.executable, "-m", "wildcam", "serve", "--port", str(port), "--metrics", str(watch)]
    with subprocess.Popen(command, env=environment, cwd=PROJECT_DIR, stderr=subprocess.PIPE, text=True) as process:
        wait(lambda: process.poll() is not None or listens(port))
        yield process
        process.kill()
    wait(lambda: not listens(port))


def server_of(process: subprocess.Popen[str]) -> int:
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def test_a_server_that_was_killed_is_said_so(serve: subprocess.Popen[str]) -> None:
    os.kill(server_of(serve), signal.SIGKILL)
    assert "wildcam: The server was killed (SIGKILL)" in serve.communicate(timeout=SECONDS)[1]
    assert serve.returncode == 1


def test_no_server_stays_on_the_port_when_serve_is_killed(serve: subprocess.Popen[str], port: int) -> None:
    server = server_of(serve)
    serve.kill()
    wait(lambda: not listens(port))
    wait(lambda: not Path(f"/proc/{server}").exists() or "Z" in Path(f"/proc/{server}/stat").read_text().split()[2])


def test_a_server_that_is_asked_to_stop_ends_well(serve: subprocess.Popen[str], port: int) -> None:
    serve.terminate()
    assert serve.wait(SECONDS) == 0
    assert not listens(port)


def test_health_and_metrics_have_a_port_of_their_own(
    serve: subprocess.Popen[str], port: int, watch: int, tmp_path: Path
) -> None:
    public, private = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{watch}"
    wait(lambda: get(f"{public}/_stcore/script-health-check")[0] == 200)
    status, health = get(f"{private}/healthz")
    assert (status, json.loads(health)) == (200, {"well": True, "problems": {}})
    metrics = get(f"{private}/metrics")[1]
    assert "wildcam_free_disk_bytes " in metrics
    assert "process_resident_memory_bytes " in metrics
    assert 'wildcam_request_seconds_count{method="GET",status="200"}' in metrics
    assert "wildcam_" not in get(f"{public}/metrics")[1]
    (tmp_path / "home" / "mlflow.db").write_bytes(b"no database" * 1000)
    status, health = get(f"{private}/healthz")
    assert status == 503
    assert "mlflow.db" in json.loads(health)["problems"]["databases"]


def test_a_click_does_not_look_through_all_memory(serve: subprocess.Popen[str], port: int, watch: int) -> None:
    """Streamlit's way took half a second of every session's time after each click of any."""

    def collections() -> float:
        lines = get(f"http://127.0.0.1:{watch}/metrics")[1].splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(OLDEST))

    with Visitor(f"http://127.0.0.1:{port}", seconds=SECONDS) as visitor:
        visitor.open("glossary")
        before = collections()
        for _ in range(10):
            visitor.open("glossary")
    assert collections() - before < 5
