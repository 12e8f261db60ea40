"""The cache of decoded images against LMDB: writing, random reads, two processes at once, kills, a bound on the size.

LMDB is no requirement: `pip install lmdb` first. Both stores get the same images, 224 × 224, in interleaved rounds.
LMDB is used as kindly as a cache may: without `fsync`, without a checksum, and with the fewest lines that keep a bound.
"""

import multiprocessing
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wildcam.training.inputs.pixel_cache import PixelCache

IMAGES, SIDE = 2_000, 224
IMAGE_BYTES = 3 * SIDE**2
ROUNDS, RUNS, KILLS = 5, 10, 10
ROOMY, TIGHT = 2_000_000_000, 100_000_000  # bytes
PROCESSES = multiprocessing.get_context("spawn")

Image = NDArray[np.uint8]


class Store(Protocol):
    """What training needs of a cache."""

    def find(self, keys: list[bytes], image_bytes: int) -> None:
        """Look up the keys, ahead of reading."""

    def add(self, key: bytes, image: Image) -> None:
        """Keep an image."""

    def read(self, key: bytes, image: Image) -> bool:
        """Fill `image`; whether the store has it."""

    def close(self) -> None:
        """Keep what is still in memory."""


class LmdbStore:
    """A transaction for every `batch` images. The oldest written go first, as LMDB keeps no time of use."""

    def __init__(self, folder: Path, max_bytes: int, batch: int = 1) -> None:
        import lmdb

        folder.mkdir(parents=True, exist_ok=True)
        # Twice the bound, as a full map takes no deletion either: that copies pages before it frees any.
        self._environment = lmdb.open(str(folder), map_size=2 * max_bytes, max_dbs=2, sync=False, metasync=False)
        self._images = self._environment.open_db(b"images")
        self._order = self._environment.open_db(b"order")
        self._batch = batch
        self._most = max_bytes // IMAGE_BYTES
        self._waiting: list[tuple[bytes, bytes]] = []

    def find(self, keys: list[bytes], image_bytes: int) -> None:
        """Nothing to prepare: a key is looked up as it is read."""

    def add(self, key: bytes, image: Image) -> None:
        """Keep an image, once a batch has come together."""
        self._waiting.append((key, image.tobytes()))
        if len(self._waiting) >= self._batch:
            self._flush()

    def read(self, key: bytes, image: Image) -> bool:
        """Fill `image`; whether the store has it."""
        with self._environment.begin(db=self._images, buffers=True) as transaction:
            value = transaction.get(key)
            if value is None:
                return False
            image.reshape(-1)[:] = np.frombuffer(value, np.uint8)
            return True

    def close(self) -> None:
        """Write the rest."""
        self._flush()
        self._environment.close()

    def _flush(self) -> None:
        with self._environment.begin(write=True) as transaction:
            self._drop_oldest(transaction)
            for key, value in self._waiting:
                transaction.put(key, value, db=self._images)
                transaction.put(time.time_ns().to_bytes(8, "big"), key, db=self._order)
        self._waiting = []

    def _drop_oldest(self, transaction: Any) -> None:
        surplus = transaction.stat(self._images)["entries"] + len(self._waiting) - self._most
        cursor = transaction.cursor(self._order)
        while surplus > 0 and cursor.first():
            transaction.delete(cursor.value(), db=self._images)
            cursor.delete()
            surplus -= 1


Make = Callable[[Path, int], Store]


@dataclass(frozen=True)
class LmdbOf:
    """Opens LMDB with so many images a transaction; can be sent to another process."""

    batch: int

    def __call__(self, folder: Path, max_bytes: int) -> Store:
        """Open the store."""
        return LmdbStore(folder, max_bytes, self.batch)


STORES: dict[str, Make] = {"shards": PixelCache, "LMDB, an image a commit": LmdbOf(1), "LMDB, 64 a commit": LmdbOf(64)}


class Pixels:
    """Images from one block of noise, each shifted by a byte against the one before."""

    def __init__(self) -> None:
        self._noise = np.random.default_rng(0).integers(0, 256, IMAGE_BYTES + 4096, np.uint8)

    def __getitem__(self, number: int) -> Image:
        start = number % 4096
        return self._noise[start : start + IMAGE_BYTES].reshape(SIDE, SIDE, 3)


def main() -> None:
    try:
        import lmdb
    except ImportError:
        print("left out: LMDB is not installed (pip install lmdb)")
        return
    print(
        f"{IMAGES:,} images of {SIDE} px, {IMAGES * IMAGE_BYTES / 1e6:.0f} MB; lmdb {lmdb.__version__}, "
        f"{os.cpu_count()} cores"
    )
    measures: dict[str, Callable[[Make, Path], float]] = {
        "write, images/s": _write,
        "read a first epoch at random, images/s": _read_first,
        "read a later one, images/s": _read_later,
        "two processes write, images/s": _write_together,
        "two processes read, images/s": _read_together,
        "ten runs write within 100 MB, images/s": _write_bounded,
        "disk taken after that, MB": _bounded_size,
    }
    figures: dict[str, dict[str, list[float]]] = {what: {name: [] for name in STORES} for what in measures}
    for _ in range(ROUNDS):
        for name, make in STORES.items():
            with tempfile.TemporaryDirectory() as folder:
                for what, measure in measures.items():
                    figures[what][name].append(measure(make, Path(folder)))
    for what, of_store in figures.items():
        print(what)
        for name, values in of_store.items():
            print(f"  {name:<26}{statistics.median(values):9,.0f}   ({min(values):,.0f} to {max(values):,.0f})")
    print(f"killed {KILLS} times while two processes write: whole images found, torn images")
    for name, make in STORES.items():
        whole, torn = _kill(make)
        print(f"  {name:<26}{whole:9,}   {torn}")


