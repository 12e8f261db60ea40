"""Many images, a thread a core: each reads and looks by itself, and few are in memory at once."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from wildcam.images import Box, Source
from wildcam.serving.two_stage import Verdict


class Identify(Protocol):
    """How one image is looked at."""

    def __call__(self, source: Source, *, box: Box | None) -> Verdict:
        """Its verdict."""


def classify_images(identify: Identify, images: Iterable[tuple[Source, Box | None]]) -> Iterator[Verdict]:
    """Verdicts in the order of the images; no more than a few are read ahead, however many come."""
    workers = os.cpu_count() or 1
    pool = ThreadPoolExecutor(workers, thread_name_prefix="identify")
    begun: deque[Future[Verdict]] = deque()
    try:
        for source, box in images:
            begun.append(pool.submit(identify, source, box=box))
            if len(begun) > 2 * workers:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
