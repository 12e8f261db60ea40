"""Photos are reviewed by the keyboard alone, and every key is on disk."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from wildcam.data.reviews import Decision, Reviews

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_screen_is_reviewed_by_keys_alone(server: Any, page: Page) -> None:
    before = len(Reviews(server.home).history())  # other tests share the home
    page.goto(server.address("review?dataset=demo&order=locations"))
    photos = page.get_by_role("option")
    expect(photos.first).to_be_focused()
    for key in ("Enter", "Enter", "n", "f"):  # quicker than the server answers
        page.keyboard.press(key)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")  # two at once
    page.keyboard.press("/")
    page.keyboard.type("a stoat")
    page.keyboard.press("Enter")
    saved = page.get_by_role("status").filter(has_text="7 of the 24 here are reviewed and saved")
    expect(saved).to_be_visible()
    reviews = Reviews(server.home)
    decisions = [review.decision for review in reviews.history()[before:]]
    assert decisions.count(Decision.LABEL) == 5
    assert decisions.count(Decision.UNDECIDED) == decisions.count(Decision.FLAG) == 1
    assert "a stoat" in reviews.table()["label"].tolist()
    expect(photos.nth(6)).to_contain_text("a stoat")

    page.keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text="6 of the 24")).to_be_visible()
    assert "a stoat" not in reviews.table()["label"].tolist()

    page.keyboard.press("PageDown")
    expect(page.get_by_role("status").filter(has_text="25 to 48")).to_be_visible()
    expect(photos.first).to_be_focused()
    assert photos.first.locator("img").evaluate("image => image.naturalWidth") > 0
    page.reload()
    expect(page.get_by_text("4 of ").first).to_be_visible()  # those with a label
