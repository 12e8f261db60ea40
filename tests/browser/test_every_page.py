"""Every page, visited once: by axe-core (WCAG 2.2 AA) no serious and no critical finding, light and dark; and no page
is wider than its window."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = (
    "",
    *(f"explore?section={name}" for name in ("photos", "overview", "classes", "locations", "time", "ecology", "split")),
    "add",
    "review",
    "review?view=plan",
    "identify",
    "batch",
    "evaluation",
    "train",
    "runs",
    "models",
    "studies",
    "disk",
    "glossary",
)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {name: {"enabled": False} for name in ("list", "listitem")},  # Streamlit 1.67's own menu in groups
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""All that a theme changes: the rest was looked at in the other one."""

PRIMARY = '[data-testid="stBaseButton-primary"]'
"""Streamlit 1.67 writes white on the primary colour and that colour on the page: dark, no colour serves both."""

BAD = ("serious", "critical")
WIDTHS = (400, 1280)


def findings(page: Page, theme: str, options: dict[str, Any], context: dict[str, Any] | None = None) -> list[str]:
    """One line a finding: theme, rule, its help, and where."""
    rules: list[dict[str, Any]] = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{theme}: {rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in rules
        if rule["impact"] in BAD
        for node in rule["nodes"]
    ]


def expect_accessible(page: Page) -> None:
    found = findings(page, "light", RULES)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(1500)  # the colours fade over, and the script runs again
    settled(page)
    found += findings(page, "dark", COLOURS, {"exclude": [[PRIMARY]]})
    assert not found, "\n".join(found)


def settled(page: Page) -> Page:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    return page


def expect_no_wider_than_the_window(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.scrollingElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_finding_and_fits_its_window(server: Server, page: Page, path: str) -> None:
    page.goto(server.address(path))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    expect_accessible(page)
    expect_no_wider_than_the_window(page)


def test_an_answer_has_no_serious_finding(server: Server, page: Page) -> None:
    image = sorted(Path(server.home, "demo", "test").glob("*.jpg"))[0]
    page.goto(server.address("identify"))
    page.locator("input[type=file]").first.set_input_files(image)
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    settled(page)
    expect_accessible(page)
