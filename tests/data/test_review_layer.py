"""Reviews lie over a data set's labels: they count at once, everywhere, and the source stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.importers import import_dataset
from wildcam.data.reviews import Decision, Review, Reviews, spelled_as_known


@pytest.fixture
def home(tmp_path: Path, image: Callable[..., bytes]) -> Path:
    """A home with the data set `park`: two foxes and a photo that the source calls blank."""
    for number, name in enumerate(("Fox/1.jpg", "Fox/2.jpg", "blank/3.jpg")):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image(10 * number, 200, 10))
    import_dataset(tmp_path / "home" / "datasets", tmp_path / "photos", name="park")
    return tmp_path / "home"


def park(home: Path) -> Dataset:
    return open_dataset(home / "datasets", "park")


def review(home: Path, photo: str, label: str = "", decision: Decision = Decision.LABEL) -> None:
    path = str(park(home).image_path(photo))
    Reviews(home).add_all([Review(photo, "Fox", label, path, decision=decision.value)])


def labels(home: Path) -> dict[str, tuple[str, str]]:
    index = park(home).index
    return dict(zip(index["path"], zip(index["label"], index["role"], strict=True), strict=True))


def test_a_correction_counts_at_once_and_the_source_stays(home: Path) -> None:
    before = park(home).fingerprint
    review(home, "Fox/1.jpg", "hare")
    assert labels(home)["Fox/1.jpg"] == ("hare", "animal")
    assert labels(home)["Fox/2.jpg"] == ("Fox", "animal")
    assert park(home).index["source_label"].tolist() == ["Fox", "Fox", "blank"]
    assert park(home).fingerprint != before


def test_withdrawn_it_is_as_before(home: Path) -> None:
    before = park(home).fingerprint
    review(home, "Fox/1.jpg", "hare")
    found = Reviews(home).of(park(home).image_path("Fox/1.jpg"))
    assert found is not None
    Reviews(home).withdraw(found)
    assert labels(home)["Fox/1.jpg"] == ("Fox", "animal")
    assert park(home).fingerprint == before
    assert Reviews(home).of(park(home).image_path("Fox/1.jpg")) is None
    assert Reviews(home).table().empty
    assert len(Reviews(home).history()) == 2


def test_what_gives_no_label_changes_none(home: Path) -> None:
    review(home, "Fox/1.jpg", decision=Decision.UNDECIDED)
    assert labels(home)["Fox/1.jpg"] == ("Fox", "animal")
    decisions = park(home).index["decision"]
    assert decisions.dropna().tolist() == [Decision.UNDECIDED]


@pytest.mark.parametrize(
    ("said", "counts_as"),
    [("empty", ("blank", "empty")), ("human", ("human", "other")), ("leer", ("leer", "empty"))],
)
def test_a_label_that_the_source_has_not_has_the_role_of_its_words(
    home: Path, said: str, counts_as: tuple[str, str]
) -> None:
    review(home, "Fox/1.jpg", said)
    assert labels(home)["Fox/1.jpg"] == counts_as


def test_only_photos_of_the_data_set_count(home: Path, tmp_path: Path) -> None:
    Reviews(home).add_all([Review("1.jpg", "Fox", "hare", str(tmp_path / "photos2" / "Fox" / "1.jpg"))])
    assert labels(home)["Fox/1.jpg"] == ("Fox", "animal")
    assert park(home).reviews.stamp == ""


def test_an_opened_data_set_takes_later_reviews_without_reading_its_table_again(home: Path) -> None:
    dataset = park(home)
    assert dataset.index["label"].tolist() == ["Fox", "Fox", "blank"]
    review(home, "Fox/2.jpg", "hare")
    later = dataset.reviewed(park(home).reviews)
    assert later.index["label"].tolist() == ["Fox", "hare", "blank"]
    assert later.unreviewed is dataset.unreviewed
    assert repr(later) != repr(dataset)


@pytest.mark.parametrize(
    ("typed", "stored"), [("FOX", "Fox"), ("Fox ", "Fox"), ("hare", "hare"), ("deer", "deer"), ("Deer", "Deer")]
)
def test_a_known_label_is_spelled_as_it_is_known(typed: str, stored: str) -> None:
    assert spelled_as_known(typed, ["Deer", "Fox", "blank", "deer"]) == stored
