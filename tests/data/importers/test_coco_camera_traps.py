"""COCO Camera Traps JSON, the form that iWildCam shares."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.importers import Imported, ImportOptions, import_dataset, read
from wildcam.errors import DataError

Write = Callable[..., Path]
Remarks = Callable[[Imported], dict[str, int]]


def labels(imported: Imported) -> dict[str, str]:
    return (
        imported.index.set_index("image_id")["label"].astype(object).where(lambda label: label.notna(), None).to_dict()
    )


def test_labels_join_by_id_whatever_the_order(write_coco: Write) -> None:
    imported = read(write_coco())
    assert labels(imported) == {"a": "fox", "b": "fox", "c": "empty"}
    assert imported.index["category_id"].tolist() == [73, 73, 0]
    assert imported.remarks == ()


def test_images_are_counted_by_annotation_never_by_the_count_of_a_category(write_coco: Write) -> None:
    imported = read(write_coco())
    assert imported.index["label"].value_counts().to_dict() == {"fox": 2, "empty": 1}
    assert imported.categories == {"empty": 0, "fox": 73, "human": 75}


def test_locations_are_text_and_a_frame_of_minus_one_is_unknown(write_coco: Write) -> None:
    index = read(write_coco()).index
    assert index["location"].tolist() == ["7", "7", "9"]
    assert index["frame"].tolist()[:2] == [1, 2]
    assert index["frame"].isna().tolist() == [False, False, True]
    assert index["taken_at"][0] == pd.Timestamp("2013-08-08 11:45:00")


def test_a_second_label_is_kept_in_addition_to_the_first(write_coco: Write, remarks: Remarks) -> None:
    annotations = [
        {"image_id": "a", "category_id": 73},
        {"image_id": "a", "category_id": 73},  # two foxes, one label
        {"image_id": "a", "category_id": 75},
        {"image_id": "b", "category_id": 73},
        {"image_id": "b", "category_id": 73},
    ]
    imported = read(write_coco(annotations=annotations))
    assert labels(imported) == {"a": "fox", "b": "fox", "c": None}
    assert imported.index["second_label"].dropna().to_dict() == {0: "human"}
    assert remarks(imported) == {"photo with a second label: kept in addition to the first": 1}


def test_what_does_not_fit_is_left_out_and_counted(write_coco: Write, remarks: Remarks) -> None:
    images = [
        {"id": "a", "file_name": "a.jpg", "width": "wide", "height": -3, "frame_num": 1.5, "datetime": "yesterday"},
        {"id": "a", "file_name": "again.jpg"},
        {"file_name": "nameless.jpg"},
        {"id": "up", "file_name": "../../etc/passwd"},
        {"id": "none"},
    ]
    annotations = [
        {"image_id": "elsewhere", "category_id": 73},
        {"image_id": "a"},
        {"image_id": "a", "category_id": 999},
    ]
    imported = read(write_coco(images=images, annotations=annotations))
    assert imported.index["path"].tolist() == ["a.jpg"]
    assert labels(imported) == {"a": "category 999"}
    assert imported.index[["width", "height", "frame", "taken_at"]].isna().all(axis=None)
    assert set(remarks(imported).values()) == {1}
    assert len(imported.remarks) == 11


def test_numbers_and_texts_name_the_same_image_and_category(write_coco: Write) -> None:
    images = [{"id": 1, "file_name": "a.jpg", "location": 7}, {"id": 2, "file_name": "b.jpg", "location": "7"}]
    annotations = [{"image_id": "1", "category_id": "73"}, {"image_id": 2, "category_id": 73.0}]
    imported = read(write_coco(images=images, annotations=annotations))
    assert labels(imported) == {"1": "fox", "2": "fox"}
    assert imported.index["location"].nunique() == 1


def test_images_without_annotations_are_unlabelled(write_coco: Write) -> None:
    imported = read(write_coco(annotations=None))
    assert imported.index["label"].isna().all()


def test_images_are_found_in_the_folder_that_holds_them(write_coco: Write, tmp_path: Path) -> None:
    (tmp_path / "elsewhere/images/one").mkdir(parents=True)
    (tmp_path / "elsewhere/images/one/a.jpg").touch()
    imported = read(write_coco(), options=ImportOptions(images_dir=tmp_path / "elsewhere"))
    assert imported.index["path"].tolist() == ["images/one/a.jpg", "images/one/b.jpg", "images/two/c.jpg"]
    assert read(write_coco()).index["path"][0] == "one/a.jpg"


@pytest.mark.parametrize(
    ("images", "reason"),
    [([], "the list is empty"), ([{"id": "a", "file_name": "../../etc/passwd"}], "1 × path outside the photo folder")],
)
def test_a_file_without_usable_images_is_refused(write_coco: Write, images: list, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(write_coco(images=images, annotations=[]))


def test_a_list_in_the_wrong_shape_is_named(write_coco: Write) -> None:
    with pytest.raises(DataError, match=r"coco.json does not fit .*images.*expected a COCO Camera Traps file"):
        read(write_coco(images={"a": 1}))


@pytest.mark.parametrize("value", [[1], {"a": 1}, True, 1e300, 10**30, float("nan"), "", " "])
def test_a_value_of_any_kind_in_any_field_harms_no_other_image(write_coco: Write, value: object) -> None:
    fields = ("id", "file_name", "width", "location", "datetime", "seq_id", "frame_num", "corrupt")
    images = [{"id": field, "file_name": f"{field}.jpg"} | {field: value} for field in fields]
    annotations = [{"image_id": "decodable", "category_id": 73}, {"image_id": value, "category_id": value}]
    imported = read(write_coco(images=[*images, {"id": "decodable", "file_name": "a.jpg"}], annotations=annotations))
    assert labels(imported)["decodable"] == "fox"


def test_an_image_that_is_called_corrupt_is_unreadable_where_it_is_there(
    write_coco: Write, remarks: Remarks, tmp_path: Path
) -> None:
    images = [{"id": name, "file_name": f"{name}.jpg", "corrupt": name != "b"} for name in "abc"]
    source = write_coco(images=images)
    for name in "ab":
        (tmp_path / f"{name}.jpg").touch()
    assert remarks(read(source)) == {"photo marked as corrupt in the source: unreadable until a check decodes it": 2}
    assert import_dataset(tmp_path / "home", source, name="reserve").index["status"].tolist() == [
        "unreadable",
        "ok",
        "missing",
    ]
