"""Ids in two spellings, files under two ids, labels of one image."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildcam.data.importers import ImportOptions, import_dataset, read
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.joining import rows_of_ids
from wildcam.data.importers.labels_of_images import labels_of_images
from wildcam.data.splits import SplitPolicy, SplitSpec, make_split


def text(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="string")


@pytest.mark.parametrize(
    ("ids", "wanted"),
    [
        (("1.0", "2.0"), ("2", "1")),
        (("1", "2"), ("2.0", "1.0")),
        (("000123", "000124"), ("124", "123")),
        (("123", "124"), ("000124.0", "000123")),
        (("abc", "abd"), ("abd.JPG", "abc.jpg")),
        (("ABC.jpg", "ABD.jpg"), ("abd", "abc")),
        (("a", "b"), ("b", "a")),
    ],
)
def test_an_id_is_found_in_another_spelling(ids: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    remarks = Remarks()
    assert rows_of_ids(text(*ids), text(*wanted, None, "zzz"), remarks, "label").tolist() == [1, 0, -1, -1]
    assert sum(remark.count for remark in remarks.all()) == (0 if wanted[0] in ids else 2)


def test_an_id_that_several_fit_is_not_guessed() -> None:
    assert rows_of_ids(text("01", "001"), text("1"), Remarks(), "label").tolist() == [-1]
    assert rows_of_ids(text("1", "01"), text("01"), Remarks(), "label").tolist() == [1]


def labels(*given: tuple[int, str]) -> tuple[list[list[str | None]], dict[str, int]]:
    remarks = Remarks()
    rows = np.array([row for row, _ in given])
    table, _ = labels_of_images(rows, text(*(label for _, label in given)), text("a", "b"), remarks)
    found = [[None if pd.isna(value) else value for value in row] for row in table.to_numpy()]
    return found, {remark.what.split(":")[0]: remark.count for remark in remarks.all()}


def test_empty_and_an_animal_is_the_animal() -> None:
    assert labels((0, "blank"), (0, "fox"), (1, "empty")) == (
        [["fox", None], ["empty", None]],
        {"photo labelled empty and as something else": 1},
    )


def test_one_label_in_two_spellings_is_one_label() -> None:
    assert labels((0, "Fox"), (0, "fox "), (0, "fox")) == ([["Fox", None], [None, None]], {})


def test_a_third_label_is_counted() -> None:
    found, counts = labels((0, "fox"), (0, "badger"), (0, "hare"))
    assert found[0] == ["fox", "badger"]
    assert counts == {"photo with a second label": 1, "photo with more than two labels": 1}


def test_fractions_nulls_and_names_that_come_again(
    write_coco: Callable[..., Path], remarks: Callable[..., dict[str, int]]
) -> None:
    source = write_coco(
        images=[{"id": 1.0, "file_name": "a.jpg"}, None, {"id": 2.0, "file_name": "b.jpg"}],
        annotations=[{"image_id": 1, "category_id": 7.0}, {"image_id": 2, "category_id": 9}],
        categories=[{"id": 7, "name": "fox"}, {"id": 9, "name": "fox"}],
    )
    imported = read(source)
    assert imported.index["label"].tolist() == ["fox", "fox"]
    assert imported.categories == {"fox": 7}
    counts = remarks(imported)
    assert counts["null in the list `images`: left out"] == 1
    assert counts["category with the name of another: one class"] == 1


@pytest.mark.parametrize("part", ["annotations", "categories"])
def test_a_null_list_is_an_empty_one(part: str, write_coco: Callable[..., Path]) -> None:
    assert len(read(write_coco(**{part: None})).index) == 3


def test_a_file_under_two_ids_is_one_photo(write_coco: Callable[..., Path], tmp_path: Path) -> None:
    images = [{"id": str(k), "file_name": f"{k // 2}.jpg", "location": k // 2} for k in range(40)]
    annotations = [{"image_id": str(k), "category_id": 3 if k % 4 == 3 else 1} for k in range(40)]
    categories = [{"id": 0, "name": "empty"}, {"id": 1, "name": "deer"}, {"id": 3, "name": "fox"}]
    source = write_coco(images=images, annotations=annotations, categories=categories)
    dataset = import_dataset(tmp_path / "datasets", source, name="twice")
    index = dataset.index
    assert index["path"].is_unique
    assert len(index) == 20
    assert index["second_label"].notna().sum() == 10
    assert any("several ids" in remark.what and remark.count == 20 for remark in dataset.info.warnings)
    split = make_split(index, SplitSpec(policy=SplitPolicy.RANDOM))
    assert len(split.table) == 20


def test_labels_of_bursts_are_marked_and_counted(
    write_coco: Callable[..., Path], remarks: Callable[..., dict[str, int]]
) -> None:
    levels = [True, "false"]
    annotations = [
        {"image_id": image, "category_id": 1, "sequence_level_annotation": level}
        for image, level in zip("ab", levels, strict=True)
    ]
    imported = read(write_coco(annotations=annotations, categories=[{"id": 1, "name": "deer"}]))
    assert imported.index["label_of_sequence"].tolist()[:2] == [True, False]
    assert sum(count for what, count in remarks(imported).items() if "whole burst" in what) == 1


def test_ground_truth_finds_its_photo(write_coco: Callable[..., Path], tmp_path: Path) -> None:
    ground_truth = tmp_path / "truth.csv"
    ground_truth.write_text("image_id,label\n0007.jpg,fox\n")
    source = write_coco(images=[{"id": 7, "file_name": "x.jpg"}], annotations=[], categories=[])
    assert read(source, options=ImportOptions(ground_truth=ground_truth)).index["label"].tolist() == ["fox"]
