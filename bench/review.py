"""Review at 200,000 photos: opening a queue, one key from the browser's message to the answer, a key for a burst."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from pages.review.grid import grid_state
from pages.review.screen import Action, Screens
from pages.review.source import ReviewSource
from wildcam.data.reviews import Review, Reviews
from wildcam.review.action import Reviewer
from wildcam.review.plan import review_plan
from wildcam.review.queue import ReviewOrder, ReviewQueue, Show, queue_of_answers

Result = TypeVar("Result")
PHOTOS, REVIEWED, KEYS, CLASSES = 200_000, 20_000, 40, 216


def main() -> None:
    """Print medians and the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        root = home / "photos"
        root.mkdir()
        reviews = Reviews(home)
        queue, seconds = _timed(lambda: _queue(root))
        print(f"gather {PHOTOS:,} answers: {seconds:.2f} s")
        reviews.add_all(
            [Review(path, "a", "b", str(root / path)) for path in queue.table["path"].sample(REVIEWED, random_state=1)]
        )
        _, seconds = _timed(lambda: Reviews(home).below(root))
        print(f"read {REVIEWED:,} reviews: {seconds:.2f} s")
        labels = tuple(queue.table["predicted"].unique())
        source = ReviewSource(queue, labels)
        for order in ReviewOrder:
            rows, seconds = _timed(partial(queue.rows, order, Show.TO_REVIEW, (), reviews.below(root)))
            print(f"order {order.display}: {seconds * 1000:.0f} ms")
        for with_bursts in (False, True):
            own = queue.one_a_burst(rows) if with_bursts else rows
            screens = Screens(source, own, with_bursts, Reviewer(reviews))
            took = [_key(screens, number) for number in range(KEYS)]
            what = "burst" if with_bursts else "photo"
            median = statistics.median(took)
            print(f"a key for one {what}: median {median * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms")
        _, seconds = _timed(lambda: review_plan(queue, reviews.below(root)))
        print(f"how many more: {seconds * 1000:.0f} ms")


def _key(screens: Screens, number: int) -> float:
    """A key as the fragment runs it: what was sent is done, and the grid's state is made anew."""
    photo = screens.now[number % len(screens.now)]
    sent = Action.model_validate(
        {"number": number + 1, "screen": screens.screen, "kind": "label", "label": "fox", "photos": [photo]}
    )

    def answer() -> None:
        screens.do([sent])
        grid_state(screens)

    return _timed(answer)[1]


def _queue(root: Path) -> ReviewQueue:
    random = np.random.default_rng(7)
    names = [f"cam{number % 441:03}/{number:06}.jpg" for number in range(PHOTOS)]
    start = pd.Timestamp("2020-01-01")
    table = pd.DataFrame(
        {
            "image_id": names,
            "path": names,
            "label": [f"species {number}" for number in random.geometric(0.03, PHOTOS).clip(max=CLASSES)],
            "confidence": random.random(PHOTOS),
            "agreement": random.integers(1, 5, PHOTOS),
            "views": 4,
            "location": [name[:6] for name in names],
            "camera": "",
            "sequence_id": "",
            "taken_at": start + pd.to_timedelta(np.arange(PHOTOS) // 441 // 5 * 600, unit="s"),
            "utc_offset": pd.array([None] * PHOTOS, dtype="Int16"),
        }
    )
    return queue_of_answers(table, root, "bench")


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start
