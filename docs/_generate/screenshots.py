"""`make screenshots`: start the real app on a demo home with a few runs, and capture every page of its menu, wide and
narrow, light and dark, and a walk through the pages.

The home is thrown away. The screenshots replace those in docs/screenshots; nothing else changes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlparse

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from settled import settle
from walk import record_walk

from bench.served import BROWSER_ARGUMENTS, served

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = REPOSITORY / "docs" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, NARROW, HEIGHT, MOST_HEIGHT = 1280, 400, 900, 1800  # px
VARIANTS: dict[str, tuple[int, Literal["light", "dark"]]] = {
    "": (WIDTH, "light"),
    "dark": (WIDTH, "dark"),
    "narrow": (NARROW, "light"),
    "narrow_dark": (NARROW, "dark"),
}
"""Folder of the screenshots → width and theme."""

WAIT_MS = 60_000
IMAGES = 600
TRAIN = ("--dataset", "demo", "--preset", "small_cnn", "--epochs", "8", "--batch-size", "32")
CONTENT_HEIGHT = """() => {
    const main = document.querySelector('[data-testid="stMain"]')
    return main ? main.scrollHeight : 0
}"""


def main() -> None:
    """Make the home, open every page, keep its screenshot."""
    with tempfile.TemporaryDirectory(prefix="wildcam-screenshots-") as folder:
        home = Path(folder) / "home"
        runs = _make_home(home)
        executable = next(filter(None, map(shutil.which, BROWSERS)), None)
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_ARGUMENTS))
            taken = _take_all(browser, address, runs)
            record_walk(browser, address, runs["test subset"], SCREENSHOTS / "walk.gif")
            browser.close()
    for path in SCREENSHOTS.rglob("*.png"):
        if path.stem not in taken:
            path.unlink()
    print(f"{len(taken)} screenshots in {SCREENSHOTS.relative_to(REPOSITORY)}: {', '.join(sorted(taken))}")


def _make_home(home: Path) -> dict[str, str]:
    """The demo data set, checked; two trainings and a batch of the test subset. Returns name → id of the runs."""

    def wildcam(*words: str) -> str:
        environment = os.environ | {"WILDCAM_HOME": str(home)}
        command = [sys.executable, "-m", "wildcam", *words]
        done = subprocess.run(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    wildcam("demo", "--images", str(IMAGES))
    wildcam("data", "check", "demo")
    wildcam("train", *TRAIN, "--name", "species", "--clean-train-loss", "50")
    wildcam("train", *TRAIN, "--name", "empty filter", "--task", "empty")
    wildcam("predict", "demo", "--subset", "test", "--name", "test subset")
    return {run["name"]: run["run"] for run in json.loads(wildcam("runs", "list", "--json"))}


def _take_all(browser: Browser, address: str, runs: dict[str, str]) -> set[str]:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_default_timeout(WAIT_MS)
    page.goto(address)
    settle(page)
    links = page.get_by_test_id("stSidebarNavLink").all()
    addresses = [str(link.get_attribute("href")) for link in links]
    prepare: dict[str, Callable[[Page], None]] = {"identify": _try_demo_photo}
    batch = f"?run={runs['test subset']}"
    queries = {"batch": batch, "evaluation": batch, "explore": "?dataset=demo", "runs": f"?run={runs['species']}"}
    taken = set()
    for link in addresses:
        name = urlparse(link).path.strip("/") or "home"
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}{'' if name == 'home' else name}{queries.get(name, '')}")
        settle(page)
        if name in prepare:
            prepare[name](page)
            settle(page)
        for folder, (width, theme) in VARIANTS.items():
            _take(page, SCREENSHOTS / folder / f"{name}.png", width, theme)
        page.emulate_media(color_scheme="light")
        taken.add(name)
    return taken


def _take(page: Page, path: Path, width: int, theme: Literal["light", "dark"]) -> None:
    """The page that is open, in one of its variants."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": HEIGHT})
    settle(page)
    height = min(max(HEIGHT, page.evaluate(CONTENT_HEIGHT)), MOST_HEIGHT)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1500)  # charts redraw at their new size
    settle(page)
    if page.get_by_test_id("stException").count():
        raise SystemExit(f"The page of {path.name} shows an exception: no screenshot is kept of it.")
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    _shrink(path)


def _try_demo_photo(page: Page) -> None:
    """One in which stage 2 named the species right, if it comes soon."""
    for _ in range(15):
        page.get_by_role("button", name="Try demo photo").click()
        page.mouse.move(0, 0)  # away from the button's help
        settle(page)
        label = page.get_by_text("Ground truth: ").first.inner_text().removeprefix("Ground truth: ")
        if label != "empty" and page.get_by_role("heading", name=f"{label}, ").count():
            return


def _shrink(path: Path) -> None:
    """At most 256 colours: a third of the size, and nobody sees it on a screen like this."""
    with Image.open(path) as image:
        image.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            path, optimize=True
        )


if __name__ == "__main__":
    main()
