"""A lock that is granted in order of arrival: browser sessions share the cores, and see their place in the queue."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.5
"""How often a waiting thread reports its place."""


class FairLock:
    """First come, first served. Safe between threads."""

    def __init__(self) -> None:
        self._queue: deque[object] = deque()  # the first holds the lock
        self._changed = threading.Condition()

    @contextmanager
    def acquire(self, show_place: Callable[[int], None] = lambda ahead: None) -> Iterator[None]:
        """Wait for the lock and hold it for the block.

        `show_place` gets the number of threads ahead, while it waits.
        """
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
        try:
            while True:
                with self._changed:
                    if self._queue.index(ticket) == 0:
                        break
                    self._changed.wait(POLL_SECONDS)
                    ahead = self._queue.index(ticket)
                if ahead:
                    show_place(ahead)
            yield
        finally:
            with self._changed:
                self._queue.remove(ticket)
                self._changed.notify_all()
