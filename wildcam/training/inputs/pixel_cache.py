"""Decoded images on the disk, for all runs: bounded in size, the least recently used dropped first.

A shard is one file: a header, a table of keys and checksums, and the images as they are, so that reading is
copying. An image is written before its row of the table, and its checksum is compared when a process first reads it:
what a killed process or a crash left behind half written is never taken for an image. Every process writes shards of
its own, and holds a shared lock on each shard that it reads or writes; only what nobody holds is dropped.

LMDB was weighed against this (`bench/pixel_store.py`): see docs/decisions.md.
"""

import contextlib
import fcntl
import os
import shutil
import struct
import threading
import time
import weakref
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from wildcam.runs.lock import Lock

KEY_BYTES = 16

SHARDS = 128
"""A full cache is made of so many files. Small runs leave smaller ones."""

DISK_SHARE = 0.5
"""The cache never takes more than this share of the disk that would be free without it."""

RETRY_SECONDS = 60.0
"""After there was no room: a run that ends may have let go of some."""

_SUFFIX = ".pixels"
_MAGIC = b"WILDCAM1"  # another number for another layout
_HEADER = struct.Struct("<8sQQ")  # the magic, bytes of an image, slots
_NO_KEY = bytes(KEY_BYTES)
_ROW = struct.Struct(f"<{KEY_BYTES}sI")  # key and checksum of the image in the slot of the same number


def unused_bytes(folder: Path, before: float) -> int:
    """Bytes that shards take which nobody has used since `before`, in seconds since 1970."""
    return sum(_disk_bytes(stat) for stat, _ in _shards(folder) if stat.st_mtime < before)


def drop_unused(folder: Path, before: float) -> int:
    """Drop these but for what a living run reads; how many bytes that freed."""
    if not folder.is_dir():
        return 0
    with _room_lock(folder) or contextlib.nullcontext():  # a new shard is not held in its first moment
        old = [(stat, path) for stat, path in _shards(folder) if stat.st_mtime < before]
        return sum(_disk_bytes(stat) for stat, path in old if _drop(path))


