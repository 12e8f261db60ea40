"""Fifty people at once: pages opened, photos uploaded and answered, runs watched, over real WebSockets.

Each brings photos under names of its own. An answer that names another's photo, or that is not the one which the same
photo got while nobody else was there, is mixed up; one that does not come is lost.
"""

import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.served import served
from bench.visitor import Visitor
from wildcam.demo.dataset import make_demo_dataset
from wildcam.settings import Settings

VISITORS = 50
PAUSE_SECONDS = (5.0, 25.0)  # between two pages of one visitor
PHOTOS = 8
PATIENCE_SECONDS = 120.0
FORGET_SECONDS = 150  # Streamlit keeps a session that was left for two minutes
NAME = re.compile(rb"load(\d{3})x(\d{5})")  # nothing in it that Markdown would escape


@dataclass
class Tally:
    """What all visitors found. Threads share it: each only adds."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by page
    wrong: Counter[str] = field(default_factory=Counter)
    answers: int = 0


def main(seconds: int) -> None:
    """`seconds`: how long the visitors stay."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = make_demo_dataset(Settings(home=Path(folder)), images=150)
        paths = [dataset.image_path(path) for path in dataset.index["path"] if not path.endswith(".png")]
        photos = [path.read_bytes() for path in paths if path.exists()][:PHOTOS]
        with served(Path(folder)) as address:
            alone = _alone(address, photos)
            server = _server()
            before, tally = server.memory_info().rss, Tally()
            with _peak(server) as peak, ThreadPoolExecutor(VISITORS) as visitors:
                until = time.monotonic() + seconds
                list(visitors.map(lambda number: _visit(address, number, photos, alone, until, tally), range(VISITORS)))
            time.sleep(FORGET_SECONDS)
            after = server.memory_info().rss
    _print(tally, seconds, [before, *peak, after])


def _alone(address: str, photos: list[bytes]) -> list[list[str]]:
    """What each photo gets while nobody else is there."""
    with Visitor(address, seconds=PATIENCE_SECONDS) as visitor:
        for page in ("", "explore", "runs", "identify"):
            visitor.open(page)
        return [_answer(visitor, f"load999x{number:05d}.jpg", photo)[1] for number, photo in enumerate(photos)]


def _visit(address: str, number: int, photos: list[bytes], alone: list[list[str]], until: float, tally: Tally) -> None:
    dice, turn = random.Random(number), 0
    time.sleep(dice.uniform(0, PAUSE_SECONDS[1]))
    try:
        with Visitor(address, seconds=PATIENCE_SECONDS) as visitor:
            while time.monotonic() < until:
                for page in ("", "explore", "runs", "identify"):
                    tally.seconds[page or "home"].append(visitor.open(page))
                    tally.wrong["page failed"] += len(visitor.exceptions())
                    time.sleep(dice.uniform(*PAUSE_SECONDS))
                which = dice.randrange(len(photos))
                took, headings = _answer(visitor, f"load{number:03d}x{turn:05d}.jpg", photos[which])
                tally.seconds["identify, with a photo"].append(took)
                names = set(NAME.findall(visitor.received()))
                tally.wrong["names another's photo"] += bool(names - {(b"%03d" % number, b"%05d" % turn)})
                tally.wrong["does not name its photo"] += not names
                tally.wrong["another answer than alone"] += headings != alone[which]
                tally.answers += 1
                turn += 1
                time.sleep(dice.uniform(*PAUSE_SECONDS))
    except Exception as error:  # one visitor's end is a finding, and not the end of the others
        tally.wrong[f"lost: {type(error).__name__}: {str(error)[:100]}"] += 1


def _answer(visitor: Visitor, name: str, photo: bytes) -> tuple[float, list[str]]:
    """Upload a photo on Identify; the seconds until its answer, and the headings of the page."""
    took = visitor.open("identify", "", visitor.upload(name, photo))
    elements = [message.delta.new_element for message in visitor.seen if message.WhichOneof("type") == "delta"]
    return took, [element.heading.body for element in elements if element.WhichOneof("type") == "heading"]


def _server() -> psutil.Process:
    """The process behind `wildcam serve`."""
    return next(child for child in psutil.Process().children(recursive=True) if "wildcam.web" in child.cmdline())


@contextmanager
def _peak(server: psutil.Process) -> Iterator[list[int]]:
    """A list that gets the most memory that the process took while the block lasted, in bytes."""
    found: list[int] = []
    ended, most = threading.Event(), 0

    def watch() -> None:
        nonlocal most
        while not ended.wait(1.0):
            most = max(most, server.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()
        found.append(most)


def _print(tally: Tally, seconds: int, memory: list[int]) -> None:
    print(f"{VISITORS} visitors for {seconds} s, {tally.answers} photos answered")
    for page, took in sorted(tally.seconds.items()):
        p95 = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
        print(f"  {page:<24}{len(took):6d} times, median {statistics.median(took):5.1f} s, p95 {p95:5.1f} s")
    wrong = {what: count for what, count in tally.wrong.items() if count}
    print(f"  wrong: {wrong or 'nothing'}")
    print("  memory of the server before, at peak, after: " + ", ".join(f"{one / 1e6:,.0f} MB" for one in memory))
