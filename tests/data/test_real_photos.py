"""The same on real images and real metadata, where they lie nearby."""

from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.catalog import save_dataset
from wildcam.data.importers import ImportOptions, read, recognise
from wildcam.data.labels import LabelPolicy
from wildcam.data.sequences import BLOCK_LENGTH
from wildcam.data.splits import SplitPolicy, SplitSpec, make_split
from wildcam.errors import DataError
from wildcam.quality.scan import scan

PHOTOS = {
    "mlwic_examples": 1777,
    "animl_southwest": 234,
    "small_mammal_norway": 161,
    "iwildcam2019_cct": 138,
    "camtrapR_sabah": 68,
    "cct20_terra": 24,
    "ena24_zamba": 21,
    "speciesnet_tests": 13,
}
"""Photos of the folders that are described here; others may lie beside them."""


@pytest.fixture(scope="module")
def labelled(real_images: Path) -> pd.DataFrame:
    """The table of the described real images, with the folder of each."""
    index = read(real_images / "labels.csv").index
    index = index.assign(folder=index["path"].str.split("/").str[0])
    return index[index["folder"].isin(PHOTOS)].reset_index(drop=True)


def test_the_table_of_all_images_comes_in_as_it_is_described(labelled: pd.DataFrame) -> None:
    assert labelled["folder"].value_counts().to_dict() == PHOTOS
    counts = labelled.groupby("folder")["label"].value_counts()
    assert counts["mlwic_examples"].head(7).to_dict() == {
        "empty": 501,
        "cattle": 363,
        "california ground squirrel": 231,
        "elk": 215,
        "bobcat": 175,
        "striped skunk": 100,
        "mountain lion": 75,
    }
    assert counts["small_mammal_norway", "empty"] == 98
    assert labelled.groupby("folder")["label"].count()["iwildcam2019_cct"] == 64
    assert labelled["label"].isna().sum() == 89
    assert labelled.groupby("folder")["location"].nunique()[["mlwic_examples", "camtrapR_sabah"]].tolist() == [1, 3]
    assert labelled.groupby("folder")["taken_at"].count()[["mlwic_examples", "animl_southwest"]].tolist() == [0, 234]


def test_one_location_without_times_is_split_by_blocks_of_names(labelled: pd.DataFrame) -> None:
    one_camera = labelled[labelled["folder"] == "mlwic_examples"]
    with pytest.raises(DataError, match="this data set has 1. Choose another split"):
        make_split(one_camera, SplitSpec())
    split = make_split(one_camera, SplitSpec(policy=SplitPolicy.SEQUENCE))
    subsets = one_camera.merge(split.table, on="image_id").sort_values("path")["subset"].reset_index(drop=True)
    assert (subsets.groupby(subsets.index // BLOCK_LENGTH).nunique() == 1).all()
    assert subsets.value_counts(normalize=True)["train"] == pytest.approx(0.75, abs=0.04)


def test_of_the_awkward_images_only_the_truncated_one_cannot_be_read(
    labelled: pd.DataFrame, real_images: Path, tmp_path: Path
) -> None:
    awkward = labelled[labelled["folder"] == "speciesnet_tests"].drop(columns="folder").reset_index(drop=True)
    dataset = save_dataset(
        tmp_path, awkward, name="awkward", source="", root=real_images, format="csv", labels=LabelPolicy()
    )
    quality = scan(dataset).quality
    assert quality["status"].value_counts().to_dict() == {"ok": 12, "unreadable": 1}
    reason = quality.set_index("path")["reason"].dropna()
    assert reason.index.tolist() == ["speciesnet_tests/african_elephants_truncated_file.jpg"]
    assert "truncated" in reason.iloc[0]


def test_folders_of_real_images_carry_their_times(real_images: Path) -> None:
    index = read(real_images / "camtrapR_sabah").index
    assert (index["location"].nunique(), index["taken_at"].notna().sum()) == (3, 68)
    assert read(real_images / "animl_southwest").index["taken_at"].notna().all()


def test_caltechs_coco_file_is_read_with_several_boxes_an_image(real_metadata: Path) -> None:
    imported = read(real_metadata / "caltech_cct20" / "cis_val_annotations.json")
    index = imported.index
    assert (len(index), index["location"].nunique(), index["label"].nunique()) == (3484, 10, 15)
    assert index[["label", "taken_at", "sequence_id", "frame"]].notna().all(axis=None)
    assert index["second_label"].isna().all(), "several boxes of one species are one label"


def test_kenyas_table_is_read_with_its_bursts(real_metadata: Path) -> None:
    index = read(real_metadata / "iwildcam_kenya_ErinTUDelft" / "kenya_image_information.csv").index
    assert (len(index), index["sequence_id"].nunique(), index["location"].nunique()) == (15_769, 2990, 30)
    assert index["taken_at"].notna().all()
    assert index["frame"].min() == 0


def test_megadetectors_own_example_joins_its_images(real_metadata: Path) -> None:
    folder = real_metadata / "megadetector_format"
    source, detector = folder / "ena24_coco_annotations.json", folder / "ena24_md_annotations.json"
    imported = read(source, options=ImportOptions(detector=detector))
    assert imported.index["detector_confidence"].notna().all()
    assert imported.detections is not None
    assert len(imported.detections) >= len(imported.index) == 21


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("iwildcam2020/schema_examples.json", "is JSON of no known kind"),
        ("iwildcam2020/sample_submission.csv", "no column of photo file names that is recognised"),
        ("iwildcam2020/visipedia_2020_readme.md", "no column of photo file names that is recognised"),
        ("caltech_cct20/caltech_full_distribution.json", "is JSON of no known kind"),
        ("iwildcam_kenya_ErinTUDelft/gps_locations.json", "is JSON of no known kind"),
        ("megadetector_format/ena24_md_annotations.json", "is a detector's result, not a data set"),
        ("megadetector_format/megadetector_output.json", "is a detector's result, not a data set"),
    ],
)
def test_what_is_no_data_set_is_refused(real_metadata: Path, name: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        recognise(real_metadata / name)


def test_detector_results_of_another_kind_are_refused(real_metadata: Path) -> None:
    folder = real_metadata / "iwildcam_kenya_ErinTUDelft"
    options = ImportOptions(detector=folder / "kenya_labels_megadetector.csv")
    with pytest.raises(DataError, match=r"kenya_labels_megadetector.csv is not valid JSON .*expected MegaDetector"):
        read(folder / "kenya_image_information.csv", options=options)
