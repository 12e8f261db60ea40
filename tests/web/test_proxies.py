"""The proxies as docs/howto/proxy sets them up: only ports, certificate and names are a test's own."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.exceptions import InvalidStatus

from bench.visitor import Visitor
from wildcam.accounts.roles import Role
from wildcam.accounts.store import FREE_FAILURES, AccountStore
from wildcam.settings import PROJECT_DIR, SESSION_COOKIE

SNIPPETS = PROJECT_DIR / "docs" / "howto" / "proxy"
PASSWORD = "correct horse"
SECONDS = 90
Visit = Callable[..., Visitor]
ONE, ANOTHER = "127.0.0.2", "127.0.0.3"  # addresses of visitors; the proxy's own is 127.0.0.1
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8 on its loopback"),
]


@dataclass(frozen=True)
class Certificate:
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.chain)


@dataclass(frozen=True)
class Site:
    """An app behind a proxy."""

    address: str
    app: str  # without the proxy
    trust: ssl.SSLContext
    home: Path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], port: int, folder: Path, **environment: str) -> Iterator[None]:
    """A process that listens on the port."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + SECONDS
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Of 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    chain, key_path = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(encoding))
    key_path.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    return Certificate(chain, key_path)


@pytest.fixture(scope="module", params=["", "/wildcam"], ids=["root", "below a path"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str, Path]]:
    """Its port, its path and its home."""
    folder, port = tmp_path_factory.mktemp("app"), free_port()
    home = folder / "home"
    AccountStore(home).add("ada", Role.VIEWER, PASSWORD)
    command = [sys.executable, "-m", "wildcam", "serve", "--port", str(port), "--path", request.param]
    with running(command, port, folder, WILDCAM_HOME=str(home)):
        yield port, request.param, home


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) >= 1, f"{old!r} is in the snippet no more"
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, app_port: int, path: str, own: Certificate) -> list[str]:
    server = replaced(
        (SNIPPETS / "nginx.conf").read_text(),
        ("443 ssl", f"127.0.0.1:{port} ssl"),
        ("/etc/ssl/wildcam.pem", str(own.chain)),
        ("/etc/ssl/wildcam.key", str(own.key)),
        ("127.0.0.1:8501", f"127.0.0.1:{app_port}"),
        *([("location / {", f"location {path}/ {{")] if path else []),
    )
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{place}_temp_path {folder / place};" for place in places)
    events, user = "events {}", "user root;" if os.getuid() == 0 else ""
    whole = f"{user} pid {folder}/pid; {events} http {{ access_log off; {temporary}\n{server} }}"
    (folder / "nginx.conf").write_text(whole)
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g", "daemon off;"]


def caddy(folder: Path, port: int, app_port: int, path: str, own: Certificate) -> list[str]:
    site = replaced(
        (SNIPPETS / "Caddyfile").read_text(),
        ("wildcam.example.org {", f"https://127.0.0.1:{port} {{\n\ttls {own.chain} {own.key}"),
        *([("\treverse_proxy 127.0.0.1:8501", f"\treverse_proxy {path}/* 127.0.0.1:8501")] if path else []),
        ("127.0.0.1:8501", f"127.0.0.1:{app_port}"),
    )
    options = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(options + site)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest,
    app: tuple[int, str, Path],
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    write: Callable[..., list[str]] = request.param
    if not shutil.which(write.__name__):
        pytest.skip(f"{write.__name__} is not installed: tests/bring_proxies.sh brings it")
    (app_port, path, home), port, folder = app, free_port(), tmp_path_factory.mktemp("proxy")
    command = write(folder, port, app_port, path, certificate)
    with running(command, port, folder, HOME=str(folder), XDG_DATA_HOME=str(folder)):
        address, direct = f"https://127.0.0.1:{port}{path}", f"http://127.0.0.1:{app_port}{path}"
        yield Site(address, direct, certificate.context(), home)


@pytest.fixture
def visit(site: Site) -> Iterator[Visit]:
    """New visitors from an address."""
    with ExitStack() as visitors:

        def new(source: str = ONE) -> Visitor:
            visitor = Visitor(site.address, trust=site.trust, source=source, seconds=SECONDS)
            visitors.enter_context(visitor.http)
            return visitor

        yield new


def log_in(visitor: Visitor, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return visitor.http.post("/login?next=/", data={"name": "ada", "password": password}, headers=headers)


def test_whoever_logs_in_gets_a_secure_cookie_pages_and_uploads(visit: Visit) -> None:
    visitor = visit()
    with pytest.raises(InvalidStatus, match="403"), visitor:
        pass  # no WebSocket without a session
    visitor = visit()
    cookie = log_in(visitor).headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert {"Secure", "HttpOnly"} <= set(cookie.split("; "))
    with visitor:
        visitor.open("identify")
        assert visitor.exceptions() == []
        state = visitor.upload("ownphoto.jpg", os.urandom(3_000_000))
        visitor.open("identify", "", state)
        assert b"ownphoto" in visitor.received()


def test_pages_lead_to_the_login_below_the_same_path_with_all_headers(site: Site, visit: Visit) -> None:
    found = visit().http.get("/explore", headers={"accept": "text/html"})
    assert found.status_code == 303
    path = httpx.URL(site.address).path.rstrip("/")
    assert found.headers["location"] == f"{path}/login?next={path.replace('/', '%2F')}%2Fexplore"
    assert "frame-ancestors 'self'" in found.headers["content-security-policy"]
    assert found.headers["x-content-type-options"] == "nosniff"


def test_a_form_of_another_site_is_refused(site: Site, visit: Visit) -> None:
    own = httpx.URL(site.address)
    assert log_in(visit(), origin="https://evil.example").status_code == 400
    assert log_in(visit(), origin=f"https://127.0.0.1:{own.port}").status_code == 303


def test_failed_logins_slow_down_the_visitor_and_not_the_proxy(visit: Visit) -> None:
    for _ in range(FREE_FAILURES):
        assert "wrong" in log_in(visit(), "a guess").text
    pretended = {"X-Forwarded-For": "192.0.2.1"}
    assert "Too many failed log-ins" in log_in(visit(), "a guess", **pretended).text
    assert log_in(visit(ANOTHER)).status_code == 303


def test_an_address_that_is_no_proxy_says_nothing_about_others(site: Site) -> None:
    def fail(pretended: str) -> str:
        with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.4")) as client:
            form = {"name": "ada", "password": "a guess"}
            return client.post(f"{site.app}/login", data=form, headers={"X-Forwarded-For": pretended}).text

    answers = [fail(f"192.0.2.{number}") for number in range(FREE_FAILURES + 1)]
    assert "Too many failed log-ins" in answers[-1]
