"""What a newcomer does, in a real browser against a real server: explore, train, watch, promote, identify."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Clicks, choose_preset

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MENU = [
    "Home",
    "Explore",
    "Add data",
    "Review",
    "Identify",
    "Batch",
    "Evaluation",
    "Train",
    "Runs",
    "Models",
    "Disk",
    "Studies",
    "Glossary",
]
VERDICT = re.compile(r"of 4 views|unknown species")
EPOCHS_DRAWN = """() => {
    const plot = document.querySelector('.js-plotly-plot')
    const line = plot && plot._fullData && plot._fullData.find(trace => trace.name === 'Training')
    return line ? line._length : 0
}"""


def settled(page: Page) -> Page:
    """The page when its script has run through, without an exception on it."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    return page


def test_a_deep_link_right_after_a_start_shows_the_same_app(server: Any, page: Page) -> None:
    for path in ("identify", "explore"):  # one that is quick to draw, one that is slow
        server.stop()
        server.start()
        page.goto(server.address(path))
        expect(page.get_by_test_id("stSidebarNavLink")).to_contain_text(MENU)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page).to_have_title(f"{path.capitalize() or 'Home'} · WildCam")


def test_the_first_answer_is_one_click_from_home(server: Any, page: Page) -> None:
    page.goto(server.address(""))
    answer = page.get_by_test_id("stMain").get_by_role("button", name="Identify", exact=True).first
    expect(answer).to_be_visible()
    clicks = Clicks(page)
    answer.click()
    expect(page.get_by_text(re.compile("^(Correct|It is: .+)$")).first).to_be_visible()
    assert clicks.count == 1


def test_the_demo_data_is_explored(server: Any, page: Page) -> None:
    page.goto(server.address("explore?dataset=demo"))
    expect(page.get_by_text("300 photos", exact=True)).to_be_visible()
    for name in ("Species", "Classes"):
        page.get_by_role("button", name=name).or_(page.get_by_role("radio", name=name)).first.click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    settled(page)


def start_run(page: Page, address: str, *, epochs: int, name: str) -> str:
    """Fill the form and start; returns the address that the browser ends at."""
    page.goto(address)
    choose_preset(page, "empty_cnn")
    page.get_by_text("Advanced", exact=True).click()
    for label, value in (("Epochs", epochs), ("Batch size (photos)", 8), ("Early-stopping patience (epochs)", 0)):
        page.get_by_label(label, exact=True).fill(str(value))
        page.get_by_label(label, exact=True).press("Enter")
    expect(page.get_by_text(f"--epochs {epochs} --batch-size 8 --early-stopping-patience 0")).to_be_visible()
    page.get_by_label("Run name").fill(name)
    page.get_by_label("Run name").press("Enter")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("/runs"))
    return page.url


def expect_state(page: Page, state: str) -> None:
    badge = page.get_by_text(state, exact=True).filter(visible=True)
    expect(badge.first).to_be_visible(timeout=180_000)


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    expect_state(page, "stopped")


def test_runs_are_queued_watched_over_a_restart_stopped_resumed_compared_and_promoted(server: Any, page: Page) -> None:
    first = start_run(page, server.address("train?dataset=demo"), epochs=500, name="first")  # more than it ever gets to
    curves = f"{first}&tab=curves"
    page.goto(curves)
    page.wait_for_function(f"({EPOCHS_DRAWN})() >= 1", timeout=120_000)
    drawn = page.evaluate(EPOCHS_DRAWN)
    page.wait_for_function(f"({EPOCHS_DRAWN})() > {drawn}", timeout=60_000)  # nobody clicked

    second = start_run(page, server.address("train?dataset=demo"), epochs=2, name="second")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.get_by_text("Queued: position 1.").filter(visible=True).first).to_be_visible()

    server.stop()
    server.start()
    page.goto(curves)
    page.wait_for_function(f"({EPOCHS_DRAWN})() > {drawn}", timeout=60_000)
    drawn = page.evaluate(EPOCHS_DRAWN)
    page.goto(first)
    stop(page)

    page.goto(second)
    expect_state(page, "finished")
    page.goto(first)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.goto(curves)
    page.wait_for_function(f"({EPOCHS_DRAWN})() > {drawn}", timeout=120_000)
    page.goto(first)
    stop(page)

    page.goto(server.address("runs?compare=first,second"))
    expect(page.get_by_role("heading", name="Recipe differences")).to_be_visible()
    page.wait_for_function("document.querySelector('.js-plotly-plot')?._fullData?.length >= 2")

    page.goto(first)
    page.get_by_label("Model name").fill("watched")
    page.get_by_role("button", name="Promote").click()
    expect(page.get_by_text("Model watched is promoted.")).to_be_visible()
    assert (server.models / "watched" / "model.onnx").exists()

    page.get_by_role("link", name="Identify").first.click()
    image = next(path for path in sorted(Path(server.home, "demo", "test").glob("*.jpg")))
    page.locator("input[type=file]").first.set_input_files(image)
    expect(page.get_by_text(VERDICT).filter(visible=True).first).to_be_visible()
    settled(page)


def test_a_damaged_upload_gets_a_sentence_and_the_others_an_answer(server: Any, page: Page, tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("no photo")
    image = next(path for path in sorted(Path(server.home, "demo", "test").glob("*.jpg")))
    page.goto(server.address("identify"))
    page.locator("input[type=file]").first.set_input_files([image, tmp_path / "note.jpg"])
    expect(page.get_by_text("Details of")).to_be_visible()
    expect(page.get_by_text(VERDICT).filter(visible=True).first).to_be_visible()
    settled(page)
