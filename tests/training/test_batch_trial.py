"""Which batch size is taken, from steps that fail as frameworks do."""

import pytest

from wildcam.errors import RunError
from wildcam.training import batch_trial
from wildcam.training.batch_trial import largest_batch


class ResourceExhaustedError(Exception):
    """TensorFlow's, by its name."""


class Memory:
    """A GPU that takes so many images."""

    def __init__(self, room: int, error: Exception | None = None) -> None:
        self.room = room
        self.tried: list[int] = []
        self._error = error or ResourceExhaustedError("OOM when allocating tensor")

    def step(self, size: int) -> None:
        self.tried.append(size)
        if size > self.room:
            raise self._error


@pytest.mark.parametrize(
    ("start", "room", "images", "found"),
    [(32, 300, 5000, 256), (32, 10, 5000, 8), (32, 32, 5000, 32), (32, 10**9, 5000, 1024), (32, 10**9, 100, 64)],
    ids=["doubled", "halved", "as it is", "bounded", "no more than there are"],
)
def test_the_size_is_doubled_or_halved_until_it_fits(start: int, room: int, images: int, found: int) -> None:
    assert largest_batch(start, images, Memory(room).step, on_processor=False) == found


def test_once_halved_it_is_not_doubled_again() -> None:
    memory = Memory(10)
    largest_batch(32, 5000, memory.step, on_processor=False)
    assert memory.tried == [32, 16, 8]


def test_torchs_words_count_too() -> None:
    memory = Memory(70, RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"))
    assert largest_batch(32, 5000, memory.step, on_processor=False) == 64


def test_where_nothing_fits_a_sentence_says_what_to_change() -> None:
    with pytest.raises(RunError, match="smaller image size"):
        largest_batch(32, 5000, Memory(1).step, on_processor=False)


def test_another_error_is_not_taken_for_a_lack_of_memory() -> None:
    with pytest.raises(ValueError, match="shape"):
        largest_batch(32, 5000, Memory(1, ValueError("wrong shape")).step, on_processor=False)


def test_a_machine_is_never_asked_for_more_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kernel would end the process: 1 MB an image, of 200 that are free."""
    peaks = iter([32, 64, 128])
    monkeypatch.setattr(batch_trial, "_resident_bytes", lambda: 0)
    monkeypatch.setattr(batch_trial, "_peak_bytes", lambda: next(peaks) * 10**6)
    monkeypatch.setattr(batch_trial, "free_memory_bytes", lambda: 200 * 10**6)
    memory = Memory(10**9)
    assert largest_batch(32, 5000, memory.step, on_processor=True) == 128
    assert memory.tried == [32, 64, 128]
