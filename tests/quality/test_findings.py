"""What images are found to be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFilter
from pydantic import ValidationError

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.importers import read
from wildcam.data.labels import LabelPolicy
from wildcam.quality.findings import FINDING_COLUMNS, Finding, count_findings, find, is_infrared
from wildcam.quality.scan import scan
from wildcam.quality.table import load_quality
from wildcam.quality.thresholds import Thresholds

Table = Callable[..., pd.DataFrame]


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset], encode: Callable, scene: Callable) -> Dataset:
    """Files of every kind, as cameras and cards make them."""
    moment = scene()
    moment[100:130, 100:124] = 255  # a small animal has come
    night = np.repeat(np.asarray(Image.fromarray(scene(3)).convert("L"))[..., None], 3, axis=2)
    fog = np.asarray(Image.fromarray(scene(4)).filter(ImageFilter.GaussianBlur(12)).convert("RGB"))
    content = encode(scene())
    return make_dataset(
        {
            "a/1.jpg": content,
            "a/2.jpg": encode(moment),
            "a/3.jpg": encode(scene(1)),
            "b/1.jpg": encode(night),
            "b/2.jpg": encode(scene(5) // 20),
            "b/3.jpg": encode(fog),
            "b/4.jpg": encode(scene(6, width=96, height=64)),
            "b/5.jpg": content[: len(content) // 2],
            "b/6.jpg": None,
            "b/7.jpg": content,
            "b/8.jpg": encode(scene(7))[:-2],
        },
        location=["a"] * 3 + ["b"] * 8,
        label=["fox"] * 9 + ["empty"] * 2,
    )


def test_every_kind_of_image_is_found(dataset: Dataset) -> None:
    findings = find(dataset.index, scan(dataset).quality)
    assert findings.dtypes.astype(str).to_dict() == FINDING_COLUMNS
    assert dict(zip(findings["path"], findings["finding"], strict=True)) == {
        "b/5.jpg": "unreadable",
        "b/8.jpg": "damaged",
        "b/6.jpg": "missing",
        "b/7.jpg": "duplicate",
        "a/2.jpg": "near_identical",
        "b/2.jpg": "dark",
        "b/3.jpg": "blurred",
        "b/4.jpg": "tiny",
    }
    assert findings["finding"].tolist() == list(Finding), "in this order"
    assert findings.index.tolist() == [7, 10, 8, 9, 1, 4, 5, 6], "the index's rows"
    copy = findings.loc[9]
    assert (copy["original"], copy["detail"]) == ("a/1.jpg", "same bytes as a/1.jpg")
    assert (copy["location"], copy["image_id"]) == ("b", "b/7.jpg")
    assert findings.loc[1, "original"] == "a/1.jpg"
    assert findings.loc[1, "detail"].endswith(" of 256 hash bits differ from a/1.jpg")
    assert findings.loc[7, "detail"].startswith("5.jpg is damaged (image file is truncated")
    assert findings.loc[6, "detail"] == "96 × 64 px"
    assert findings.loc[[4, 5], "detail"].str.match(r"(brightness|sharpness) 0\.0\d\d$").all()
    assert findings["original"].notna().sum() == 2


def test_a_black_and_white_image_is_taken_for_infrared_and_what_is_not_measured_for_neither(
    dataset: Dataset,
) -> None:
    infrared = is_infrared(scan(dataset).quality)
    assert infrared.dtype == "boolean"
    assert dataset.index["path"][infrared.fillna(False)].tolist() == ["b/1.jpg"]
    assert dataset.index["path"][infrared.isna()].tolist() == ["b/5.jpg", "b/6.jpg"]


def test_other_thresholds_find_others(dataset: Dataset) -> None:
    quality = scan(dataset).quality
    strict = Thresholds(near_identical_bits=0, dark_brightness=1, tiny_px=300, infrared_saturation=1)
    counts = count_findings(find(dataset.index, quality, strict))
    assert counts == {
        Finding.UNREADABLE: 1,
        Finding.DAMAGED: 1,
        Finding.MISSING: 1,
        Finding.DUPLICATE: 1,
        Finding.NEAR_IDENTICAL: 0,
        Finding.DARK: 9,
        Finding.BLURRED: 0,
        Finding.TINY: 9,
    }
    assert is_infrared(quality, strict).dropna().all()


def test_files_that_were_not_scanned_have_no_finding(dataset: Dataset) -> None:
    calls = iter(range(11))
    quality = scan(dataset, stop_requested=lambda: next(calls) == 4).quality
    assert quality["status"].notna().sum() == 5
    findings = find(dataset.index, quality)
    assert findings["path"].tolist() == ["a/2.jpg", "b/2.jpg"]
    assert is_infrared(quality).isna().sum() == 6


def test_an_image_may_be_several_things(quality_of: Table) -> None:
    index = build_index({"image_id": ["a", "b"], "path": ["a", "b"]})
    quality = quality_of(index, digest=["x", "x"], brightness=[0.5, 0.01], width=[900, 60])
    findings = find(index, quality)
    assert findings["finding"].tolist() == ["duplicate", "dark", "tiny"]
    assert set(findings["image_id"]) == {"b"}


def test_a_threshold_itself_is_not_below_it_and_a_dark_image_is_not_called_blurred(quality_of: Table) -> None:
    index = build_index({"image_id": list("abc"), "path": list("abc")})
    thresholds = Thresholds(dark_brightness=0.25, blurred_sharpness=0.125, tiny_px=100)
    quality = quality_of(index, brightness=[0.25, 0.24, 0.5], sharpness=[0.125, 0.1, 0.1], height=[100, 768, 768])
    findings = find(index, quality, thresholds)
    assert list(zip(findings["image_id"], findings["finding"], strict=True)) == [("b", "dark"), ("c", "blurred")]


def test_where_nothing_is_found_the_table_is_empty_and_the_counts_are_zero(quality_of: Table) -> None:
    for names in ([], ["a", "b"]):
        index = build_index({"image_id": names, "path": names})
        findings = find(index, quality_of(index))
        assert findings.empty
        assert findings.dtypes.astype(str).to_dict() == FINDING_COLUMNS
        assert count_findings(findings) == dict.fromkeys(Finding, 0)


def test_every_finding_and_every_threshold_has_words_for_people() -> None:
    assert Finding.NEAR_IDENTICAL.display == "Near-identical"
    assert all(finding.description.endswith(".") for finding in Finding)
    for field in Thresholds.model_fields.values():
        assert field.title
        assert field.description
        assert field.json_schema_extra["unit"]


def test_a_threshold_outside_its_range_is_refused() -> None:
    for wrong in ({"dark_brightness": 1.1}, {"near_identical_bits": -1}, {"tiny_px": 0}, {"bright": 0.9}):
        with pytest.raises(ValidationError):
            Thresholds(**wrong)


def test_of_the_real_images_those_are_found_that_a_person_would_name(real_images: Path, tmp_path: Path) -> None:
    index = read(real_images / "labels.csv").index
    place = index["path"].str.split("/").str[0]
    index = index[place.isin(["camtrapR_sabah", "iwildcam2019_cct", "cct20_terra", "ena24_zamba", "speciesnet_tests"])]
    dataset = save_dataset(
        tmp_path,
        index.reset_index(drop=True),
        name="real",
        source="",
        root=real_images,
        format="csv",
        labels=LabelPolicy(),
    )
    scan(dataset)
    findings = find(dataset.index, load_quality(dataset))
    of = {finding: findings.loc[findings["finding"] == finding, "path"] for finding in Finding}
    assert of[Finding.UNREADABLE].tolist() == ["speciesnet_tests/african_elephants_truncated_file.jpg"]
    assert of[Finding.TINY].str.startswith("camtrapR_sabah/").all()
    assert len(of[Finding.TINY]) == 68
    assert of[Finding.DARK].tolist() == ["camtrapR_sabah/StationB__2009-05-07__18-45-00(1).JPG"]
    assert of[Finding.BLURRED].empty
    assert len(of[Finding.NEAR_IDENTICAL]) == 10
    assert of[Finding.MISSING].empty
    assert of[Finding.DUPLICATE].empty
