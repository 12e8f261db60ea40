import math
import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple

import numpy as np
import pytest

from wildcam.settings import PROJECT_DIR, Settings
from wildcam.training.inputs import pixel_cache as module
from wildcam.training.inputs.pixel_cache import PixelCache, drop_unused, unused_bytes

SIDE = 8
BYTES = 3 * SIDE**2

FOREVER = """
import itertools, sys
from pathlib import Path
import numpy as np
from wildcam.training.inputs.pixel_cache import PixelCache
cache = PixelCache(Path(sys.argv[1]), int(sys.argv[2]))
first = int(sys.argv[3])
for number in itertools.count(first):
    cache.add(number.to_bytes(16, "little"), np.full((8, 8, 3), number % 251, np.uint8))
    if number == first + 500:
        print("going", flush=True)
"""


def key(number):
    return number.to_bytes(16, "little")


def image(number):
    return np.full((SIDE, SIDE, 3), number % 251, np.uint8)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


@pytest.fixture
def folder(settings):
    return settings.pixels_dir


def fill(folder, numbers, max_bytes=10**6):
    with PixelCache(folder, max_bytes) as cache:
        for number in numbers:
            cache.add(key(number), image(number))


def found(cache, numbers):
    """The numbers whose images the cache has; each must be what it was."""
    cache.find([key(number) for number in numbers], BYTES)
    pixels, known = np.zeros((SIDE, SIDE, 3), np.uint8), []
    for number in numbers:
        if cache.read(key(number), pixels):
            assert (pixels == image(number)).all()
            known.append(number)
    return known


def files(folder):
    return sorted(folder.glob("*.pixels"))


def bytes_of(folder):
    return sum(path.stat().st_size for path in files(folder))


def test_images_are_found_again_by_their_key(folder):
    fill(folder, range(1, 200))
    with PixelCache(folder, 10**6) as cache:
        assert found(cache, range(1, 220)) == list(range(1, 200))
        assert key(1) in cache
        assert key(200) not in cache
    assert found(PixelCache(folder, 10**6), [5]) == [5]


def test_a_large_cache_is_few_files(folder):
    fill(folder, range(1, 4000))
    assert len(files(folder)) < module.SHARDS
    assert bytes_of(folder) < 4000 * (BYTES + 30)


def test_images_of_other_sizes_lie_side_by_side(folder):
    with PixelCache(folder, 10**6) as cache:
        cache.add(key(1), image(1))
        cache.add(key(2), np.full((5, 5, 3), 7, np.uint8))
        cache.add(key(3), image(3))
    with PixelCache(folder, 10**6) as cache:
        assert found(cache, [1, 2, 3]) == [1, 3]
        cache.find([key(2)], 75)
        pixels = np.zeros((5, 5, 3), np.uint8)
        assert cache.read(key(2), pixels)
        assert (pixels == 7).all()


def test_the_longest_unused_go_first_and_the_bound_holds(folder):
    limit = 40_000
    for start in (100, 200, 300):
        fill(folder, range(start, start + 50), limit)
    for age, path in enumerate(sorted(files(folder), key=lambda path: path.stat().st_mtime_ns)):
        os.utime(path, (age, age))  # in the order of their making, whatever the clock's steps
    with PixelCache(folder, limit) as cache:
        found(cache, range(100, 150))  # used again: younger than 200 and 300
    fill(folder, range(400, 480), limit)
    assert bytes_of(folder) <= limit
    with PixelCache(folder, limit) as cache:
        assert found(cache, range(100, 150)) == list(range(100, 150))
        assert found(cache, range(400, 480)) == list(range(400, 480))
        assert len(found(cache, range(200, 250))) < len(found(cache, range(300, 350)))


def test_what_a_living_run_reads_stays(folder, capsys):
    limit = 20_000
    fill(folder, range(100, 180), limit)
    with PixelCache(folder, limit) as reader:
        assert found(reader, range(100, 180)) == list(range(100, 180))
        with PixelCache(folder, limit) as writer:
            for number in range(200, 400):
                writer.add(key(number), image(number))
            assert 0 < len(found(writer, range(200, 400))) < 30
        assert found(reader, range(100, 180)) == list(range(100, 180))
        assert bytes_of(folder) <= limit
    assert capsys.readouterr().out.count("not extended: it is full") == 1


def test_it_never_takes_more_than_its_share_of_the_free_disk(folder, monkeypatch):
    fill(folder, range(1, 50))
    taken = sum(path.stat().st_blocks for path in files(folder)) * 512
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(taken))  # as much again
    fill(folder, range(100, 2000))
    assert 0 < bytes_of(folder) <= taken


