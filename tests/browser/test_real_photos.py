"""A first visit with one's own photos: an answer by the models that came with WildCam, then by a probe of one's own."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.knowledge import PHOTOS
from tests.browser.conftest import Clicks, Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not (PHOTOS / "labels.csv").exists(), reason=f"no real photos at {PHOTOS} (WILDCAM_PHOTOS)"),
]

PER_CLASS = 40
CLASSES = ("empty", "bobcat", "elk")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on an empty home, with the models that came with the repository."""
    server = Server(tmp_path_factory.mktemp("fresh"), shipped_models=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per class, of one camera's photos."""
    folder = tmp_path_factory.mktemp("own") / "pasture"
    with (PHOTOS / "labels.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith("mlwic_examples/")]
    for label in CLASSES:
        (folder / label).mkdir(parents=True)
        for row in [row for row in rows if row["label"] == label][:PER_CLASS]:
            (folder / label / Path(row["path"]).name).symlink_to(PHOTOS / row["path"])
    return folder


def ask(server: Server, page: Page, photo: Path, models: str = "") -> None:
    """Identify a photo, and see its verdict with the evidence."""
    page.goto(server.address(f"identify{models}"))
    page.locator("input[type=file]").first.set_input_files(photo)
    verdict = page.get_by_role("heading", level=3).first
    expect(verdict).to_contain_text(re.compile("of . views?|unknown species"), timeout=60_000)
    expect(page.get_by_role("img", name=re.compile("^Evidence for")).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_photo_is_answered_and_a_probe_trained_promoted_and_asked(fresh: Server, page: Page, folder: Path) -> None:
    photo = sorted((folder / "bobcat").iterdir())[0]
    ask(fresh, page, photo)
    expect(page.get_by_text(re.compile(r"trained on [\d,]+ photos", re.IGNORECASE)).first).to_be_visible()

    page.goto(fresh.address(f"add?source={folder}"))
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Add data set").click()
    expect(page.get_by_text("(format: ")).to_be_visible()
    clicks = Clicks(page)
    page.get_by_test_id("stMain").get_by_role("link", name="Train").click()
    expect(page.get_by_text("Data set: pasture.")).to_be_visible()
    expect(page.get_by_text("--preset probe")).to_be_visible()  # where there is no GPU
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile("/runs"))
    page.get_by_label("Model name").wait_for(timeout=180_000)  # the run's end
    page.get_by_label("Model name").fill("pasture")
    page.get_by_role("button", name="Promote", exact=True).click()
    expect(page.get_by_text("Model pasture is promoted.")).to_be_visible()
    assert 3 <= clicks.count <= 6
    assert (fresh.home / "models" / "pasture" / "model.onnx").exists()

    ask(fresh, page, photo, "?identify_species=pasture")
    expect(page.get_by_role("heading", level=3).first).to_contain_text("bobcat")
    page.get_by_text("About these models").click()
    expect(page.get_by_text("pasture: preset probe")).to_be_visible()
