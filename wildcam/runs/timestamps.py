"""Timestamps of a run's points: strictly increasing, whatever the machine's clock does.

MLflow keeps points in order of their time, and a resume voids points by their time.
"""

import time
from collections.abc import Callable


class MonotonicTimestamps:
    """Milliseconds since 1970, each reading later than the last and than `after`."""

    def __init__(self, after: int = 0, now: Callable[[], float] = time.time) -> None:
        self._last = after
        self._now = now

    def read(self) -> int:
        """The time, or the next millisecond where that is taken."""
        self._last = max(self._last + 1, int(self._now() * 1000))
        return self._last
