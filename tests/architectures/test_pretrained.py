"""Downloads from a server in this process that answers as each test says."""

import hashlib
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wildcam.architectures import pretrained
from wildcam.architectures.presets import PRESETS
from wildcam.architectures.pretrained import can_fetch, fetch, is_cached, pretrained_file, weights_available
from wildcam.errors import RunError

CONTENT = bytes(range(256)) * 20_000  # five chunks
PRESET = "efficientnet_b0"


class Server(ThreadingHTTPServer):
    """`status`, `content` and `promised` (its announced length) make up the answer; `requests` are what came."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.content, self.promised, self.requests = 200, CONTENT, len(CONTENT), []


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.requests.append(f"{self.command} {self.path}")
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(self.server.promised))
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        with suppress(ConnectionError):  # where the client has heard enough
            self.wfile.write(self.server.content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setattr(pretrained, "KERAS_URL", f"http://127.0.0.1:{server.server_port}/weights/")
        monkeypatch.setitem(pretrained._KERAS_MD5, "b0", hashlib.md5(CONTENT).hexdigest())
        yield server
        server.shutdown()


@pytest.fixture
def nothing_stays(tmp_path):
    """After the test no file is there, half-written or whole."""
    yield
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_weights_are_fetched_once_and_lie_where_the_frameworks_look(server, tmp_path):
    heard = []
    assert not is_cached(PRESET, tmp_path)
    assert weights_available(PRESET, tmp_path)
    path = fetch(PRESET, tmp_path, progress=lambda done, total: heard.append((done, total)))
    assert path == tmp_path / "keras" / "models" / "efficientnetb0_notop.h5"
    assert path.read_bytes() == CONTENT
    assert len(heard) == 5
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert is_cached(PRESET, tmp_path)
    assert fetch(PRESET, tmp_path) == path
    assert [path.name for path in path.parent.iterdir()] == [path.name]
    name = "/weights/efficientnetb0_notop.h5"
    assert server.requests == [f"HEAD {name}", f"GET {name}"]


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"content": CONTENT[:-1] + b"x"}, "arrived with md5"),
        ({"content": CONTENT[:-9]}, r"broke off after 5,119,991 of 5,120,000 bytes|the connection to .* broke"),
        ({"status": 404}, "answered 404 Not Found"),
    ],
)
def test_what_does_not_arrive_whole_and_right_is_refused(server, tmp_path, answer, sentence):
    for name, value in answer.items():
        setattr(server, name, value)
    assert can_fetch(PRESET) == (server.status == 200)
    with pytest.raises(RunError, match=sentence) as caught:
        fetch(PRESET, tmp_path)
    assert str(caught.value).startswith("ImageNet weights of EfficientNet-B0 cannot be fetched (")
    assert str(caught.value).endswith("or start from random weights: --weights random")


@pytest.mark.usefixtures("nothing_stays")
def test_without_a_connection_the_answer_comes_at_once(server, tmp_path):
    server.shutdown()
    server.server_close()
    assert not can_fetch(PRESET)
    assert not weights_available(PRESET, tmp_path)
    with pytest.raises(RunError, match="no connection to 127"):
        fetch(PRESET, tmp_path)


@pytest.mark.usefixtures("nothing_stays")
def test_a_silent_server_is_given_up(monkeypatch, tmp_path):
    with Server() as silent:  # it accepts connections and answers none
        monkeypatch.setattr(pretrained, "KERAS_URL", f"http://127.0.0.1:{silent.server_port}/")
        with pytest.raises(RunError, match="no connection to 127"):
            fetch(PRESET, tmp_path, timeout_seconds=0.1)


@pytest.mark.usefixtures("server", "nothing_stays")
def test_progress_can_end_a_download(tmp_path):
    class Enough(Exception):
        pass

    def stop(done, total):
        raise Enough

    with pytest.raises(Enough):
        fetch(PRESET, tmp_path, progress=stop)


def test_every_preset_but_the_small_and_the_packaged_ones_has_a_file_of_its_network(tmp_path):
    files = {name: pretrained_file(name) for name in PRESETS}
    for name in ("empty_cnn", "small_cnn", "probe", "probe_epochs", "efficientnet_lite0"):
        assert files.pop(name) is None
    assert files["efficientnet_b0_top10"] == files["efficientnet_b0"]
    assert {file.url.rsplit("/", 1)[1] for file in files.values()} == {
        "resnet50-11ad3fa6.pth",
        *(f"efficientnetb{number}_notop.h5" for number in range(8)),
    }
    assert all(file.path.name == file.url.rsplit("/", 1)[1] for file in files.values())
    assert is_cached("empty_cnn", tmp_path)
    assert can_fetch("empty_cnn")
    with pytest.raises(RunError, match="empty_cnn has no ImageNet weights"):
        fetch("empty_cnn", tmp_path)
