"""Every file is looked at, the catalog remembers what came of it, and nothing is measured twice."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildcam.data import catalog
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, ImageError
from wildcam.images import load_rgb
from wildcam.quality import scan as module
from wildcam.quality.measure import measure
from wildcam.quality.scan import scan
from wildcam.quality.table import QUALITY_COLUMNS, block_path, load_quality
from wildcam.regular_files import open_regular


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset], encode: Callable, scene: Callable) -> Dataset:
    """Two good images, one that is gone, four that cannot be read."""
    good = encode(scene())
    dataset = make_dataset(
        {
            "good.jpg": good,
            "cut.jpg": good[: len(good) // 2],
            "empty.jpg": b"",
            "words.jpg": b"Just some words.",
            "gone.jpg": None,
            "last.jpg": encode(scene(1)),
            "folder.jpg": None,
        }
    )
    (dataset.info.root / "folder.jpg").mkdir()
    return dataset


@pytest.fixture
def ten(make_dataset: Callable[..., Dataset], encode: Callable, scene: Callable) -> Dataset:
    """Ten good images."""
    return make_dataset({f"{number}.jpg": encode(scene(number)) for number in range(10)})


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are measured from now on; the test may clear it."""
    names: list[str] = []

    def count(file: Path) -> object:
        names.append(file.name)
        return measure(file)

    monkeypatch.setattr(module, "measure", count)
    return names


def stored(dataset: Dataset) -> Dataset:
    return catalog.open_dataset(dataset.folder.parent, dataset.name)


def statuses(dataset: Dataset) -> dict[str, str]:
    index = stored(dataset).index
    return dict(zip(index["path"], index["status"], strict=True))


def stop_after(count: int) -> Callable[[], bool]:
    """A request that comes when so many files are done."""
    calls = iter(range(1, 1_000_000))
    return lambda: next(calls) >= count


def test_every_file_gets_a_status_and_a_bad_one_a_reason(dataset: Dataset) -> None:
    result = scan(dataset)
    assert statuses(dataset) == {
        "good.jpg": "ok",
        "cut.jpg": "unreadable",
        "empty.jpg": "unreadable",
        "words.jpg": "unreadable",
        "gone.jpg": "missing",
        "last.jpg": "ok",
        "folder.jpg": "unreadable",
    }
    assert stored(dataset).info.checked_at is not None
    assert (result.measured, result.finished) == (5, True)  # neither the folder nor the missing file was read
    reasons = result.quality.set_index("path")["reason"].dropna()
    assert set(reasons.index) == {"cut.jpg", "empty.jpg", "words.jpg", "folder.jpg"}
    for name, words in {"cut.jpg": "damaged", "empty.jpg": "empty", "words.jpg": "not a photo"}.items():
        assert reasons[name].startswith(name)
        assert words in reasons[name]


