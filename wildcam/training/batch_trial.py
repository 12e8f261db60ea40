"""The largest batch that fits into memory, found by trial, as the experiments found theirs by hand."""

import resource
from collections.abc import Callable

import psutil

from wildcam.errors import RunError
from wildcam.runs.failures import is_out_of_memory
from wildcam.training.compute_device import free_memory_bytes

MAX_BATCH_SIZE = 1024
"""Beyond, a batch is hardly faster and each epoch has few steps to learn in."""

SPARE = 0.8
"""Share of the free memory that a batch may be expected to take."""

Step = Callable[[int], None]
"""One training step with a batch of so many images, as training does it; raises where memory runs out."""


def largest_batch(start: int, images: int, step: Step, *, on_processor: bool) -> int:
    """Double from `start` as long as a step fits, or halve until one does.

    A GPU reports that its memory is full. A machine does not, its kernel kills the process: so `on_processor` a step
    is tried only where twice the memory of the last one is free. Raises `RunError` where not even two images fit.
    """
    before = _resident_bytes()

    def has_room() -> bool:
        held = max(0, _resident_bytes() - before)  # by earlier trials; the next one uses it again
        return not on_processor or 2 * (_peak_bytes() - before) < SPARE * (free_memory_bytes() + held)

    size = start
    while not _fits(step, size):
        size //= 2
        if size < 2:
            raise RunError("A batch of two photos does not fit into memory: choose a smaller image size.")
    if size < start:
        return size
    while size * 2 <= min(MAX_BATCH_SIZE, images) and has_room() and _fits(step, size * 2):
        size *= 2
    return size


def _fits(step: Step, size: int) -> bool:
    try:
        step(size)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        print(f"batch size {size}: out of memory", flush=True)
        return False
    print(f"batch size {size}: fits", flush=True)
    return True


def _peak_bytes() -> int:
    """The most that this process has had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _resident_bytes() -> int:
    """The memory that this process has now."""
    return int(psutil.Process().memory_info().rss)
