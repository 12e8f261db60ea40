"""MegaDetector results beside a data set, in the form of 2020 and in the batch formats since."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers import Imported, ImportOptions, megadetector, read
from wildcam.errors import DataError

Write = Callable[..., Path]
Join = Callable[..., Imported]
CATEGORIES = {"1": "animal", "2": "person", "3": "vehicle"}


def box(confidence: float, *corner_and_size: float, category: str | int = "1") -> dict[str, Any]:
    return {"category": category, "conf": confidence, "bbox": list(corner_and_size or (0.1, 0.2, 0.3, 0.4))}


@pytest.fixture
def join(write_coco: Write, write_json: Write) -> Join:
    """Images a and b at camera `one`, c at camera `two`, 40 × 30 px, joined to the given results."""
    source = write_coco()

    def make(*images: dict[str, Any], source: Path = source, **parts: Any) -> Imported:
        content = {"images": list(images), "detection_categories": CATEGORIES} | parts
        return read(source, options=ImportOptions(detector=write_json(content, "detector.json")))

    return make


def confidences(imported: Imported) -> list[float | None]:
    return [None if pd.isna(value) else round(float(value), 3) for value in imported.index["detector_confidence"]]


def test_the_best_animal_counts_and_every_box_is_kept(join: Join) -> None:
    found = [box(0.3), box(0.8, 0.5, 0.5, 0.2, 0.1), box(0.9, category="2")]
    imported = join({"id": "a", "max_detection_conf": 0.9, "detections": found}, {"id": "b", "detections": []})
    assert confidences(imported) == [0.8, 0, None], "found, found none, not run"
    assert imported.index.loc[0, "box_x":"box_height"].tolist() == pytest.approx([0.5, 0.5, 0.2, 0.1])
    assert imported.index.loc[1:, "box_x":"box_height"].isna().all(axis=None)
    assert imported.detections is not None
    assert tuple(imported.detections) == DETECTION_COLUMNS
    assert imported.detections["category"].tolist() == ["animal", "animal", "person"]
    assert imported.detections["image_id"].tolist() == ["a", "a", "a"]


def test_a_person_alone_is_no_animal(join: Join) -> None:
    assert confidences(join({"id": "a", "detections": [box(0.9, category=2)]}))[0] == 0


@pytest.mark.parametrize(
    "failed", [{"failure": "image access failure", "detections": None}, {"failure": "bad"}, {"detections": None}]
)
def test_an_image_that_failed_was_not_processed(join: Join, failed: dict[str, Any], remarks: Callable) -> None:
    imported = join({"file": "one/a.jpg", "detections": []}, {"file": "one/b.jpg", **failed})
    assert confidences(imported) == [0, None, None]
    assert remarks(imported) == {"photo that the detector could not read: counts as not run": 1}


@pytest.mark.parametrize("file", ["one/a.jpg", "one\\a.jpg", "a.jpg", "/cards/2014/one/a.jpg", "D:\\cards\\one\\a.jpg"])
def test_the_detector_may_have_started_above_or_below_the_images_folder(join: Join, file: str) -> None:
    assert confidences(join({"file": file, "detections": [box(0.7)]})) == [0.7, None, None]


def test_a_name_alone_joins_nothing_where_another_folder_is_named(join: Join, remarks: Callable) -> None:
    imported = join({"file": "three/a.jpg", "detections": [box(0.7)]}, {"file": "one/b.jpg", "detections": []})
    assert confidences(imported) == [None, 0, None]
    assert remarks(imported) == {"detector result of a photo outside the data set: left out": 1}


def test_a_name_that_several_locations_use_needs_its_folder(join: Join, write_coco: Write) -> None:
    images = [{"id": place, "file_name": f"{place}/1.jpg"} for place in ("north", "south")]
    source = write_coco("same.json", images=images, annotations=[])
    imported = join(
        {"file": "1.jpg", "detections": [box(0.9)]}, {"file": "x/south/1.jpg", "detections": [box(0.4)]}, source=source
    )
    assert confidences(imported) == [None, 0.4]


def test_boxes_in_pixels_become_relative(join: Join) -> None:
    imported = join(
        {"id": "a", "detections": [box(0.8, 10, 15, 20, 3)]}, {"id": "b", "detections": [box(0.1, 0, 0, 1, 1)]}
    )
    assert imported.index.loc[0, "box_x":"box_height"].tolist() == pytest.approx([0.25, 0.5, 0.5, 0.1])


def test_rounding_over_one_does_not_make_boxes_pixels(join: Join) -> None:
    imported = join({"id": "a", "detections": [box(0.8, 0.0, 0.0, 1.0001, 1.0)]})
    assert imported.index["box_width"][0] == pytest.approx(1.0001)


def test_an_image_listed_twice_keeps_its_first_result(join: Join, remarks: Callable) -> None:
    imported = join({"id": "a", "detections": [box(0.2)]}, {"id": "a", "detections": [box(0.9)]})
    assert confidences(imported)[0] == 0.2
    assert remarks(imported) == {"repeated detector result of a photo: only the first is kept": 1}


def test_blocks_are_joined_without_a_seam(join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(megadetector, "BLOCK", 1)
    images = [{"id": name, "detections": [box(0.1 * n)] * n} for n, name in enumerate("abc")]
    imported = join(*images)
    assert confidences(imported) == [0, 0.1, 0.2]
    assert imported.detections is not None
    assert imported.detections["image_id"].tolist() == ["b", "c", "c"]


def test_a_file_without_categories_has_megadetectors_own(join: Join) -> None:
    assert confidences(join({"id": "a", "detections": [box(0.8)]}, detection_categories={}))[0] == 0.8


@pytest.mark.parametrize(
    ("images", "parts", "sentence"),
    [
        ([{"id": "x", "detections": []}], {}, "names 1 photo, such as 'x', and none is in the data set"),
        ([{"id": "a"}], {}, "has no detections"),
        ([], {}, "has no detections"),
        ([{"id": "a", "detections": [{"category": "1"}]}], {}, "does not fit .*conf.*expected MegaDetector results"),
        ([{"id": "a", "detections": []}], {"detection_categories": {"1": "elk"}}, "has the categories elk"),
        ([{"id": "a", "detections": []}], {"images": "none"}, "does not fit .*expected MegaDetector results"),
    ],
)
def test_what_is_no_result_for_the_data_set_is_refused(
    join: Join, images: list[dict[str, Any]], parts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DataError, match=f"detector.json {sentence}"):
        join(*images, **parts)
