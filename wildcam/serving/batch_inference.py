"""Many images, one thread a core: each reads and classifies on its own, and few images are in memory at once."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from wildcam.images import Box, Source
from wildcam.serving.two_stage import Verdict


class Identify(Protocol):
    """How one image gets its verdict."""

    def __call__(self, source: Source, *, box: Box | None) -> Verdict:
        """Never raises for an image that cannot be read: its verdict is `failed`."""


def classify_images(identify: Identify, images: Iterable[tuple[Source, Box | None]]) -> Iterator[Verdict]:
    """Verdicts in the order of the images; only a few images are read ahead, however many come."""
    workers = os.cpu_count() or 1
    pool = ThreadPoolExecutor(workers, thread_name_prefix="identify")
    pending: deque[Future[Verdict]] = deque()
    try:
        for source, box in images:
            pending.append(pool.submit(identify, source, box=box))
            if len(pending) > 2 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