def _key(number: int) -> bytes:
    return (number + 1).to_bytes(16, "big")


def _fill(make: Make, folder: Path, numbers: range, max_bytes: int = ROOMY) -> None:
    pixels, store = Pixels(), make(folder, max_bytes)
    for number in numbers:
        store.add(_key(number), pixels[number])
    store.close()


def _write(make: Make, folder: Path) -> float:
    return _rate(lambda: _fill(make, folder / "one", range(IMAGES)))


def _rate(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return IMAGES / (time.perf_counter() - began)


def _open_filled(make: Make, folder: Path) -> Store:
    store = make(folder, ROOMY)
    store.find([_key(number) for number in range(IMAGES)], IMAGE_BYTES)
    return store


def _read_epoch(store: Store, seed: int) -> None:
    pixels, image = Pixels(), np.empty((SIDE, SIDE, 3), np.uint8)
    for number in map(int, np.random.default_rng(seed).permutation(IMAGES)):
        if not store.read(_key(number), image) or image[0, 0, 0] != pixels[number][0, 0, 0]:
            raise RuntimeError(f"image {number} is not there")


def _read_all(make: Make, folder: Path, seed: int) -> None:
    store = _open_filled(make, folder)
    _read_epoch(store, seed)
    store.close()


def _read_first(make: Make, folder: Path) -> float:
    return _rate(lambda: _read_all(make, folder / "one", 0))


def _read_later(make: Make, folder: Path) -> float:
    store = _open_filled(make, folder / "one")
    _read_epoch(store, 1)
    rate = _rate(lambda: _read_epoch(store, 2))
    store.close()
    return rate


def _write_together(make: Make, folder: Path) -> float:
    half = IMAGES // 2
    return _together(_fill, [(make, folder / "two", range(start, start + half)) for start in (0, half)], IMAGES)


def _read_together(make: Make, folder: Path) -> float:
    return _together(_read_all, [(make, folder / "two", seed) for seed in (1, 2)], 2 * IMAGES)


def _together(work: Callable[..., None], arguments: list[tuple[Any, ...]], images: int) -> float:
    barrier = PROCESSES.Barrier(len(arguments) + 1)
    workers = [PROCESSES.Process(target=_after, args=(barrier, work, given)) for given in arguments]
    for worker in workers:
        worker.start()
    barrier.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError(f"a process ended with {worker.exitcode}")
    return images / (time.perf_counter() - began)


def _after(barrier: Barrier, work: Callable[..., None], given: tuple[Any, ...]) -> None:
    barrier.wait()
    work(*given)


def _write_bounded(make: Make, folder: Path) -> float:
    """One run after the other, each with images of its own: none drops what it has just written."""

    def runs() -> None:
        for start in range(0, IMAGES, IMAGES // RUNS):
            _fill(make, folder / "bound", range(start, start + IMAGES // RUNS), TIGHT)

    return _rate(runs)


def _bounded_size(make: Make, folder: Path) -> float:
    return sum(path.stat().st_blocks * 512 for path in (folder / "bound").iterdir()) / 1e6


def _write_forever(make: Make, folder: Path, first: int, begun: Event) -> None:
    pixels, store = Pixels(), make(folder, ROOMY * 20)
    for number in range(first, first + 100_000):
        store.add(_key(number), pixels[number])
        if number == first + 200:
            begun.set()


def _kill(make: Make) -> tuple[int, int]:
    """Whole and torn images after kills in the middle of writing; raises where the store cannot be opened any more."""
    with tempfile.TemporaryDirectory() as folder:
        numbers: list[int] = []
        for attempt in range(KILLS):
            firsts = [(2 * attempt + writer) * 100_000 for writer in (0, 1)]
            numbers += [number for first in firsts for number in range(first, first + 3_000)]
            begun = [PROCESSES.Event() for _ in firsts]
            given = [(make, Path(folder), first, event) for first, event in zip(firsts, begun, strict=True)]
            workers = [PROCESSES.Process(target=_write_forever, args=arguments) for arguments in given]
            for worker in workers:
                worker.start()
            for event in begun:
                event.wait()
            time.sleep(0.01 * attempt)
            for worker in workers:
                os.kill(worker.pid or 0, signal.SIGKILL)
                worker.join()
        return _count(make, Path(folder), numbers)


def _count(make: Make, folder: Path, numbers: list[int]) -> tuple[int, int]:
    store, pixels, image = make(folder, ROOMY * 20), Pixels(), np.empty((SIDE, SIDE, 3), np.uint8)
    store.find([_key(number) for number in numbers], IMAGE_BYTES)
    whole = torn = 0
    for number in numbers:
        if store.read(_key(number), image):
            same = np.array_equal(image, pixels[number])
            whole, torn = whole + same, torn + (not same)
    store.close()
    return whole, torn


if __name__ == "__main__":
    main()
