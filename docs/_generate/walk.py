"""A silent walk through the pages, as a GIF of screenshots of the running app."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize
from settled import settle

VIEW: ViewportSize = {"width": 1200, "height": 800}
SIZE = (900, 600)  # px of the GIF
COLOURS = 128
SHOWN_MS = 2500


def record_walk(browser: Browser, address: str, batch: str, path: Path) -> None:
    """From the first screen to an evaluation. `batch`: the id of a finished one."""
    page = browser.new_page(viewport=VIEW)
    frames = [_frame(page) for _ in _walk(page, address, batch)]
    page.close()
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=SHOWN_MS, loop=0, optimize=True)


def _walk(page: Page, address: str, batch: str) -> Iterator[None]:
    """Pauses wherever a screenshot is taken."""
    page.goto(address)
    settle(page)
    yield
    page.get_by_test_id("stMain").get_by_role("button", name="Identify", exact=False).first.click()
    settle(page)
    yield
    of_demo = (f"{name}?dataset=demo" for name in ("explore", "train"))
    of_batch = (f"{name}?run={batch}" for name in ("batch", "evaluation"))
    for link in (*of_demo, *of_batch, "models"):
        page.goto(f"{address}{link}")
        settle(page)
        page.wait_for_timeout(1500)  # charts
        yield


def _frame(page: Page) -> Image.Image:
    with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as image:
        return image.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS).quantize(COLOURS)