class PixelCache:
    """Images (uint8, (S, S, 3)) by key, 16 bytes that are not all zero. Processes and threads may share a folder.

    Nothing here raises for a full or broken disk: what cannot be kept is not, what cannot be read is not there. With
    `max_bytes` 0 it is off.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._entries: dict[bytes, _Entry] = {}  # of every key that was looked for and found, or added
        self._held: set[_Shard] = set()
        self._writing: dict[int, _Shard] = {}  # by bytes of an image
        self._lock = threading.Lock()
        self._no_room_until = 0.0
        self._reported: set[str] = set()
        self._closed = not max_bytes

    def find(self, keys: Collection[bytes], image_bytes: int) -> None:
        """Look which of the keys are kept, and hold their shards from now on."""
        if self._closed:
            return
        missing = {key for key in keys if key not in self._entries}
        for _, path in sorted(_shards(self.folder), key=lambda found: found[0].st_mtime_ns, reverse=True):
            if not missing:
                return
            with contextlib.suppress(OSError):  # one that is damaged or out of reach holds nothing
                shard = _Shard.open(path)
                if shard is None or shard.image_bytes != image_bytes:
                    continue
                entries = {key: _Entry(shard, slot, checksum) for slot, key, checksum in shard.rows() if key in missing}
                if entries:
                    missing.difference_update(entries)
                    self._entries.update(entries)
                    self._held.add(shard)
                    shard.touch()

    def __contains__(self, key: bytes) -> bool:
        return key in self._entries

    def read(self, key: bytes, image: NDArray[np.uint8]) -> bool:
        """Fill `image`, which must be contiguous; whether the cache has it. If not, its content is undefined."""
        entry = self._entries.get(key)
        if entry is None:
            return False
        intact = entry.shard.read(entry.slot, image)
        if intact and not entry.checked:
            intact = entry.checked = zlib.crc32(image.data) == entry.checksum
        if not intact:
            self._entries.pop(key, None)
        return intact

    def add(self, key: bytes, image: NDArray[np.uint8]) -> None:
        """Keep an image, which must be contiguous, where there is room."""
        if key in self._entries:
            return
        try:
            with self._lock:
                shard = None if self._closed else self._shard_with_room(image.nbytes)
                if shard is None:
                    return
                slot = shard.next_slot()
            checksum = zlib.crc32(image.data)
            shard.write(slot, key, checksum, image)
            self._entries[key] = _Entry(shard, slot, checksum, checked=True)
        except OSError as error:
            self._pause(f"it cannot be written ({error.strerror})")

    def close(self) -> None:
        """Let go of every shard. Reading and adding go on to be allowed, and find nothing, keep nothing."""
        with self._lock:
            self._closed = True
            for shard in self._writing.values():
                with contextlib.suppress(OSError):
                    shard.cut()
            for shard in self._held:
                shard.touch()
            self._entries, self._held, self._writing = {}, set(), {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _shard_with_room(self, image_bytes: int) -> "_Shard | None":
        if time.monotonic() < self._no_room_until:
            return None
        shard = self._writing.get(image_bytes)
        if shard and not shard.is_full:
            return shard
        slots = max(1, self.max_bytes // SHARDS // (image_bytes + _ROW.size))
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = _room_lock(self.folder)
        if lock is None:
            self._pause("other processes are busy with it")
            return None
        with lock:
            if not _make_room(self.folder, _Shard.bytes_of(image_bytes, slots), self.max_bytes):
                self._pause("it is full")
                return None
            shard = _Shard.create(self.folder / f"{uuid4().hex}{_SUFFIX}", image_bytes, slots)
        self._writing[image_bytes] = shard
        self._held.add(shard)
        return shard

    def _pause(self, reason: str) -> None:
        self._no_room_until = time.monotonic() + RETRY_SECONDS
        if reason not in self._reported:
            self._reported.add(reason)
            print(
                f"note: the cache of decoded photos is not extended: {reason}. Further photos are decoded in every "
                "epoch.",
                flush=True,
            )


@dataclass(slots=True)
class _Entry:
    shard: "_Shard"
    slot: int
    checksum: int
    checked: bool = False


class _Shard:
    """An open shard, held by a shared lock until the last one that uses it lets go of it."""

    def __init__(self, path: Path, descriptor: int, image_bytes: int, slots: int) -> None:
        self.path = path
        self.image_bytes = image_bytes
        self._descriptor = descriptor
        self._slots = slots
        self._taken = 0
        weakref.finalize(self, os.close, descriptor)  # not sooner: a thread may still be reading

    @classmethod
    def create(cls, path: Path, image_bytes: int, slots: int) -> "_Shard":
        """A new shard with no image. Its file has its full length from the start, so that its room is taken."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        shard = cls(path, descriptor, image_bytes, slots)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            os.ftruncate(descriptor, cls.bytes_of(image_bytes, slots))
            _write(descriptor, _HEADER.pack(_MAGIC, image_bytes, slots), 0)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return shard

    @classmethod
    def open(cls, path: Path) -> "_Shard | None":
        """The shard for reading; None where it is none, or dropped by now."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            header = os.pread(descriptor, _HEADER.size, 0)
            if os.fstat(descriptor).st_nlink and len(header) == _HEADER.size and header.startswith(_MAGIC):
                _, image_bytes, slots = _HEADER.unpack(header)
                shard, descriptor = cls(path, descriptor, image_bytes, slots), -1
                return shard
            return None
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    @staticmethod
    def bytes_of(image_bytes: int, slots: int) -> int:
        """The length of a file with so many slots."""
        return _HEADER.size + slots * (_ROW.size + image_bytes)

    @property
    def is_full(self) -> bool:
        """Whether every slot is taken."""
        return self._taken == self._slots

    def next_slot(self) -> int:
        """Take a slot. The caller sees to it that threads take turns."""
        self._taken += 1
        return self._taken - 1

    def rows(self) -> Iterator[tuple[int, bytes, int]]:
        """Slot, key and checksum of every image."""
        table = os.pread(self._descriptor, self._slots * _ROW.size, _HEADER.size)
        whole = memoryview(table)[: len(table) // _ROW.size * _ROW.size]
        for slot, (key, checksum) in enumerate(_ROW.iter_unpack(whole)):
            if key != _NO_KEY:
                yield slot, key, checksum

    def read(self, slot: int, image: NDArray[np.uint8]) -> bool:
        """Fill `image`; whether all of it was there."""
        try:
            return os.preadv(self._descriptor, [image.data], self._start(slot)) == self.image_bytes
        except OSError:
            return False

    def write(self, slot: int, key: bytes, checksum: int, image: NDArray[np.uint8]) -> None:
        """The image first: a row says that its image is there."""
        _write(self._descriptor, image.data.cast("B"), self._start(slot))
        _write(self._descriptor, _ROW.pack(key, checksum), _HEADER.size + slot * _ROW.size)

    def cut(self) -> None:
        """Give back the room of the slots that are not taken."""
        if self._taken:
            os.ftruncate(self._descriptor, self._start(self._taken))
        else:
            self.path.unlink()

    def touch(self) -> None:
        """Used now: dropped last."""
        with contextlib.suppress(OSError):
            os.utime(self._descriptor)

    def _start(self, slot: int) -> int:
        return _HEADER.size + self._slots * _ROW.size + slot * self.image_bytes


def _write(descriptor: int, content: bytes | memoryview, start: int) -> None:
    """All of it: a disk that is nearly full takes a part and then says so."""
    rest = memoryview(content)
    while len(rest):
        count = os.pwrite(descriptor, rest, start)
        rest, start = rest[count:], start + count


def _shards(folder: Path) -> list[tuple[os.stat_result, Path]]:
    found = []
    for path in folder.glob(f"*{_SUFFIX}"):
        with contextlib.suppress(OSError):  # dropped meanwhile
            found.append((path.stat(), path))
    return found


def _room_lock(folder: Path) -> Lock | None:
    """One process at a time counts and takes room."""
    return Lock.acquire(folder / "room.lock", timeout_seconds=5.0)


def _make_room(folder: Path, needed: int, max_bytes: int) -> bool:
    """Drop the longest unused shards until `needed` bytes more keep the bounds; whether they do."""
    shards = _shards(folder)
    total = sum(stat.st_size for stat, _ in shards)
    without_cache = shutil.disk_usage(folder).free + sum(_disk_bytes(stat) for stat, _ in shards)
    allowed = min(max_bytes, int(DISK_SHARE * without_cache))
    for stat, path in sorted(shards, key=lambda found: found[0].st_mtime_ns):
        if total + needed <= allowed:
            break
        if _drop(path):
            total -= stat.st_size
    return total + needed <= allowed


def _drop(path: Path) -> bool:
    """Delete a shard unless somebody holds it; whether it is gone."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _disk_bytes(stat: os.stat_result) -> int:
    """What a file really takes: a shard that is being filled is longer than that."""
    return stat.st_blocks * 512
