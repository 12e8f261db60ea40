"""Many ask, the cores are few: who comes first looks first, and the others see how many are before them."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.5
"""How often one who waits is told its place."""


class FairLock:
    """A queue for one at a time, in order of arrival. Safe between threads."""

    def __init__(self) -> None:
        self._waiting: deque[object] = deque()  # the first has its turn
        self._changed = threading.Condition()

    @contextmanager
    def take(self, show_place: Callable[[int], None] = lambda before: None) -> Iterator[None]:
        """Wait for a turn and hold it for the block. `show_place` hears how many are before, while it waits."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            while True:
                with self._changed:
                    before = self._waiting.index(ticket)
                    if before == 0:
                        break
                    self._changed.wait(LOOK_SECONDS)
                    before = self._waiting.index(ticket)
                if before:
                    show_place(before)
            yield
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()
