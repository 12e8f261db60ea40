"""The index is one file, read as it was written, and what cannot be read is not there."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.similar import write_similar
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.settings import Settings
from wildcam.similarity.findings import AlikeFinding, find_alike, label_dispute
from wildcam.similarity.index import SimilarityIndex, index_path, read_index

PHOTOS = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def make(settings: Settings) -> Callable[..., Dataset]:
    def make(photos: int = PHOTOS, **columns: object) -> Dataset:
        names = [f"{number}.jpg" for number in range(photos)]
        labels = ["fox" if number % 2 else "deer" for number in range(photos)]
        index = build_index({"image_id": names, "path": names, "label": labels} | columns)
        policy = LabelPolicy.suggest(["fox", "deer"])
        folder = settings.datasets_dir
        return save_dataset(
            folder, index, name="park", source="", root=settings.home, format="csv", labels=policy, replace=True
        )

    return make


def test_it_is_read_as_it_was_written(settings: Settings, make: Callable[..., Dataset]) -> None:
    written = write_similar(settings, make())
    read = read_index(index_path(settings, "park"))
    assert read is not None
    assert read.info == written.info
    for name in ("plane", "group", "neighbours", "similarities"):
        assert np.array_equal(getattr(read, name), getattr(written, name))
    like = read.like("1.jpg")
    assert like["image_id"].map(lambda name: int(name.split(".")[0]) % 2).all()
    assert like["similarity"].is_monotonic_decreasing
    assert read.like("unknown").empty


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all"])
def test_a_damaged_one_is_not_there(settings: Settings, content: bytes) -> None:
    path = index_path(settings, "park")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert read_index(path) is None


def test_it_knows_when_photos_were_added(settings: Settings, make: Callable[..., Dataset]) -> None:
    index = write_similar(settings, make())
    assert index.is_of(make())
    assert not index.is_of(make(photos=PHOTOS + 1))


def planted(index: SimilarityIndex, dataset: Dataset, wrong: list[int]) -> pd.DataFrame:
    """The data set's table with a few labels exchanged."""
    table = dataset.index.copy()
    labels = table["label"].astype(object)
    labels.iloc[wrong] = ["deer" if label == "fox" else "fox" for label in labels.iloc[wrong]]
    return table.assign(label=labels)


def test_labels_unlike_their_neighbours_are_found(settings: Settings, make: Callable[..., Dataset]) -> None:
    dataset = make()
    index = write_similar(settings, dataset)
    assert find_alike(index, dataset.index, AlikeFinding.SUSPICIOUS).empty
    table = planted(index, dataset, [3, 8, 20])
    found = find_alike(index, table, AlikeFinding.SUSPICIOUS)
    assert sorted(found["image_id"]) == ["20.jpg", "3.jpg", "8.jpg"]
    assert found.set_index("image_id").loc["3.jpg", "note"] == "neighbours: fox"
    assert label_dispute(index, table)["3.jpg"] > 0.8


def test_neighbours_of_one_burst_say_nothing(settings: Settings, make: Callable[..., Dataset]) -> None:
    dataset = make(sequence_id=["s"] * PHOTOS)
    index = write_similar(settings, dataset)
    table = planted(index, dataset, [3, 8, 20])
    assert find_alike(index, table, AlikeFinding.SUSPICIOUS).empty
    assert find_alike(index, table, AlikeFinding.OUTLIER).empty


def test_the_same_photo_at_two_locations_is_found(settings: Settings, make: Callable[..., Dataset]) -> None:
    dataset = make(location=["north"] * (PHOTOS - 1) + ["south"])
    index = write_similar(settings, dataset)
    index.similarities[-1, 0] = 0.999
    found = find_alike(index, dataset.index, AlikeFinding.SAME)
    assert found.set_index("image_id").loc[f"{PHOTOS - 1}.jpg", "note"] == "also at north"


def test_photos_that_went_away_are_in_no_list(settings: Settings, make: Callable[..., Dataset]) -> None:
    dataset = make()
    index = write_similar(settings, dataset)
    left = planted(index, dataset, [3, 8, 20]).iloc[10:].reset_index(drop=True)
    for finding in AlikeFinding:
        assert set(find_alike(index, left, finding)["image_id"]) <= set(left["image_id"])