def test_a_file_that_the_system_does_not_open_leaves_the_check_incomplete(
    ten: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unreadable is not empty: nothing is known of what such a file holds."""
    refused = ten.image_path("3.jpg")

    def refuse(path: Path) -> object:
        if path == refused:
            raise PermissionError(errno.EACCES, "Permission denied")
        return open_regular(path)

    with monkeypatch.context() as patch:
        patch.setattr("wildcam.quality.measure.open_regular", refuse)
        patch.setattr("wildcam.quality.measure.load_rgb", lambda file: load_rgb(file) if file != refused else deny())
        result = scan(ten)
    assert (result.finished, result.refused) == (True, ("3.jpg",))
    assert statuses(ten)["3.jpg"] == "unreadable"
    assert stored(ten).info.checked_at is None
    with pytest.raises(DataError, match=r"1 file could not be opened and is not checked: 3\.jpg"):
        result.check_complete()
    again = scan(ten)
    assert (again.measured, again.refused) == (1, ())
    assert statuses(ten)["3.jpg"] == "ok"
    assert stored(ten).info.checked_at is not None
    again.check_complete()


def deny() -> None:
    raise ImageError("3.jpg cannot be opened (Permission denied): expected a file that may be read.")


def test_the_table_has_the_documented_columns_in_the_order_of_the_index(dataset: Dataset) -> None:
    assert load_quality(dataset) is None
    result = scan(dataset)
    quality = load_quality(dataset)
    pd.testing.assert_frame_equal(quality, result.quality)
    assert quality.dtypes.astype(str).to_dict() == QUALITY_COLUMNS
    assert quality["path"].tolist() == dataset.index["path"].tolist()
    assert quality.index.equals(dataset.index.index)
    decodable = quality["status"] == "ok"
    measures = ["hash_0", "hash_1", "hash_2", "hash_3", "brightness", "sharpness", "saturation", "width", "height"]
    assert quality.loc[decodable, measures].notna().all(axis=None)
    assert quality.loc[~decodable, measures].isna().all(axis=None)
    assert quality["hash_0"][0] == measure(dataset.image_path("good.jpg")).hash[0]


def test_progress_counts_every_file_across_blocks(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 3)
    calls: list[tuple[int, int]] = []
    scan(dataset, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 7) for done in range(1, 8)]
    assert [block_path(dataset, number).exists() for number in range(4)] == [True, True, True, False]


def test_a_scan_made_again_measures_only_what_is_new_or_changed(
    dataset: Dataset, checked: list[str], encode: Callable, scene: Callable
) -> None:
    root = dataset.info.root
    scan(dataset)
    checked.clear()
    assert scan(dataset).measured == 0
    assert set(checked) == {"gone.jpg", "folder.jpg"}, "what could not be read may be readable now"
    checked.clear()
    (root / "cut.jpg").write_bytes((root / "good.jpg").read_bytes())  # mended
    (root / "gone.jpg").write_bytes(encode(scene(2)))  # come back
    os.utime(root / "last.jpg", ns=(1, 1))  # perhaps another one
    (root / "good.jpg").unlink()
    again = scan(dataset)
    assert set(checked) == {"cut.jpg", "gone.jpg", "last.jpg", "good.jpg", "folder.jpg"}
    assert again.measured == 3
    changed = {name: statuses(dataset)[name] for name in ("cut.jpg", "gone.jpg", "last.jpg", "good.jpg")}
    assert changed == {"cut.jpg": "ok", "gone.jpg": "ok", "last.jpg": "ok", "good.jpg": "missing"}
    assert again.quality["digest"].notna().tolist() == [False, True, True, True, True, True, False]


def test_a_scan_that_is_stopped_goes_on_where_it_was(
    ten: Dataset, monkeypatch: pytest.MonkeyPatch, checked: list[str]
) -> None:
    monkeypatch.setattr(module, "BLOCK", 4)
    result = scan(ten, stop_requested=stop_after(6))
    assert (result.finished, result.measured) == (False, 6)
    assert result.quality["status"].notna().tolist() == [True] * 6 + [False] * 4
    assert stored(ten).info.checked_at is None
    checked.clear()
    result = scan(ten)
    assert (result.finished, result.measured) == (True, 4)
    assert sorted(checked) == ["6.jpg", "7.jpg", "8.jpg", "9.jpg"]
    assert set(statuses(ten).values()) == {"ok"}
    assert stored(ten).info.checked_at is not None


def test_a_stop_that_comes_after_the_last_file_is_too_late(ten: Dataset) -> None:
    assert scan(ten, stop_requested=stop_after(10)).finished


def test_a_scan_that_is_interrupted_keeps_what_is_measured_and_leaves_the_catalog(
    ten: Dataset, checked: list[str]
) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(ten, progress=interrupt)
    assert stored(ten).info.checked_at is None
    assert load_quality(ten)["status"].notna().sum() == 3
    checked.clear()
    assert scan(ten).measured == 7
    assert len(checked) == 7


def test_an_unfinished_block_is_written_every_so_often(ten: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WRITE_SECONDS", 0.0)
    kept: list[int] = []
    scan(ten, progress=lambda done, total: kept.append(load_quality(ten)["status"].notna().sum()))
    assert kept == list(range(1, 11))


def test_a_scan_that_starts_again_keeps_the_old_rows_it_has_not_come_to(ten: Dataset) -> None:
    scan(ten)
    for name in ("0.jpg", "9.jpg"):
        os.utime(ten.image_path(name), ns=(1, 1))
    result = scan(ten, stop_requested=stop_after(5))
    assert (result.finished, result.measured) == (False, 1)
    assert result.quality["status"].notna().all()


def test_a_damaged_block_is_measured_again(ten: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 4)
    scan(ten)
    block_path(ten, 1).write_bytes(b"PAR1 and no more")
    assert load_quality(ten)["status"].notna().sum() == 6
    assert scan(ten).measured == 4
    assert load_quality(ten)["status"].notna().all()


def test_a_path_that_leaves_the_root_is_not_opened(tmp_path: Path, encode: Callable, scene: Callable) -> None:
    (tmp_path / "secret.jpg").write_bytes(encode(scene()))
    (tmp_path / "cards").mkdir()
    index = build_index({"image_id": ["a"], "path": ["../secret.jpg"]})
    dataset = save_dataset(
        tmp_path / "datasets", index, name="x", source="x", root=tmp_path / "cards", format="csv", labels=LabelPolicy()
    )
    quality = scan(dataset).quality
    assert quality["status"].tolist() == ["unreadable"]
    assert "outside the data set's folder" in quality["reason"][0]


def test_two_rows_of_one_file_are_one_measurement(make_dataset: Callable, encode: Callable, scene: Callable) -> None:
    content = encode(scene())
    dataset = make_dataset({"a.jpg": content, "b.jpg": content}, path=["a.jpg", "a.jpg"])
    calls: list[tuple[int, int]] = []
    result = scan(dataset, progress=lambda *call: calls.append(call))
    assert (result.measured, calls) == (1, [(1, 1)])
    assert result.quality["status"].tolist() == ["ok", "ok"]


def test_a_data_set_without_images_is_scanned_at_once(make_dataset: Callable[..., Dataset]) -> None:
    result = scan(make_dataset({}))
    assert (len(result.quality), result.finished) == (0, True)


def test_a_data_set_that_is_deleted_meanwhile_does_not_come_back(ten: Dataset) -> None:
    def delete(done: int, total: int) -> None:
        if done == 5:
            catalog.delete_dataset(ten.folder.parent, ten.name)

    with pytest.raises(DataError, match="'cards' was deleted or replaced while its files were checked"):
        scan(ten, progress=delete)
    assert not ten.folder.exists()


def test_a_data_set_that_replaces_it_meanwhile_is_left_alone(
    ten: Dataset, make_dataset: Callable[..., Dataset], encode: Callable, scene: Callable
) -> None:
    def replace(done: int, total: int) -> None:
        if done == 5:
            make_dataset({"new.jpg": encode(scene())})

    with pytest.raises(DataError, match="deleted or replaced"):
        scan(ten, progress=replace)
    assert stored(ten).index["path"].tolist() == ["new.jpg"]
    assert load_quality(stored(ten)) is None
    assert stored(ten).info.checked_at is None


@pytest.mark.parametrize("files_done", [0, 5])
def test_a_disk_that_is_away_makes_no_file_missing(ten: Dataset, tmp_path: Path, files_done: int) -> None:
    scan(ten)
    for name in ("0.jpg", "9.jpg"):
        os.utime(ten.image_path(name), ns=(1, 1))
    root, away = ten.info.root, tmp_path / "away"

    def unplug(done: int, total: int) -> None:
        if done == files_done:
            root.rename(away)

    unplug(0, 10)
    with pytest.raises(DataError, match="the folder of the photos, does not exist: connect its disk"):
        scan(ten, progress=unplug)
    away.rename(root)
    assert load_quality(ten)["status"].tolist() == ["ok"] * 10
    assert set(statuses(ten).values()) == {"ok"}
    assert scan(ten).measured == 2


def test_labels_that_are_read_another_way_meanwhile_stay_so(ten: Dataset) -> None:
    policy = LabelPolicy(empty=("nothing",))
    scan(ten, progress=lambda done, total: catalog.update_labels(ten, policy) and None)
    assert stored(ten).info.labels == policy
    assert stored(ten).info.checked_at is not None


def test_many_blocks_align_with_an_index_of_another_order(ten: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 3)
    expected = scan(ten).quality
    shuffled = Dataset(ten.info, ten.folder)
    shuffled.__dict__["index"] = ten.index.iloc[np.random.default_rng(0).permutation(10)]
    quality = load_quality(shuffled)
    assert quality.index.equals(shuffled.index.index)
    pd.testing.assert_frame_equal(quality.sort_index(), expected)
