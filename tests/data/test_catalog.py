"""The catalog on disk: complete or not at all."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wildcam.data import catalog
from wildcam.data.catalog import INDEX_COLUMNS, Dataset, Status, build_index, fingerprint, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, UsageError

MakeIndex = Callable[..., pd.DataFrame]


@pytest.fixture
def save(tmp_path: Path, make_index: MakeIndex) -> Callable[..., Dataset]:
    """Store a small table under a name."""

    def make(name: str = "reserve", index: pd.DataFrame | None = None, **options: Any) -> Dataset:
        given = {"source": "cards", "root": tmp_path, "format": "folders", "labels": LabelPolicy(empty=("empty",))}
        return save_dataset(
            tmp_path / "datasets", make_index(3, 2) if index is None else index, name=name, **(given | options)
        )

    return make


def test_a_table_has_every_column_with_its_type() -> None:
    index = build_index({"image_id": ["a", "b"], "path": ["a", "b"]})
    assert {name: str(dtype) for name, dtype in index.dtypes.items()} == INDEX_COLUMNS
    assert index["status"].tolist() == ["ok", "ok"]
    with pytest.raises(TypeError, match="not a catalog column"):
        build_index({"image_id": ["a"], "species": ["fox"]})


def test_what_was_saved_is_opened_again(save: Callable[..., Dataset], make_index: MakeIndex, tmp_path: Path) -> None:
    save(labels=LabelPolicy(empty=("empty",), merged={"fox": "vulpes vulpes"}))
    dataset = catalog.open_dataset(tmp_path / "datasets", "reserve")
    written = make_index(3, 2)
    for name in INDEX_COLUMNS:
        if name != "label":
            pd.testing.assert_series_equal(dataset.index[name], written[name], check_categorical=False)
    assert dataset.index["source_label"].tolist() == written["label"].tolist()
    assert set(dataset.index["label"]) == {"empty", "vulpes vulpes"}
    assert set(dataset.index["role"]) == {"empty", "animal"}
    assert dataset.detections.empty
    assert dataset.info.images == 18


def test_the_fingerprint_is_of_the_content_not_the_order(make_index: MakeIndex) -> None:
    index = make_index(3, 2)
    same = fingerprint(index)
    assert fingerprint(index.sample(frac=1, random_state=0)) == same
    assert fingerprint(index.assign(label=index["label"].cat.set_categories(["fox", "empty", "hare"]))) == same
    assert fingerprint(index.assign(status="missing", width=5)) == same
    for name, value in {"path": "x", "label": "hare", "location": None, "taken_at": pd.Timestamp("2000-01-01")}.items():
        changed = index[name].astype(object)
        changed[0] = value
        assert fingerprint(index.assign(**{name: changed.astype(INDEX_COLUMNS[name])})) != same


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "-x", "a b", "é", "x" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(save: Callable[..., Dataset], name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be a name"):
        save(name)
    with pytest.raises(UsageError, match="Unknown data set"):
        catalog.open_dataset(tmp_path / "datasets", name)


def test_a_taken_name_is_kept_unless_it_is_to_be_replaced(save: Callable[..., Dataset], make_index: MakeIndex) -> None:
    first = save()
    with pytest.raises(UsageError, match=r"'reserve' exists. Choose another name"):
        save(index=make_index(1, 1))
    assert len(first.index) == 18
    assert len(save(index=make_index(1, 1), replace=True).index) == 3


def test_a_failed_replacement_leaves_the_old_data_set(
    save: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    save()
    monkeypatch.setattr(pd.DataFrame, "to_parquet", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(replace=True)
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["reserve"]
    assert len(catalog.open_dataset(tmp_path / "datasets", "reserve").index) == 18


def test_damaged_files_are_named_and_do_not_hide_the_others(save: Callable[..., Dataset], tmp_path: Path) -> None:
    save("broken_card").folder.joinpath("dataset.json").write_text("{")
    save("broken_table").folder.joinpath("index.parquet").write_bytes(b"PAR1")
    save("whole")
    folder = tmp_path / "datasets"
    assert [info.name for info in catalog.list_datasets(folder)] == ["broken_table", "whole"]
    with pytest.raises(DataError, match=r"dataset.json is damaged.*import it again"):
        catalog.open_dataset(folder, "broken_card")
    with pytest.raises(DataError, match=r"is damaged.*import it again"):
        _ = catalog.open_dataset(folder, "broken_table").index
    with pytest.raises(UsageError, match="Known: broken_table, whole"):
        catalog.open_dataset(folder, "other")


@pytest.mark.parametrize("path", ["../a.jpg", "x/../../a.jpg", "/etc/passwd"])
def test_a_path_that_leaves_the_root_is_never_opened(save: Callable[..., Dataset], path: str) -> None:
    with pytest.raises(DataError, match="outside the data set's folder"):
        save().image_path(path)


def test_a_check_is_stored_and_dated_and_changes_nothing_else(save: Callable[..., Dataset]) -> None:
    dataset = save()
    checked = catalog.update_status(dataset, [Status.UNREADABLE, *[Status.OK] * 17])
    assert checked.index["status"].tolist() == ["unreadable", *["ok"] * 17]
    assert isinstance(checked.info.checked_at, datetime)
    assert checked.info.fingerprint == dataset.info.fingerprint == fingerprint(checked.index)
    with pytest.raises(ValueError, match="18"):
        catalog.update_status(dataset, [Status.OK])


def test_another_reading_of_the_labels_is_free(save: Callable[..., Dataset], tmp_path: Path) -> None:
    catalog.update_labels(save(), LabelPolicy(empty=("empty",), other=("fox",)))
    dataset = catalog.open_dataset(tmp_path / "datasets", "reserve")
    assert set(dataset.index["role"]) == {"empty", "other"}
    assert dataset.info.fingerprint == fingerprint(dataset.index)


def test_a_title_is_shown_and_the_name_stays(save: Callable[..., Dataset], tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    before = save()
    assert before.display == "reserve"
    after = catalog.rename_dataset(datasets, "reserve", "  The  reserve ")
    assert (after.name, after.display, after.info.fingerprint) == ("reserve", "The reserve", before.info.fingerprint)
    assert catalog.rename_dataset(datasets, "reserve", "reserve").info.title == ""


@pytest.mark.parametrize("title", ["", " ", "x" * 81, "a\0b"], ids=["empty", "blank", "long", "control"])
def test_a_title_that_cannot_be_one_is_refused(save: Callable[..., Dataset], tmp_path: Path, title: str) -> None:
    save()
    with pytest.raises(UsageError, match="expected 1 to 80"):
        catalog.rename_dataset(tmp_path / "datasets", "reserve", title)


def test_no_two_data_sets_go_by_one_title(save: Callable[..., Dataset], tmp_path: Path) -> None:
    save()
    save(name="valley")
    with pytest.raises(UsageError, match="goes by 'reserve'"):
        catalog.rename_dataset(tmp_path / "datasets", "valley", "reserve")


def test_a_deleted_data_set_leaves_its_images(save: Callable[..., Dataset], tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    save()
    catalog.delete_dataset(tmp_path / "datasets", "reserve")
    assert catalog.list_datasets(tmp_path / "datasets") == []
    assert (tmp_path / "a.jpg").exists()
