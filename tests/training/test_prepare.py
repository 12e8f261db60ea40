import numpy as np
import pandas as pd
import pytest
from PIL import Image

from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.errors import DataError
from wildcam.training.inputs import image_set as module
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.plan import prepare, select
from wildcam.training.recipe import Recipe

RECIPE = Recipe.of("reserve", "empty_cnn", image_size=32, id_val_fraction=0)


@pytest.fixture
def dataset(tmp_path):
    """Ten images at each of four cameras, every other one with a deer."""
    names = [f"{location}-{number}.png" for location in "abcd" for number in range(10)]
    for name in names:
        Image.new("RGB", (40, 30), (20, 120, 20)).save(tmp_path / name)
    index = build_index(
        {
            "image_id": names,
            "path": names,
            "label": ["deer" if int(name[2]) % 2 else "empty" for name in names],
            "location": [name[0] for name in names],
            "taken_at": pd.to_datetime("2020-01-01"),
        }
    )
    labels = LabelPolicy(empty=("empty",))
    return save_dataset(
        tmp_path / "datasets", index, name="reserve", source="", root=tmp_path, format="csv", labels=labels
    )


@pytest.fixture
def plan_of(dataset, tmp_path):
    def make(**options):
        return prepare(dataset, RECIPE, select(dataset, RECIPE), tmp_path / "run", tmp_path / "downloads", **options)

    return make


def test_training_begins_before_anything_is_decoded(plan_of, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "load_square", lambda *_: pytest.fail("decoded"))
    heard = []
    with PixelCache(tmp_path / "pixels", 10**9) as cache:
        plan = plan_of(progress=lambda *said: heard.append(said), cache=cache)
    assert heard[-1] == ("checking validation photos", len(plan.val), len(plan.val))
    assert len(plan.train.images) == len(plan.train) == 20
    assert not list((tmp_path).glob("run/*"))


def test_files_that_are_not_there_are_left_out_and_named(plan_of, dataset, tmp_path, capsys):
    gone = select(dataset, RECIPE).on(Subset.TRAIN)["path"].iloc[3]
    (tmp_path / gone).unlink()
    plan = plan_of()
    assert len(plan.train) == 19
    assert gone not in plan.train.image_ids
    assert len(plan.train.image_ids) == 19
    assert capsys.readouterr().out == f"left out, missing: {tmp_path / gone}\n"
    assert np.bincount(plan.train.targets).tolist() in ([9, 10], [10, 9])


def test_a_folder_that_is_away_is_refused(plan_of, tmp_path):
    for path in tmp_path.glob("*.png"):
        path.unlink()
    with pytest.raises(DataError, match="None of 20 training photos can be read"):
        plan_of()
