"""The notice of a run's end, to a real server on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from wildcam.errors import RunError
from wildcam.runs.run_job import run_job
from wildcam.runs.states import State


@pytest.fixture
def listener(monkeypatch):
    """A server that keeps what it is told, and answers with the status that it holds."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.heard, server.status = [], 204
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("WILDCAM_NOTIFY_URL", f"http://127.0.0.1:{server.server_port}/ended")
        yield server
        server.shutdown()
        thread.join()


def test_the_end_of_a_run_is_posted(store, queued, listener):
    def fail(job):
        raise RunError("It is too dark.")

    run_job(queued.id, fail)
    (notice,) = listener.heard
    assert (notice["run"], notice["name"], notice["kind"]) == (queued.id, queued.name, str(queued.kind))
    assert (notice["state"], notice["reason"], notice["score"]) == ("failed", "It is too dark.", None)


def test_a_server_that_refuses_is_in_the_log_and_harms_nothing(store, queued, listener, capsys):
    listener.status = 500
    assert run_job(queued.id, lambda job: None) == 0
    assert store.get(queued.id).state is State.FINISHED
    assert "was not delivered (HTTP Error 500" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "nonsense"])
def test_an_address_where_nobody_listens_harms_nothing(store, queued, monkeypatch, capsys, address):
    monkeypatch.setenv("WILDCAM_NOTIFY_URL", address)
    assert run_job(queued.id, lambda job: None) == 0
    assert store.get(queued.id).state is State.FINISHED
    assert "check WILDCAM_NOTIFY_URL" in capsys.readouterr().out
