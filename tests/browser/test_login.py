"""A server with a login, in a real browser: by accounts of its own, and by an identity provider."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from wildcam.accounts.audit import read_audit
from wildcam.accounts.roles import Role
from wildcam.accounts.store import AccountStore
from wildcam.settings import PROJECT_DIR, Settings
from wildcam.upkeep.databases import copies_of

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PASSWORD = "correct horse"
MINE = "mine"
DEFAULT = "Default of its stage"


def make_home(server: Server, *, password: str | None) -> AccountStore:
    """Two species models, and an account of each of two roles."""
    for name, source in (("demo_empty", "demo_empty"), ("demo_species", "demo_species"), (MINE, "demo_species")):
        shutil.copytree(PROJECT_DIR / "models" / source, server.models / name)
    card = server.models / MINE / "model.json"
    card.write_text(card.read_text().replace('"demo_species"', f'"{MINE}"'))
    accounts = AccountStore(server.home)
    accounts.add("vera@example.org", Role.VIEWER, password)
    accounts.add("tom@example.org", Role.TRAINER, password)
    return accounts


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("lab"))
    make_home(server, password=PASSWORD)
    server.start()
    yield server
    server.stop()


def log_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def choose_default(page: Page) -> None:
    page.get_by_role("button", name="Make it the default").click()


def test_who_is_not_logged_in_sees_nothing_and_who_may_not_is_refused(lab: Server, browser: Browser) -> None:
    viewer, trainer = (browser.new_context().new_page() for _ in range(2))
    address = lab.address(f"models?model={MINE}")
    viewer.goto(address)
    expect(viewer).to_have_title("Log in to WildCam · WildCam")
    log_in(viewer, "vera@example.org")
    expect(viewer).to_have_url(address)
    expect(viewer.get_by_text("vera@example.org, viewer")).to_be_visible()
    choose_default(viewer)
    expect(viewer.get_by_text(re.compile("You may not promote, .* it takes trainer"))).to_be_visible()

    trainer.goto(address)
    log_in(trainer, "Tom@Example.org")
    choose_default(trainer)
    expect(trainer.get_by_text(DEFAULT)).to_be_visible()
    asked = read_audit(lab.home)
    asked = asked[asked["act"] == "promote"][["user", "allowed"]].to_numpy().tolist()
    assert copies_of(Settings(home=lab.home), "accounts.db")  # of today
    assert asked == [["tom@example.org", True], ["vera@example.org", False]]

    viewer.get_by_role("button", name="Log out").click()
    expect(viewer.get_by_text("You are logged out.")).to_be_visible()
    viewer.reload()
    expect(viewer.get_by_label("Password")).to_be_visible()

    AccountStore(lab.home).end_sessions("tom@example.org")  # while the page is open
    trainer.get_by_role("link", name="Glossary").first.click()
    expect(trainer.get_by_text("You are logged out.")).to_be_visible()
    for page in (viewer, trainer):
        page.context.close()


@pytest.fixture
def provided(tmp_path: Path) -> Iterator[Server]:
    """A server that leaves the log-in to an identity provider on loopback."""
    verified, typed = {"email_verified": True}, {"email_verified": False}
    users = [
        oidc_provider_mock.User(sub="t1", claims={"email": "tom@example.org"} | verified),
        oidc_provider_mock.User(sub="e2", claims={"email": "eve@example.org"} | verified),
        oidc_provider_mock.User(sub="m3", claims={"email": "tom@example.org"} | typed),
        oidc_provider_mock.User(sub="n4", claims={"email": "tom@example.org"}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as provider:
        server = Server(tmp_path, WILDCAM_LOGIN="oidc")
        secrets = server.home / "secrets.toml"
        make_home(server, password=None)
        secrets.write_text(
            f"""[auth]
redirect_uri = "{server.address("oauth2callback")}"
cookie_secret = "{"x" * 40}"
client_id = "wildcam"
client_secret = "unused"
server_metadata_url = "http://localhost:{provider.server_port}/.well-known/openid-configuration"
"""
        )
        server.start()
        yield server
        server.stop()


@pytest.mark.filterwarnings("ignore:get_jwt_config")  # of oidc-provider-mock 0.3.4 beside Authlib 1.9
def test_an_identity_provider_says_who_it_is_and_the_accounts_what_that_one_may(
    provided: Server, browser: Browser
) -> None:
    for name, said in (
        ("t1", "tom@example.org, trainer"),
        ("e2", "eve@example.org has no account here."),
        ("m3", "m3 has no account here."),  # an address that nobody verified is no name
        ("n4", "n4 has no account here."),
    ):
        page = browser.new_context().new_page()
        page.goto(provided.address(f"models?model={MINE}"))
        expect(page.get_by_role("heading", name="Models")).to_have_count(0)
        page.get_by_role("button", name="Log in").click()
        page.locator("input[name=sub]").fill(name)
        page.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).first.click()
        expect(page.get_by_text(said)).to_be_visible()
        page.context.close()
