"""Every file is decoded once, and the catalog remembers what came of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data import catalog, check
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.check import check_dataset
from wildcam.data.labels import LabelPolicy


@pytest.fixture
def dataset(tmp_path: Path, photograph: Callable[..., bytes]) -> Dataset:
    """A good photograph, one that is gone, four that cannot be read."""
    good = photograph(90, 120, 60)
    files = {
        "good.jpg": good,
        "cut.jpg": good[: len(good) // 2],
        "empty.jpg": b"",
        "words.jpg": b"Just some words.",
        "gone.jpg": None,
        "last.jpg": good,
    }
    for name, content in files.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.jpg").mkdir()
    names = [*files, "folder.jpg"]
    index = build_index({"image_id": names, "path": names})
    return save_dataset(
        tmp_path / "datasets", index, name="cards", source="x", root=tmp_path, format="csv", labels=LabelPolicy()
    )


def test_every_file_gets_a_status_and_a_bad_one_a_reason(dataset: Dataset, tmp_path: Path) -> None:
    result = check_dataset(dataset)
    stored = catalog.open_dataset(tmp_path / "datasets", "cards")
    assert dict(zip(stored.index["path"], stored.index["status"], strict=True)) == {
        "good.jpg": "ok", "cut.jpg": "unreadable", "empty.jpg": "unreadable", "words.jpg": "unreadable",
        "gone.jpg": "missing", "last.jpg": "ok", "folder.jpg": "unreadable",
    }  # fmt: skip
    assert stored.info.checked_at is not None
    assert (result.photographs, result.missing) == (7, 1)
    assert set(result.unreadable) == {"cut.jpg", "empty.jpg", "words.jpg", "folder.jpg"}
    for name, words in {"cut.jpg": "damaged", "empty.jpg": "empty", "words.jpg": "not a photograph"}.items():
        assert result.unreadable[name].startswith(name)
        assert words in result.unreadable[name]


def test_progress_counts_every_file_across_blocks(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "BLOCK", 3)
    calls: list[tuple[int, int]] = []
    check_dataset(dataset, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 7) for done in range(1, 8)]


def test_a_check_that_is_broken_off_stores_nothing(dataset: Dataset, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_dataset(dataset, progress=stop)
    stored = catalog.open_dataset(tmp_path / "datasets", "cards")
    assert set(stored.index["status"]) == {"ok"}
    assert stored.info.checked_at is None


def test_a_mended_file_is_ok_at_the_next_check(dataset: Dataset, tmp_path: Path) -> None:
    check_dataset(dataset)
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "good.jpg").read_bytes())
    assert "cut.jpg" not in check_dataset(dataset).unreadable


def test_a_path_that_leaves_the_root_is_not_opened(tmp_path: Path, photograph: Callable[..., bytes]) -> None:
    (tmp_path / "secret.jpg").write_bytes(photograph(90, 120, 60))
    (tmp_path / "cards").mkdir()
    index = build_index({"image_id": ["a"], "path": ["../secret.jpg"]})
    dataset = save_dataset(
        tmp_path / "datasets", index, name="x", source="x", root=tmp_path / "cards", format="csv", labels=LabelPolicy()
    )
    assert "leaves the data set's folder" in check_dataset(dataset).unreadable["../secret.jpg"]
