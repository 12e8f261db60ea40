"""What MegaDetector's format has no place for comes back from a field of our own; an unknown is still not named."""

import json
from pathlib import Path

import pandas as pd
import pytest

from wildcam.exports.formats import Format, export
from wildcam.exports.load import load_predictions
from wildcam.predictions.metadata import BatchMetadata


def test_the_confidence_of_an_empty_and_an_unknown_comes_back(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path
) -> None:
    path = export(Format.MEGADETECTOR, table, metadata, tmp_path / "out.json").path
    found = load_predictions(path).set_index("path")
    assert found.loc["north/b.jpg", ["confidence", "p_empty"]].tolist() == pytest.approx([0.9, 0.9])
    unknown = found.loc["south/c.png"]
    assert (unknown["label"], unknown["confidence"]) == ("unknown", pytest.approx(0.3))
    assert list(unknown["top_labels"]) == ["puma", "ocelot"]
    assert found.loc["south/d.jpg", "failure"] == "d.jpg is damaged: copy it again."
    images = {image["file"]: image for image in json.loads(path.read_bytes())["images"]}
    assert "classifications" not in images["south/c.png"]["detections"][0]


def test_a_person_keeps_the_models_own_word(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    table.loc[5, "label"] = "Homo sapiens"
    content = json.loads(export(Format.MEGADETECTOR, table, metadata, tmp_path / "out.json").path.read_bytes())
    detection = next(image for image in content["images"] if image["file"] == "south/f.jpg")["detections"][0]
    assert detection["category"] == "2"
    assert content["classification_categories"][detection["classifications"][0][0]] == "Homo sapiens"


def test_a_file_without_our_field_is_read(tmp_path: Path) -> None:
    images = [
        {"file": "a.jpg", "detections": []},
        {"file": "b.jpg", "failure": "Failure image access"},
        {"file": "c.jpg", "detections": [{"category": "1", "conf": 0.7, "bbox": [0.0, 0.0, 1.0, 1.0]}]},
    ]
    path = tmp_path / "other.json"
    path.write_text(
        json.dumps({"info": {"format_version": "1.6"}, "detection_categories": {"1": "animal"}, "images": images})
    )
    found = load_predictions(path)
    assert found["label"].tolist() == ["empty", "failed", "unknown"]
    assert found["confidence"].tolist() == pytest.approx([1, 0, 0.7])
