import shutil
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from wildcam.errors import PhotographError
from wildcam.images import load_square
from wildcam.training import photographs as module
from wildcam.training.photographs import Photographs


@pytest.fixture
def paths(tmp_path):
    """Seven photographs; the third one cannot be read."""
    random = np.random.default_rng(0)
    paths = [tmp_path / f"{number}.jpg" for number in range(7)]
    for path in paths:
        Image.fromarray(random.integers(0, 256, (60, 80, 3), dtype=np.uint8)).save(path)
    paths[2].write_bytes(b"no photograph")
    return paths


@pytest.fixture
def store_path(tmp_path):
    return tmp_path / "pixels" / "train.npy"


@pytest.mark.parametrize("stored", [True, False])
def test_pictures_are_what_every_other_part_reads(paths, store_path, stored):
    photographs = Photographs(paths, 32, store_path if stored else None)
    for _ in range(2):
        np.testing.assert_array_equal(photographs[1], load_square(paths[1], 32))
    assert photographs.batch([0, 1, 3]).shape == (3, 32, 32, 3)
    assert len(photographs) == 7


def test_a_photograph_is_decoded_once_where_it_is_stored(paths, store_path):
    photographs = Photographs(paths, 32, store_path)
    before = photographs.batch([0, 1])
    for path in paths:
        path.unlink()
    np.testing.assert_array_equal(photographs.batch([0, 1]), before)
    before[:] = 0  # a copy: nobody can spoil the store
    assert photographs.batch([0, 1]).any()
    with pytest.raises(PhotographError, match="3.jpg is missing"):
        photographs[3]


def test_the_unreadable_are_found_and_left_out_by_a_subset(paths, store_path):
    heard = []
    photographs = Photographs(paths, 32, store_path)
    readable = photographs.readable(progress=lambda done, total: heard.append((done, total)))
    assert readable.tolist() == [True, True, False, True, True, True, True]
    assert heard[-1] == (7, 7)
    subset = photographs.subset(np.flatnonzero(readable)).subset(np.array([5, 2]))
    paths[6].unlink()  # it has been decoded
    assert len(subset) == 2
    np.testing.assert_array_equal(subset.batch([0, 1]), photographs.batch([6, 3]))
    with pytest.raises(PhotographError, match="2.jpg is not a photograph"):
        photographs[2]


def test_a_stop_while_photographs_are_decoded_does_not_wait_for_the_rest(paths, monkeypatch):
    class Stop(Exception):
        pass

    def stop(done, total):
        raise Stop

    decoded = []
    monkeypatch.setattr(module, "load_square", lambda path, side: (time.sleep(0.01), decoded.append(path)))
    with pytest.raises(Stop):
        Photographs(paths * 100, 32).readable(progress=stop)
    assert len(decoded) < 100


@pytest.mark.parametrize("limit", ["size", "free disk"])
def test_nothing_is_stored_where_it_would_fill_the_disk(paths, store_path, monkeypatch, limit):
    size = len(paths) * 32 * 32 * 3
    if limit == "size":
        monkeypatch.setattr(module, "DISK_LIMIT_BYTES", size - 1)
    else:
        usage = namedtuple("usage", "free")(2 * size - 1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    photographs = Photographs(paths, 32, store_path)
    assert photographs.batch([0, 1]).any()
    assert not store_path.exists()


def test_threads_read_the_same_pictures(paths, store_path):
    photographs = Photographs([paths[0]] * 40, 32, store_path)
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda k: photographs[k % 40], range(400)))
    expected = load_square(paths[0], 32)
    assert all((picture == expected).all() for picture in pictures)
