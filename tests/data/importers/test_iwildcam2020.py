"""iWildCam 2020: train and test file, and the demo that is written in their form."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import Imported, ImportOptions, read, recognise
from wildcam.data.importers.iwildcam2020 import TEST_NAME, TRAIN_NAME
from wildcam.errors import DataError

Write = Callable[..., Path]
Remarks = Callable[[Imported], dict[str, int]]

IMAGES = [{"id": "a", "file_name": "a.jpg"}, {"id": "b", "file_name": "b.jpg"}]
ANNOTATIONS = [{"image_id": "a", "category_id": 73}, {"image_id": "b", "category_id": 0}]
TEST_IMAGES = [{"id": "x", "file_name": "x.jpg"}, {"id": "b", "file_name": "b.jpg"}]


@pytest.fixture
def competition(write_coco: Write) -> Path:
    """The folder with both files."""
    write_coco(TRAIN_NAME, images=IMAGES, annotations=ANNOTATIONS)
    return write_coco(TEST_NAME, images=TEST_IMAGES, annotations=None).parent


def test_a_folder_gives_train_and_test(competition: Path, remarks: Remarks) -> None:
    imported = read(competition)
    assert imported.index["path"].tolist() == ["train/a.jpg", "train/b.jpg", "test/x.jpg"]
    assert imported.index["given_split"].tolist() == ["train", "train", "test"]
    assert imported.index["label"].isna().tolist() == [False, False, True]
    assert remarks(imported) == {"photo id of the train file repeated in the test file: left out": 1}


def test_a_file_alone_is_read_alone(competition: Path) -> None:
    train = read(competition / TRAIN_NAME)
    assert train.index["given_split"].unique().tolist() == ["train"]
    test = read(competition / TEST_NAME)
    assert test.index["given_split"].unique().tolist() == ["test"]
    both = read(competition / TRAIN_NAME, options=ImportOptions(test_source=competition / TEST_NAME))
    assert len(both.index) == 3


def test_images_in_one_flat_folder_are_found(competition: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for name in ("a.jpg", "b.jpg", "x.jpg"):
        (flat / name).touch()
    imported = read(competition, options=ImportOptions(images_dir=flat))
    assert imported.index["path"].tolist() == ["a.jpg", "b.jpg", "x.jpg"]


def test_the_format_is_recognised_from_the_file_s_info(write_coco: Write) -> None:
    renamed = write_coco("renamed.json", info={"description": "Train metadata for the iWildCam 2020 challenge"})
    assert recognise(renamed) == "iwildcam2020"
    assert recognise(write_coco("other.json")) == "coco"


def test_a_folder_without_the_train_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"has no {TRAIN_NAME}"):
        read(tmp_path, format="iwildcam2020")


def test_a_missing_test_file_is_named(competition: Path) -> None:
    with pytest.raises(DataError, match=r"gone.json is missing"):
        read(competition / TRAIN_NAME, options=ImportOptions(test_source=competition / "gone.json"))


@pytest.mark.slow
def test_the_demo_comes_in_as_iwildcam_does(demo_source: Path) -> None:
    options = ImportOptions(
        detector=demo_source / "iwildcam2020_megadetector_results.json",
        ground_truth=demo_source / "demo_test_ground_truth.csv",
    )
    imported = read(demo_source, options=options)
    train = json.loads((demo_source / TRAIN_NAME).read_bytes())
    index = imported.index.set_index("image_id")
    names = {category["id"]: category["name"] for category in train["categories"]}
    for annotation in train["annotations"]:
        assert index["label"][annotation["image_id"]] == names[annotation["category_id"]]
    assert index["label"].notna().all(), "the ground truth labels the test photos"
    assert index["detector_confidence"].isna().any(), "some photos are not listed by the detector"
    animals = index[~index["label"].isin(["empty", "human"])]
    assert (animals["detector_confidence"] > 0.3).mean() > 0.8
    assert imported.remarks == ()
