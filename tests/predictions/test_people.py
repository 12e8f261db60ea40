"""What a home knows of people in its photos: data sets, batches and reviews together, by file."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.planted_people import write_answers
from wildcam.data.catalog import Dataset, build_index, open_dataset, save_dataset, update_labels
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Review, Reviews
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


def test_where_it_cannot_be_read_which_photos_a_data_set_has_any_photo_at_all_may_show_people(home: Settings) -> None:
    (home.datasets_dir / "d" / "dataset.json").write_bytes(b"damaged")
    assert known_people(home).shows(Path("/elsewhere/a.jpg"))


def test_sound_parts_of_a_damaged_batch_count_and_any_of_its_photos_may_show_people(
    home: Settings, answer: Answer, tmp_path: Path
) -> None:
    answer(b="person")
    answer(c="fox")
    answer(d="fox")
    part = home.runs_dir / "run" / "predictions" / "part-000002.parquet"
    content = part.read_bytes()
    part.write_bytes(b"damaged")
    assert shown(home) == "abcd"
    known = known_people(home)
    assert known.reasons[str(tmp_path / "photos" / "b.jpg")] == "answer person"
    assert not known.shows(Path("/elsewhere/a.jpg"))
    part.write_bytes(content)
    assert shown(home) == "ab"


def test_answers_of_photos_that_nobody_knows_may_be_of_any(home: Settings, answer: Answer) -> None:
    answer(c="fox")
    (home.runs_dir / "run" / "predictions" / "metadata.json").write_bytes(b"damaged")
    assert known_people(home).shows(Path("/elsewhere/a.jpg"))


def test_what_a_disk_refused_once_is_read_again(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as refusing:
        refusing.setattr("wildcam.predictions.people.open_dataset", refuse)
        assert known_people(home).shows(Path("/elsewhere/a.jpg"))
    assert shown(home) == "a"


@pytest.mark.parametrize("linked_is_later", [True, False])
@pytest.mark.parametrize("later", ["human", "deer"])
def test_of_two_paths_to_one_file_the_later_correction_counts(
    home: Settings, tmp_path: Path, later: str, linked_is_later: bool
) -> None:
    real, linked = tmp_path / "photos" / "b.jpg", tmp_path / "other.jpg"
    linked.symlink_to(real)
    last, first = (linked, real) if linked_is_later else (real, linked)
    earlier = "human" if later == "deer" else "deer"
    for path, label in ((last, earlier), (first, earlier), (last, later)):
        Reviews(home.home).add_all([Review("b", "", label, str(path))])
    assert known_people(home).shows(linked) == (later == "human")
    assert shown(home) == ("ab" if later == "human" else "a")


def test_a_photo_behind_a_linked_folder_or_file_is_the_same_photo(home: Settings, tmp_path: Path) -> None:
    collection = tmp_path / "collection"
    collection.mkdir()
    (collection / "station").symlink_to(tmp_path / "photos")
    (collection / "x.jpg").symlink_to(tmp_path / "photos" / "a.jpg")
    paths = pd.Series(["station/a.jpg", "station/b.jpg", "x.jpg", "gone/a.jpg"])
    known = known_people(home)
    assert known.reasons_of(collection, paths).notna().tolist() == [True, False, True, False]
    assert [known.shows(collection / path) for path in paths] == [True, False, True, False]
    correct(home, "a", "deer")
    assert known_people(home).is_corrected(collection, paths).tolist() == [True, False, True, False]


def test_what_has_not_changed_is_not_read_again(
    home: Settings, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(b="person")
    correct(home, "c", "human")
    known = known_people(home)
    assert known_people(home) is known
    with monkeypatch.context() as closed:
        closed.setattr("wildcam.predictions.people.open_dataset", None)
        correct(home, "d", "human")  # of the rest nothing is read
        assert known_people(home) is not known
    assert shown(home) == "abcd"
