"""Identify and Batch in a real browser: ZIP, thresholds, bursts, a correction, many sessions, a batch, its export."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from wildcam.data.reviews import Reviews
from wildcam.exports.load import load_predictions
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SESSIONS = 4


@pytest.fixture(scope="module")
def images(server: Any) -> list[Path]:
    return sorted(Path(server.home, "demo", "test").glob("*.jpg"))


@pytest.fixture(scope="module")
def classifier(server: Any) -> TwoStageClassifier:
    return load_two_stage(*(open_bundle(server.models, name) for name in ("demo_empty", "demo_species")))


def dated(path: Path, second: int) -> bytes:
    """A copy with the time that a camera would have written."""
    content, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2024:06:01 12:00:{second:02}"
    with Image.open(path) as image:
        image.save(content, "JPEG", exif=exif, quality=95)
    return content.getvalue()


def test_a_zip_is_identified_corrected_and_its_thresholds_are_moved(
    server: Any, page: Page, images: list[Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "card.zip", "w") as card:
        for second, path in enumerate(images[:6]):
            card.writestr(f"DCIM/{second}.jpg", dated(path, second))
        card.writestr("DCIM/clip.mp4", b"no photograph")
    page.goto(server.address("identify?identify_empty=demo_empty&identify_species=demo_species"))
    page.locator("input[type=file]").first.set_input_files(tmp_path / "card.zip")
    expect(page.get_by_text("A burst has an animal if any")).to_be_visible()  # one burst of six
    verdict = page.get_by_role("heading", level=3).first
    expect(verdict).to_contain_text(re.compile("of 4 views|unknown species"))

    page.get_by_text("Models and settings").click()
    page.get_by_role("button", name="Miss at most 1%", exact=True).click()
    expect(page.get_by_text(re.compile(r"(0|1)\.\d% missed animals"))).to_be_visible()

    page.get_by_text("Correct label", exact=True).click()
    page.get_by_label("Label", exact=True).fill("a coati")
    page.get_by_label("Label", exact=True).press("Enter")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_text("Corrected to a coati")).to_be_visible()
    assert "a coati" in Reviews(server.home).table()["label"].tolist()


def test_several_sessions_at_once_get_their_own_answers(
    server: Any, browser: Browser, images: list[Path], classifier: TwoStageClassifier
) -> None:
    pages = [browser.new_page() for _ in range(SESSIONS)]
    for page in pages:
        page.goto(
            server.address("identify?identify_empty=demo_empty&identify_species=demo_species"), wait_until="commit"
        )
    for page, path in zip(pages, images, strict=False):
        page.locator("input[type=file]").first.set_input_files(path, timeout=180_000)
    for page, path in zip(pages, images, strict=False):
        heading = page.get_by_role("heading", level=3).first
        expect(heading).to_contain_text(classifier.identify(path).sentence(), timeout=180_000)
        page.close()


def test_a_batch_is_started_browsed_and_exported(server: Any, page: Page, tmp_path: Path) -> None:
    page.goto(server.address("batch"))
    page.get_by_text("Folder on the server").click()
    page.get_by_label("Folder", exact=True).fill(str(Path(server.home, "demo", "test")))
    page.get_by_label("Folder", exact=True).press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Finished.", exact=True)).to_be_visible(timeout=120_000)
    images = len(list(Path(server.home, "demo", "test").glob("*.jpg")))
    expect(page.get_by_test_id("stMetric").first).to_contain_text(str(images))
    page.get_by_test_id("stButton").get_by_role("button", name="Open", exact=True).first.click()
    expect(page.get_by_text("views agree")).to_be_visible()

    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Create file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Download .* predictions")).click()
    download.value.save_as(tmp_path / "out.csv")
    assert len(load_predictions(tmp_path / "out.csv")) == images
