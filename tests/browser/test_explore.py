"""Clicks on charts that lead to images, and the preview of a split, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import click_chart

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def open_section(server: Any, page: Page, section: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.goto(server.address(f"explore?dataset=demo&section={section}"))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)


def test_a_click_on_a_bar_shows_the_images_of_its_class(server: Any, page: Page) -> None:
    open_section(server, page, "classes")
    bar = page.locator(".js-plotly-plot").first.locator(".barlayer .point path").nth(1)  # the first one is `empty`
    expect(bar).to_be_visible()
    click_chart(page, bar, lambda url: "section=photos&class=" in url, at_end=True)
    expect(page.get_by_text(re.compile(r"^\d+ photos$")).first).to_be_visible()
    asked = re.search("class=([^&]+)", page.url).group(1).replace("+", " ")
    captions = page.get_by_test_id("stText").filter(has_text=asked)
    expect(captions.first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="The long tail")).to_be_visible()


def test_a_click_on_a_cell_shows_the_images_of_its_species_and_location(server: Any, page: Page) -> None:
    open_section(server, page, "locations")
    cell = page.locator(".js-plotly-plot").nth(1).locator(".scatterlayer .point").first
    cell.scroll_into_view_if_needed()
    click_chart(page, cell, lambda url: bool(re.search("section=photos&class=.+&location=", url)))
    expect(page.get_by_test_id("stButton").get_by_role("button", name="Open", exact=True).first).to_be_visible()


def test_a_split_is_seen_before_it_is_used(server: Any, page: Page) -> None:
    open_section(server, page, "split")
    expect(page.get_by_text("Validation (new locations) and test share no location with training.")).to_be_visible()
    page.get_by_text("Random", exact=True).click()
    page.wait_for_url(re.compile("split=random"))
    expect(page.get_by_role("heading", name="Examples of leakage")).to_be_visible()
    expect(page.get_by_text("training locations are also used for evaluation")).to_be_visible()
    expect(page.get_by_test_id("stImage").locator("img").nth(3)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Examples of leakage")).to_be_visible()