def test_a_full_disk_goes_on_without_the_cache(folder, monkeypatch, capsys):
    pwrite, writes = os.pwrite, []

    def fail_later(*arguments):
        writes.append(arguments)
        if len(writes) > 20:
            raise OSError(28, "No space left on device")
        return pwrite(*arguments)

    monkeypatch.setattr(os, "pwrite", fail_later)
    with PixelCache(folder, 10**6) as cache:
        for number in range(1, 100):
            cache.add(key(number), image(number))
        assert found(cache, range(1, 100)) == list(range(1, 10))
    assert len(writes) == 21
    assert capsys.readouterr().out.count("No space left on device") == 1


def test_a_folder_that_cannot_be_written_holds_nothing(tmp_path):
    (tmp_path / "pixels").write_text("in the way")
    with PixelCache(tmp_path / "pixels", 10**6) as cache:
        cache.add(key(1), image(1))
        assert found(cache, [1]) == []


def test_of_size_zero_it_is_off(folder):
    fill(folder, range(1, 9))
    fill(folder, range(9, 20), max_bytes=0)
    with PixelCache(folder, 0) as cache:
        assert found(cache, range(1, 20)) == []
    assert found(PixelCache(folder, 10**6), range(1, 20)) == list(range(1, 9))


@pytest.mark.parametrize("damage", ["cut", "zeros", "header", "nothing left"])
def test_no_torn_image_is_read(folder, damage):
    fill(folder, range(1, 21))
    (path,) = files(folder)
    content = bytearray(path.read_bytes())
    if damage == "cut":  # the last one and a half
        content = content[: len(content) - BYTES * 3 // 2]
    elif damage == "zeros":  # as after a power cut: the table is there, some images are not
        content[-BYTES * 3 // 2 :] = bytes(BYTES * 3 // 2)
    elif damage == "header":
        content[:4] = b"????"
    else:
        content = b""
    path.write_bytes(content)
    with PixelCache(folder, 10**6) as cache:
        intact = found(cache, range(1, 21))
        assert intact == (list(range(1, 19)) if damage in {"cut", "zeros"} else [])
        cache.add(key(20), image(20))
        assert found(cache, [20]) == [20]


@pytest.fixture
def start_writer(folder):
    """Start a process that adds images without end, numbered from `first`; it is killed at the latest with the test."""
    writers = []

    def start(max_bytes, first):
        command = [sys.executable, "-c", FOREVER, str(folder), str(max_bytes), str(first)]
        writers.append(subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True))
        return writers[-1]

    yield start
    for writer in writers:
        kill(writer)


def kill(writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()


def test_two_writers_that_are_killed_leave_whole_images_and_keep_the_bound(folder, start_writer):
    limit, firsts = 50 * 10**6, (1, 10_000_000)
    writers = [start_writer(limit, first) for first in firsts]
    assert [writer.stdout.readline() for writer in writers] == ["going\n"] * 2
    assert bytes_of(folder) <= limit
    for writer in writers:
        kill(writer)
    with PixelCache(folder, limit) as cache:
        for first in firsts:
            assert len(found(cache, range(first, first + 2000))) > 400  # each is compared
    limit = 10**6
    fill(folder, range(20_000_000, 20_005_000), limit)  # nobody holds what the dead have left
    assert bytes_of(folder) <= limit
    with PixelCache(folder, limit) as cache:
        assert found(cache, range(1, 2000)) == []


def test_what_was_closed_can_be_asked_and_says_nothing(folder):
    cache = PixelCache(folder, 10**6)
    cache.add(key(1), image(1))
    cache.close()
    cache.add(key(2), image(2))
    assert found(cache, [1, 2]) == []
    assert found(PixelCache(folder, 10**6), [1, 2]) == [1]


def test_its_size_is_known_and_it_is_cleared_but_for_what_is_in_use(folder):
    assert (unused_bytes(folder, math.inf), drop_unused(folder, math.inf)) == (0, 0)
    fill(folder, range(1, 500))
    size = unused_bytes(folder, math.inf)
    assert 500 * BYTES < size < 500 * BYTES * 2
    with PixelCache(folder, 10**6) as cache:
        assert found(cache, [1]) == [1]
        assert 0 < drop_unused(folder, math.inf) < size
        assert found(cache, [1]) == [1]
    assert unused_bytes(folder, math.inf) == drop_unused(folder, math.inf) > 0
    assert unused_bytes(folder, math.inf) == 0


def test_its_bound_is_a_setting(monkeypatch):
    assert Settings().pixel_cache_bytes == 20 * 10**9
    monkeypatch.setenv("WILDCAM_PIXEL_CACHE_GB", "0.5")
    assert Settings().pixel_cache_bytes == 500_000_000
