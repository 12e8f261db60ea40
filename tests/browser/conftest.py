"""A real server on a home of its own, and a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

from bench.served import BROWSER_ARGUMENTS
from wildcam.architectures.presets import PRESETS
from wildcam.demo.dataset import make_demo_dataset
from wildcam.settings import PROJECT_DIR, Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=60_000)  # milliseconds; a first screen loads its libraries, beside another browser


class Server:
    """The app as `make run` starts it. A second `start` serves at the same address."""

    def __init__(self, folder: Path, *, shipped_models: bool = False, **environment: str) -> None:
        self.home = folder / "home"
        self.models = folder / "models"
        self._settings = {"WILDCAM_HOME": str(self.home), **environment}
        if not shipped_models:
            self._settings["WILDCAM_MODELS"] = str(self.models)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | self._settings
        command = [sys.executable, "-m", "wildcam", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(self.address("_stcore/health"), timeout=1).close()
                return
            except OSError:
                time.sleep(0.2)
        pytest.fail(f"The server did not start: {self._log.read_text()}")

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    make_demo_dataset(Settings(home=server.home), images=300)
    for bundle in (PROJECT_DIR / "models").glob("demo_*"):
        shutil.copytree(bundle, server.models / bundle.name)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail("No Chromium is here for the browser tests: `make test` brings one, or says why it cannot.")
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(params=[1280], ids=["wide"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    page.close()


class Clicks:
    """The clicks of a visitor since it was made, until the page is loaded anew."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate("""() => {
            window.wildcamClicks = 0
            addEventListener('click', event => window.wildcamClicks += event.isTrusted, true)
        }""")

    @property
    def count(self) -> int:
        return int(self._page.evaluate("window.wildcamClicks"))


def choose_preset(page: Page, name: str) -> None:
    """On Train."""
    title = PRESETS[name].title
    page.get_by_role("combobox", name="Preset").click()
    page.get_by_role("option", name=title, exact=True).click()
    expect(page.get_by_text(PRESETS[name].description, exact=True)).to_be_visible()


def click_chart(page: Page, mark: Locator, url: Callable[[str], bool], *, at_end: bool = False) -> None:
    """Click a mark of a chart until the address follows: Plotly draws before it listens, on a busy machine long before.

    `at_end`: near its right end, since the left one of a bar lies outside on a logarithmic axis.
    """
    deadline = time.monotonic() + 60
    while not url(page.url):
        assert time.monotonic() < deadline, "no click on the chart changed the address"
        box = mark.bounding_box()
        assert box
        left = box["width"] - 8 if at_end else box["width"] / 2
        page.mouse.click(box["x"] + left, box["y"] + box["height"] / 2)
        with suppress(TimeoutError):
            page.wait_for_url(url, timeout=5_000)
