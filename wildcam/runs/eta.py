"""How long the rest will take, from the recent speed."""

from collections import deque

WINDOW_SECONDS = 20.0
"""Only so much of the past counts: files that are known already go by far faster than those that are measured."""

SAMPLE_SECONDS = 0.5
"""Samples closer together than this are one."""


class EtaEstimator:
    """Keeps samples of how many were done at which time."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def seconds_left(self, now: float, done: int, total: int) -> float | None:
        """`now` in seconds of any clock that only goes forward; None until there is something to go by."""
        if not self._samples or now - self._samples[-1][0] >= SAMPLE_SECONDS:
            self._samples.append((now, done))
        while len(self._samples) > 2 and now - self._samples[1][0] >= WINDOW_SECONDS:
            self._samples.popleft()
        since, done_then = self._samples[0]
        return (now - since) / (done - done_then) * (total - done) if done > done_then and now > since else None
