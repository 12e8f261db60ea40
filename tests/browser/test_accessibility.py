"""Every page by axe-core (WCAG 2.2 AA): no serious and no critical finding, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = (
    "",
    *(f"explore?section={name}" for name in ("overview", "classes", "locations", "split", "time", "ecology", "photos")),
    "add",
    "identify",
    "batch",
    "evaluation",
    "train",
    "runs",
    "models",
    "studies",
    "glossary",
)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
BAD = ("serious", "critical")


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    page.set_default_timeout(60_000)
    yield page
    page.close()


def findings(page: Page) -> list[str]:
    """One line a finding: rule, its help, and where."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in BAD
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_finding(server: Server, themed: Page, path: str) -> None:
    themed.goto(server.address(path))
    expect(themed.get_by_role("heading", level=1)).to_be_visible()
    expect(themed.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    assert not findings(themed)


def test_an_answer_has_no_serious_finding(server: Server, themed: Page) -> None:
    image = sorted(Path(server.home, "demo", "test").glob("*.jpg"))[0]
    themed.goto(server.address("identify"))
    themed.locator("input[type=file]").first.set_input_files(image)
    expect(themed.get_by_role("heading", level=3).first).to_be_visible()
    expect(themed.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    assert not findings(themed)
