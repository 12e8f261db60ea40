"""Results of other detectors: struck-out boxes, boxes called after species, odd ones, failures, SpeciesNet's form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildcam.data.importers import Imported, ImportOptions, read
from wildcam.errors import DataError

BOX = {"category": "1", "conf": 0.8, "bbox": [0.1, 0.2, 0.3, 0.4]}
MEGADETECTOR = {"1": "animal", "2": "person", "3": "vehicle"}


@pytest.fixture
def run(write_json: Callable[..., Path], tmp_path: Path) -> Callable[..., Imported]:
    """Import photos a.jpg, b.jpg, … with the given boxes of each."""

    def result(*boxes: Any, categories: dict[str, str] | None = None, **more: Any) -> Imported:
        names = [f"{letter}.jpg" for letter in "abcdefgh"[: len(boxes)]]
        images = [{"id": name, "file_name": name} for name in names]
        source = write_json({"images": images, "annotations": [], "categories": []}, "photos.json")
        entries = [
            {"file": name} | (each if isinstance(each, dict) else {"detections": each})
            for name, each in zip(names, boxes, strict=True)
        ]
        content = {"images": entries, "detection_categories": categories or MEGADETECTOR} | more
        return read(source, options=ImportOptions(detector=write_json(content, "detector.json")))

    return result


def confidences(imported: Imported) -> list[float | None]:
    values = imported.index["detector_confidence"]
    return [None if value != value else round(float(value), 3) for value in values]


def count_of(imported: Imported, words: str) -> int:
    return sum(remark.count for remark in imported.remarks if words in remark.what)


def test_a_struck_out_box_is_none(run: Callable[..., Imported]) -> None:
    found = run([BOX | {"conf": -0.9}], [BOX | {"conf": -0.9}, BOX | {"conf": 0.2}])
    assert confidences(found) == [0.0, 0.2]
    assert found.detections is not None
    assert len(found.detections) == 1
    assert count_of(found, "struck out") == 2


@pytest.mark.parametrize(
    ("name", "confidence"),
    [("unidentified animal", 0.8), ("Vulpes vulpes", 0.8), ("Tier", 0.8), ("Mensch", 0.0), ("véhicule", 0.0)],
)
def test_categories_are_what_their_names_mean(name: str, confidence: float, run: Callable[..., Imported]) -> None:
    assert confidences(run([BOX], categories={"1": name, "2": "person"})) == [confidence]


def test_a_classifiers_confidence_is_not_the_detectors(run: Callable[..., Imported]) -> None:
    named = BOX | {"category": "9", "conf": 0.99, "prev_category": "1", "prev_conf": 0.4}
    found = run([named], [named | {"prev_category": "2"}], categories=MEGADETECTOR | {"9": "red fox"})
    assert confidences(found) == [0.4, 0.0]
    assert count_of(found, "red fox") == 2


def test_odd_boxes_are_left_out_one_by_one(run: Callable[..., Imported]) -> None:
    odd = [
        BOX | {"bbox": None},
        BOX | {"bbox": [0.1, 0.2]},
        BOX | {"conf": None},
        {"conf": 0.9, "bbox": [0, 0, 1, 1]},
        "box",
        BOX | {"bbox": [0.1, 0.2, 0.0, 0.4]},
        BOX | {"conf": 87},
    ]
    found = run([*odd, BOX | {"conf": "0.3"}], [BOX])
    assert confidences(found) == [0.3, 0.8]
    assert count_of(found, "without a category, a confidence or four numbers") == 5
    assert count_of(found, "without width or height") == 1
    assert count_of(found, "confidence above 1") == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"failure": "image access failure", "detections": None},
        {"failure": "inference failure", "detections": []},
        {"detections": None},
        {},
        {"failures": ["CLASSIFIER", "DETECTOR"], "detections": []},
    ],
)
def test_a_failure_is_not_an_empty_photo(entry: dict[str, Any], run: Callable[..., Imported]) -> None:
    found = run(entry, [BOX])
    assert confidences(found) == [None, 0.8]
    assert count_of(found, "could not read") == 1


@pytest.mark.parametrize("more", [{"failure": None}, {"failure": ""}, {"failures": ["CLASSIFIER"]}])
def test_no_failure_of_the_detector_is_none(more: dict[str, Any], run: Callable[..., Imported]) -> None:
    assert confidences(run({"detections": []} | more)) == [0.0]


def test_speciesnet_lists_predictions(write_json: Callable[..., Path]) -> None:
    source = write_json({"images": [{"id": 1, "file_name": "x/a.jpg"}], "annotations": []}, "photos.json")
    content = {"predictions": [{"filepath": "C:\\cards\\x\\a.jpg", "detections": [BOX | {"label": "animal"}]}]}
    detector = write_json(content, "speciesnet.json")
    assert confidences(read(source, options=ImportOptions(detector=detector))) == [0.8]
    with pytest.raises(DataError, match="SpeciesNet.*detector results"):
        read(detector)


def test_one_box_in_pixels_leaves_the_others_relative(write_json: Callable[..., Path]) -> None:
    images = [{"id": name, "file_name": name, "width": 200, "height": 100} for name in ("a.jpg", "b.jpg")]
    source = write_json({"images": images, "annotations": []}, "photos.json")
    boxes = [BOX, BOX | {"bbox": [20, 20, 60, 40]}]
    entries = [{"file": name["id"], "detections": [box]} for name, box in zip(images, boxes, strict=True)]
    found = read(source, options=ImportOptions(detector=write_json({"images": entries}, "d.json")))
    assert found.index["box_x"].tolist() == pytest.approx([0.1, 0.1])
    assert found.index["box_height"].tolist() == pytest.approx([0.4, 0.4])
