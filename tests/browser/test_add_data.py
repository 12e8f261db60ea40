"""A biologist brings a data set of her own in, by its path and as an upload, and looks at it."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

IMAGES = 6
MANY = 60


@pytest.fixture
def table(server: Any, tmp_path: Path) -> Path:
    """A few images of the demo with a table of their own beside them."""
    demo = json.loads(Path(server.home, "demo", "iwildcam2020_train_annotations.json").read_text())
    path = tmp_path / "Meadow.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Datei", "species", "camera", "date"])
        for number, image in enumerate(demo["images"][:IMAGES]):
            row = next(Path(server.home, "demo").rglob(Path(image["file_name"]).name))
            shutil.copy(row, tmp_path / row.name)
            rows.writerow([row.name, "empty" if number % 2 else "fox", f"A{number % 3}", image["datetime"]])
    return path


def metric(page: Page, name: str) -> Any:
    return page.get_by_test_id("stMetric").filter(has_text=name).filter(visible=True).first


def test_a_table_with_images_is_added_by_its_path_and_explored(server: Any, page: Page, table: Path) -> None:
    page.goto(server.address("add?from=server"))
    page.get_by_label("Metadata file or folder", exact=True).fill(str(table))
    page.get_by_label("Metadata file or folder", exact=True).press("Enter")
    expect(metric(page, "Files found")).to_contain_text(f"{IMAGES} of {IMAGES}")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    assert "source=" in page.url
    page.get_by_role("button", name="Add data set").click()
    expect(page.get_by_text("(format: CSV table)")).to_be_visible()
    expect(metric(page, "Photos")).to_contain_text(str(IMAGES))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_test_id("stMain").get_by_role("link", name="Explore", exact=True).click()
    page.wait_for_url(re.compile("/explore.*dataset=Meadow"))
    expect(page.get_by_text(f"{IMAGES} photos", exact=True)).to_be_visible()


def test_from_a_folder_in_the_browser_to_its_gallery_are_four_clicks(server: Any, page: Page, tmp_path: Path) -> None:
    for label in ("fox", "empty"):
        (tmp_path / "Valley" / label).mkdir(parents=True)
    for number, photo in enumerate(sorted(Path(server.home, "demo", "test").glob("*.jpg"))[:IMAGES]):
        shutil.copy(photo, tmp_path / "Valley" / ("empty" if number % 2 else "fox"))
    page.goto(server.address(""))
    page.get_by_role("link", name="Add data").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload directories").click()
    chooser.value.set_files(tmp_path / "Valley")
    expect(metric(page, "Photos")).to_contain_text(str(IMAGES))
    page.get_by_role("button", name="Add data set").click()
    expect(page.get_by_text("Check of all files, in the background")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Photos", exact=True).click()
    page.wait_for_url(re.compile("/explore.*dataset=Valley"))
    expect(page.get_by_text(f"{IMAGES} photos")).to_be_visible()
    expect(page.get_by_test_id("stImage")).to_have_count(IMAGES)


@pytest.fixture
def many(server: Any, tmp_path: Path) -> Path:
    """A folder of more photos than Streamlit's uploader takes well, in two classes, with a film."""
    photo = next(Path(server.home, "demo", "test").glob("*.jpg"))
    for number in range(MANY):
        path = tmp_path / "Ridge" / ("empty" if number % 2 else "fox") / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(photo, path)
    (tmp_path / "Ridge" / "fox" / "clip.mp4").write_bytes(b"film")
    return tmp_path / "Ridge"


def expect_many(page: Page) -> None:
    expect(metric(page, "Photos")).to_contain_text(str(MANY))
    expect(metric(page, "Labels")).to_contain_text("2")
    expect(page.get_by_label("Name of the data set", exact=True)).to_have_value("Ridge")
    expect(page.get_by_test_id("stFileChip")).to_have_count(1)  # one ZIP
    page.get_by_text("Importer's remarks").click()
    expect(page.get_by_text("video: only photos are read")).to_be_visible()


def test_a_folder_of_many_photos_is_packed_in_the_browser(server: Any, page: Page, many: Path) -> None:
    page.goto(server.address("add"))
    page.wait_for_function("window.wildcamPacksUploads")
    page.locator("input[type=file]").set_input_files(many)
    expect_many(page)


def test_a_dropped_folder_keeps_its_folders(server: Any, page: Page, many: Path) -> None:
    page.goto(server.address("add?from=photos"))
    zone = page.get_by_test_id("stFileUploaderDropzone")
    page.wait_for_function("window.wildcamPacksUploads")
    box = zone.bounding_box()
    assert box
    browser = page.context.new_cdp_session(page)  # Playwright itself drops no files
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(many)], "dragOperationsMask": 1}
        at = {"x": box["x"] + 20, "y": box["y"] + 20}
        browser.send("Input.dispatchDragEvent", {"type": kind, "data": data} | at)
    expect_many(page)


def test_an_uploaded_table_is_added_and_kept(server: Any, page: Page, table: Path) -> None:
    page.goto(server.address("add"))
    page.get_by_text("Upload a metadata file").click()
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="Metadata file")
    uploader.locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("Figures only, no photos")).to_be_visible()
    page.get_by_label("Name of the data set", exact=True).fill("uploaded")
    page.get_by_label("Name of the data set", exact=True).press("Enter")
    expect(metric(page, "Locations")).to_contain_text("3")
    page.get_by_role("button", name="Add data set").click()
    expect(page.get_by_text("(format: CSV table)")).to_be_visible()
    assert Path(server.home, "uploads", "uploaded", table.name).read_bytes() == table.read_bytes()
    page.get_by_test_id("stMain").get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_text(f"{IMAGES} photos", exact=True)).to_be_visible()


@pytest.mark.parametrize("page", [400], ids=["narrow"], indirect=True)
def test_the_page_fits_a_narrow_window(server: Any, page: Page, table: Path) -> None:
    page.goto(server.address(f"add?source={table}"))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Add data set")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
