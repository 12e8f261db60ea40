"""What a home knows of people in its photos: data sets, batches and corrections together, by file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.planted_people import write_answers
from wildcam.data.catalog import Dataset, build_index, open_dataset, save_dataset, update_labels
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.predictions.people import known_people
from wildcam.settings import Settings

NAMES = list("abcd")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A data set in which `a` is a human."""
    settings = Settings(home=tmp_path / "home")
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in NAMES:
        (photos / f"{name}.jpg").write_bytes(name.encode())
    index = build_index(
        {
            "image_id": NAMES,
            "path": [f"{name}.jpg" for name in NAMES],
            "label": ["human", "fox", "fox", "walker"],
        }
    )
    policy = LabelPolicy(merged={"walker": "fox"})
    save_dataset(settings.datasets_dir, index, name="d", source="", root=photos, format="csv", labels=policy)
    return settings


Answer = Callable[..., object]


@pytest.fixture
def answer(home: Settings, tmp_path: Path) -> Answer:
    """Add answers to a batch of the photos, which it reaches by a link."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "photos")
    return lambda **labels: write_answers(home.runs_dir / "run", link, **labels)


def shown(settings: Settings) -> str:
    known, dataset = known_people(settings), open_dataset(settings.datasets_dir, "d")
    by_file = "".join(name for name in NAMES if known.shows(dataset.info.root / f"{name}.jpg"))
    assert "".join(known.of_dataset(dataset)["image_id"]) == by_file
    return by_file


def correct(settings: Settings, name: str, label: str) -> None:
    path = open_dataset(settings.datasets_dir, "d").info.root / f"{name}.jpg"
    Reviews(settings.home).add(str(path), name=name, predicted="", label=label, models="")


def test_the_answer_of_a_batch_counts_for_the_file_wherever_it_is_shown(home: Settings, answer: Answer) -> None:
    assert shown(home) == "a"
    answer(b="person", c="fox")
    assert shown(home) == "ab"
    answer(c="vehicle")  # as more rows come
    assert shown(home) == "abc"


def test_a_correction_wins_over_label_and_answer_in_either_direction(home: Settings, answer: Answer) -> None:
    answer(b="person")
    for name in "ab":
        correct(home, name, "fox")
    correct(home, "c", "hiker")
    assert shown(home) == "c"
    correct(home, "c", "fox")
    correct(home, "a", "human")
    assert shown(home) == "a"


def test_a_change_of_the_label_policy_counts_at_once(home: Settings) -> None:
    assert shown(home) == "a"
    update_labels(open_dataset(home.datasets_dir, "d"), LabelPolicy())
    assert shown(home) == "ad"


def test_where_labels_cannot_be_read_any_photo_may_show_people(home: Settings) -> None:
    dataset: Dataset = open_dataset(home.datasets_dir, "d")
    (dataset.folder / "index.parquet").write_bytes(b"damaged")
    known = known_people(home)
    assert all(known.shows(dataset.info.root / f"{name}.jpg") for name in NAMES)
    assert not known.shows(Path("/elsewhere/a.jpg"))
