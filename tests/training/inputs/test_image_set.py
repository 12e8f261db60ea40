import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from wildcam.errors import ImageError
from wildcam.images import load_square
from wildcam.training.inputs import image_set as module
from wildcam.training.inputs.crops import Crops
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache

SIDE = 32


def save_noise(path, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def paths(tmp_path):
    """Seven images; the third one is damaged."""
    paths = [tmp_path / f"{number}.jpg" for number in range(7)]
    for number, path in enumerate(paths):
        save_noise(path, number)
    paths[2].write_bytes(b"not an image")
    return paths


@pytest.fixture
def decoded(monkeypatch):
    """The files that were decoded, by name, in their order."""
    names = []

    def load(path, image_size):
        names.append(path.name)
        return load_square(path, image_size)

    monkeypatch.setattr(module, "load_square", load)
    return names


@pytest.fixture
def open_cache(tmp_path):
    return lambda: PixelCache(tmp_path / "pixels", 10**9)


@pytest.mark.parametrize("cached", [True, False])
def test_images_are_what_every_other_part_reads(paths, open_cache, cached):
    images = ImageSet(paths, SIDE, open_cache() if cached else None)
    for _ in range(2):
        np.testing.assert_array_equal(images[1], load_square(paths[1], SIDE))
    assert images.batch([0, 1, 3]).shape == (3, SIDE, SIDE, 3)
    assert len(images) == 7


def test_an_image_is_decoded_once_for_all_runs(paths, open_cache, decoded):
    with open_cache() as cache:
        images = ImageSet(paths, SIDE, cache)
        before = images.batch([0, 1, 0])
        np.testing.assert_array_equal(images.batch([0, 1, 0]), before)
    with open_cache() as cache:
        np.testing.assert_array_equal(ImageSet(paths[::-1], SIDE, cache).batch([6, 5, 6]), before)
        ImageSet(paths, 2 * SIDE, cache)[0]  # other pixels
    assert decoded == ["0.jpg", "1.jpg", "0.jpg"]
    before[:] = 0  # a copy: nobody can spoil the cache
    with open_cache() as cache:
        assert ImageSet(paths, SIDE, cache).batch([0, 1]).any()


@pytest.mark.parametrize("change", ["content", "time"])
def test_a_changed_file_is_decoded_anew(paths, open_cache, decoded, change):
    with open_cache() as cache:
        ImageSet(paths, SIDE, cache).batch([0, 1])
    if change == "content":
        save_noise(paths[0], seed=99)
    else:
        os.utime(paths[0], ns=(0, 1))
    with open_cache() as cache:
        arrays = ImageSet(paths, SIDE, cache).batch([0, 1])
    assert decoded == ["0.jpg", "1.jpg", "0.jpg"]
    np.testing.assert_array_equal(arrays[0], load_square(paths[0], SIDE))


def test_crops_and_whole_images_do_not_take_each_other_for_themselves(paths, open_cache):
    nothing, box = [np.nan] * 4, [0.1, 0.1, 0.3, 0.3]
    crops = [None, *(Crops(np.float32([which] * 7), margin) for which, margin in ((nothing, 0), (box, 0), (box, 0.2)))]
    expected = [
        load_square(paths[0], SIDE),
        load_square(paths[0], SIDE),
        *(load_square(paths[0], SIDE, box=tuple(map(float, np.float32(box))), margin=margin) for margin in (0, 0.2)),
    ]
    for _ in range(2):
        with open_cache() as cache:
            for which, pixels in zip(crops, expected, strict=True):
                np.testing.assert_array_equal(ImageSet(paths, SIDE, cache, which)[0], pixels)


def test_only_files_with_content_are_present_and_nothing_is_decoded(paths, tmp_path, open_cache, decoded):
    paths[1].unlink()
    paths[4].write_bytes(b"")
    heard = []
    images = ImageSet([*paths, tmp_path], SIDE, open_cache())
    present = images.present(progress=lambda done, total: heard.append((done, total)))
    assert present.tolist() == [True, False, True, True, False, True, True, False]
    assert heard[-1] == (8, 8)
    assert decoded == []


@pytest.mark.parametrize("cached", [True, False])
def test_the_damaged_are_found_and_left_out_by_a_subset(paths, open_cache, decoded, cached, capsys):
    heard = []
    images = ImageSet(paths, SIDE, open_cache() if cached else None)
    assert not images.damaged().any()
    decodable = images.decodable(progress=lambda done, total: heard.append((done, total)))
    assert decodable.tolist() == (~images.damaged()).tolist() == [True, True, False, True, True, True, True]
    assert heard[-1] == (7, 7)
    subset = images.take(np.flatnonzero(decodable)).take(np.array([5, 2]))
    assert len(subset) == 2
    np.testing.assert_array_equal(subset.batch([0, 1]), images.batch([6, 3]))
    assert not subset.damaged().any()
    with pytest.raises(ImageError, match=r"2\.jpg is not a photo"):
        images[2]
    assert decoded.count("2.jpg") == 1
    assert capsys.readouterr().out == f"left out, unreadable: {paths[2]}\n"


def test_what_the_cache_holds_counts_as_decodable_without_decoding(paths, open_cache, decoded):
    with open_cache() as cache:
        ImageSet(paths, SIDE, cache).decodable()
    decoded.clear()
    with open_cache() as cache:
        ImageSet(paths, SIDE, cache).decodable()
    assert decoded == ["2.jpg"]


def test_a_file_that_vanished_is_not_taken_for_a_damaged_one(paths, decoded):
    images = ImageSet(paths, SIDE)
    paths[0].rename(paths[0].with_suffix(".away"))
    with pytest.raises(ImageError, match=r"0\.jpg is missing"):
        images[0]
    paths[0].with_suffix(".away").rename(paths[0])
    assert images[0].any()
    assert not images.damaged().any()


def test_a_stop_while_images_are_decoded_does_not_wait_for_the_rest(paths, monkeypatch):
    class Stop(Exception):
        pass

    def stop(done, total):
        raise Stop

    decoded = []

    def load(path, image_size):
        time.sleep(0.01)
        decoded.append(path)
        return np.zeros((image_size, image_size, 3), np.uint8)

    monkeypatch.setattr(module, "load_square", load)
    with pytest.raises(Stop):
        ImageSet(paths * 100, SIDE).decodable(progress=stop)
    assert len(decoded) < 100


def test_threads_read_the_same_images(paths, open_cache):
    images = ImageSet([paths[0]] * 40, SIDE, open_cache())
    with ThreadPoolExecutor(8) as pool:
        arrays = list(pool.map(lambda k: images[k % 40], range(400)))
    expected = load_square(paths[0], SIDE)
    assert all((image == expected).all() for image in arrays)
