"""Pixels of uploads: each is decoded once for the models and once for the screen, however often a page runs."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Generic, TypeVar

from wildcam.images import load_rgb
from wildcam.serving.stage_outputs import StageInputs
from wildcam.serving.two_stage_classifier import TwoStageClassifier

MAX_BYTES = 64 * 1024**2
"""What one session keeps of each kind; what was used longest ago goes first."""

PREVIEW_SIDE = 1024
"""Longest side of a preview, px."""

T = TypeVar("T")


class UploadPixels:
    """The decoded uploads of one session, by the hash of their content. Safe between threads.

    The models' pixels and the preview are decoded apart: a JPEG is read at the scale that training read it at, which
    is too coarse for the screen, and no other scale gives the models the same pixels.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._inputs: _Bounded[StageInputs] = _Bounded(
            max_bytes, lambda inputs: inputs.empty.nbytes + inputs.species.nbytes
        )
        self._previews: _Bounded[bytes] = _Bounded(max_bytes, len)

    def inputs(self, content: bytes, classifier: TwoStageClassifier) -> StageInputs:
        """What both stages get of it. Raises `ImageError`."""
        sizes = (classifier.empty.card.image_size, classifier.species.card.image_size)
        return self._inputs.get((sha256(content).digest(), *sizes), lambda: classifier.load_inputs(content))

    def preview(self, content: bytes, side: int = PREVIEW_SIDE) -> bytes:
        """A JPEG of at most `side` px, upright. Raises `ImageError`."""
        return self._previews.get((sha256(content).digest(), side), lambda: _preview(content, side))


class _Bounded(Generic[T]):
    """Values by key, the least recently used of them dropped beyond `max_bytes`; the latest is always kept."""

    def __init__(self, max_bytes: int, size_of: Callable[[T], int]) -> None:
        self._max_bytes, self._size_of = max_bytes, size_of
        self._values: OrderedDict[tuple[object, ...], T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()  # without the lock: threads decode side by side
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._bytes += self._size_of(value)
            while self._bytes > self._max_bytes and len(self._values) > 1:
                self._bytes -= self._size_of(self._values.popitem(last=False)[1])
        return value


def _preview(content: bytes, side: int) -> bytes:
    image = load_rgb(content, image_size=side // 2)
    image.thumbnail((side, side))
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()
