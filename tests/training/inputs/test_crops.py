"""Images cropped to the detector's most confident box."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageDraw

from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, UsageError
from wildcam.training.inputs.crops import Crops
from wildcam.training.plan import images_of, select
from wildcam.training.recipe import Recipe, fields_of

NAN = float("nan")
DEER, FOX = (200, 120, 60), (220, 80, 20)
CHANGES = {"image_size": 32, "split": "random", "crops": True}


@pytest.fixture
def make_dataset(tmp_path):
    """Twenty black images with a deer or a fox in the upper right corner, with a box of this confidence."""

    def make(confidence):
        names = [f"{number}.png" for number in range(20)]
        for number, name in enumerate(names):
            image = Image.new("RGB", (320, 240))
            ImageDraw.Draw(image).rectangle((240, 0, 320, 80), DEER if number % 2 else FOX)
            image.save(tmp_path / name)
        index = build_index(
            {
                "image_id": names,
                "path": names,
                "label": ["deer" if number % 2 else "fox" for number in range(20)],
                "location": "a",
                "taken_at": pd.to_datetime("2020-01-01"),
                "detector_confidence": confidence,
                "box_x": 0.8,
                "box_y": 0.05,
                "box_width": 0.15,
                "box_height": 0.2,
            }
        )
        return save_dataset(
            tmp_path / "datasets",
            index,
            name="reserve",
            source="",
            root=tmp_path,
            format="csv",
            labels=LabelPolicy(),
        )

    return make


def test_an_image_is_cut_to_its_box_or_taken_whole(make_dataset):
    root = make_dataset(1.0).info.root
    crops = Crops(np.float32([[0.8, 0.05, 0.15, 0.2], [NAN] * 4]), margin=0.0)
    assert (crops.load(0, root / "0.png", 32) == FOX).all()
    assert (crops.load(1, root / "0.png", 32) == 0).any()


def test_the_identity_of_a_crop_follows_from_box_and_margin():
    boxes = np.float32([[0.8, 0.05, 0.15, 0.2], [0.7, 0.05, 0.15, 0.2], [NAN] * 4])
    one, other = Crops(boxes, margin=0.1), Crops(boxes, margin=0.2)
    assert len({one.identity(0), one.identity(1), other.identity(0)}) == 3
    assert one.identity(2) == other.identity(2) == ""


def test_images_without_a_confident_box_stay_whole_and_a_warning_counts_them(make_dataset):
    dataset = make_dataset([0.19] * 4 + [0.2] * 14 + [0.0, NAN])
    selection = select(dataset, Recipe.of("reserve", "efficientnet_b0", **CHANGES))
    whole = selection.table.set_index("image_id")["box_x"].isna()
    assert sorted(whole[whole].index) == sorted(f"{number}.png" for number in (0, 1, 2, 3, 18, 19))
    assert "6 of 20 photos without a confident box of the detector: left whole." in selection.warnings


@pytest.mark.parametrize("confidence", [NAN, 0.0, 0.19])
def test_a_data_set_without_a_confident_box_is_refused(make_dataset, confidence):
    with pytest.raises(DataError, match="^Data set 'reserve' has no detector box with a confidence of 0.2 or more"):
        select(make_dataset(confidence), Recipe.of("reserve", "efficientnet_b0", **CHANGES))


def test_without_crops_nothing_is_asked_of_a_detector(make_dataset):
    selection = select(make_dataset(NAN), Recipe.of("reserve", "efficientnet_b0", **CHANGES | {"crops": False}))
    assert "box_x" not in selection.table


def test_crops_are_for_species_only():
    with pytest.raises(UsageError, match="Crops are for the task species, not all"):
        Recipe.of("reserve", "efficientnet_b0", crops=True, task="all")
    assert {"crops", "crop_margin"}.isdisjoint(fields_of("empty_cnn"))
    assert {"crops", "crop_margin"} <= fields_of("resnet50").keys()


def test_training_reads_crops(make_dataset):
    dataset = make_dataset([1.0] * 10 + [0.0] * 10)
    recipe = Recipe.of("reserve", "efficientnet_b0", crop_margin=0, **CHANGES)
    rows = select(dataset, recipe).table
    images = images_of(dataset, recipe, rows, None)
    for position, (name, target) in enumerate(zip(rows["path"], rows["target"], strict=True)):
        image = images[position]
        cut = int(Path(name).stem) < 10
        assert (image == (DEER, FOX)[target]).all() == cut
        assert (image == 0).any() != cut
