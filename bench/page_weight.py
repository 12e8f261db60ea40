"""What each section of Explore sends to a real browser at iWildCam's full size, without the app's own scripts."""

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.full_size import write_full_size
from bench.served import BROWSER_ARGUMENTS, served
from pages.widgets.explore_links import Section, section_link
from wildcam.data.importers import import_dataset

TARGET_BYTES = 2_000_000


class Weight:
    """Counts what comes in over the web socket, and over HTTP apart from the app's scripts and fonts."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        self._own: set[str] = set()
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._on_frame)
        session.on("Network.responseReceived", self._on_response)
        session.on("Network.loadingFinished", self._on_finished)

    def _on_frame(self, event: dict) -> None:
        self.bytes += len(event["response"]["payloadData"]) * 3 // 4  # base64

    def _on_response(self, event: dict) -> None:
        if "/static/" not in event["response"]["url"]:
            self._own.add(event["requestId"])

    def _on_finished(self, event: dict) -> None:
        if event["requestId"] in self._own:
            self.bytes += int(event["encodedDataLength"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        import_dataset(home / "datasets", write_full_size(Path(folder, "source")).train.parent, name="full")
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(BROWSER_ARGUMENTS))
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            weight = Weight(page.context.new_cdp_session(page))
            heaviest = max(_visit(page, weight, address, section) for section in Section)
            browser.close()
        print(f"the heaviest section: {heaviest / 1e6:.2f} MB (target {TARGET_BYTES / 1e6:.0f})")


def _visit(page: Page, weight: Weight, address: str, section: Section) -> int:
    weight.bytes = 0
    page.goto(f"{address}explore?{urlencode(section_link('full', section))}")
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    page.get_by_test_id("stStatusWidget").wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(1500)
    print(f"  {section.display:<20}{weight.bytes / 1e6:5.2f} MB")
    return weight.bytes
