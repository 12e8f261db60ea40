"""The Review page: what its keys do, without a browser; and its views in every state."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.review.screen import LENGTH, Action, Screens
from pages.review.source import ReviewSource
from tests.pages.open_page import open_page
from tests.similar import write_similar
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.importers import import_dataset
from wildcam.data.reviews import Review, Reviews, Sample
from wildcam.errors import DataError, UsageError
from wildcam.review.action import Reviewer
from wildcam.review.queue import ReviewOrder, Show, queue_of_labels
from wildcam.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: Callable[..., bytes]) -> Path:
    """A home with the data set `park`: 30 photos of foxes and hares."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    for number in range(30):
        path = tmp_path / "photos" / ("fox" if number % 3 else "hare") / f"{number:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image(8 * number, 200, 10))
    import_dataset(tmp_path / "home" / "datasets", tmp_path / "photos", name="park")
    return tmp_path / "home"


def park(home: Path) -> Dataset:
    return open_dataset(home / "datasets", "park")


def labels(home: Path) -> dict[str, str]:
    return park(home).reviews.labels()


@pytest.fixture
def screens(home: Path) -> Screens:
    dataset = park(home)
    source = ReviewSource(queue_of_labels(dataset), ("empty", "fox", "hare"))
    rows = source.queue.rows(ReviewOrder.LOCATIONS, Show.TO_REVIEW, (), source.reviews(home))
    return Screens(source, rows, False, Reviewer(Reviews(home)), screen=0)


def action(number: int, kind: str, *photos: int, label: str = "", screen: int = 0) -> Action:
    return Action.model_validate(
        {"number": number, "screen": screen, "kind": kind, "label": label, "photos": list(photos)}
    )


def test_a_key_is_on_disk_and_done_once_however_often_it_is_sent(home: Path, screens: Screens) -> None:
    first, second, third = screens.now[:3]
    sent = [action(1, "confirm", first, second), action(2, "label", third, label="Coati")]
    screens.do(sent[:1])
    screens.do(sent)
    screens.do(sent)
    assert sorted(labels(home).values()) == ["Coati", "fox", "fox"]
    assert len(Reviews(home).history()) == 3
    assert screens.answered == 2


def test_a_typed_label_is_spelled_as_the_data_set_has_it(home: Path, screens: Screens) -> None:
    screens.do([action(1, "label", screens.now[0], label="HARE ")])
    assert list(labels(home).values()) == ["hare"]


def test_photos_stay_where_they_are_until_the_next_screen(home: Path, screens: Screens) -> None:
    before = screens.now
    screens.do([action(1, "confirm", *before)])
    assert screens.now == before
    screens.do([action(2, "next")])
    assert len(screens.now) == 30 - LENGTH
    assert not set(screens.now) & set(before)
    screens.do([action(3, "previous", screen=1)])
    assert screens.now == before


def test_a_label_that_cannot_be_one_stops_no_later_key(home: Path, screens: Screens) -> None:
    first, second = screens.now[:2]
    with pytest.raises(UsageError, match="expected 1 to 200"):
        screens.do([action(1, "label", first, label="x" * 300)])
    screens.do([action(1, "label", first, label="x" * 300), action(2, "confirm", second)])
    assert len(labels(home)) == 1


def test_the_last_screen_ends_the_queue(screens: Screens) -> None:
    screens.do([action(1, "next"), action(2, "next")])
    assert screens.now == []
    screens.back()
    assert screens.now


@pytest.mark.parametrize("sent", [action(1, "confirm", 999), action(1, "confirm", 0, screen=7)])
def test_what_is_not_on_the_screen_is_not_reviewed(home: Path, screens: Screens, sent: Action) -> None:
    with pytest.raises(UsageError, match="no longer shown"):
        screens.do([sent])
    assert labels(home) == {}


def test_after_a_key_that_fails_those_behind_it_are_not_done(home: Path, screens: Screens) -> None:
    first, second = screens.now[:2]
    screens.shown[first].path.unlink()
    with pytest.raises(DataError, match="1 photo changed"):
        screens.do([action(1, "label", first, label="hare"), action(2, "confirm", second)])
    assert labels(home) == {}
    screens.do([action(3, "confirm", second)])
    assert len(labels(home)) == 1


@pytest.fixture
def in_bursts(home: Path) -> Screens:
    """Three frames of one burst, the last of which the source calls otherwise."""
    dataset = park(home)
    index = dataset.unreviewed
    burst = index["path"].isin(["fox/01.jpg", "fox/02.jpg", "hare/03.jpg"])
    index["sequence_id"] = index["sequence_id"].astype("string").mask(burst, "s1")
    source = ReviewSource(queue_of_labels(dataset), ("empty", "fox", "hare"))
    rows = source.queue.one_a_burst(source.queue.rows(ReviewOrder.BURSTS, Show.ALL, (), source.reviews(home)))
    return Screens(source, rows, True, Reviewer(Reviews(home)), screen=0)


def test_a_label_counts_for_the_burst_and_a_confirmation_for_frames_with_the_same_answer(
    home: Path, in_bursts: Screens
) -> None:
    row = next(row for row in in_bursts.now if in_bursts.frames(row) == 3)
    in_bursts.do([action(1, "confirm", row)])
    assert labels(home) == {"fox/01.jpg": "fox", "fox/02.jpg": "fox"}
    in_bursts.do([action(2, "label", row, label="stoat")])
    assert set(labels(home).values()) == {"stoat"}
    assert len(labels(home)) == 3
    in_bursts.do([action(3, "undo"), action(4, "undo")])
    assert labels(home) == {}


def test_photos_without_a_time_are_in_no_burst(in_bursts: Screens) -> None:
    assert len(in_bursts.rows) == 30 - 2


def shown(page: AppTest) -> str:
    return "\n".join(
        element.value for kind in ("info", "caption", "markdown", "text", "warning") for element in page.get(kind)
    )


def test_without_data_it_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "empty"))
    assert "no data set yet" in shown(open_page("review"))


def grid(page: AppTest) -> dict[str, object]:
    """What the browser's part is given."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component") if element.proto.json]
    return next(data for data in found if "screen" in data)


def test_the_grid_has_photos_their_labels_and_keys(home: Path) -> None:
    data = grid(open_page("review", dataset="park"))
    assert len(data["photos"]) == LENGTH
    assert {photo["says"] for photo in data["photos"]} == {"fox", "hare"}
    assert data["keys"] == ["fox", "hare"]
    assert data["labels"] == ["empty", "fox", "hare"]


def test_a_label_of_another_reviewer_is_seen_and_left_out_of_what_is_to_do(home: Path) -> None:
    path = park(home).image_path("fox/01.jpg")
    Reviews(home).add_all([Review("fox/01.jpg", "fox", "stoat", str(path))])
    data = grid(open_page("review", dataset="park", show="reviewed"))
    assert list(data["states"].values()) == ["stoat"]
    assert "1 to 24 of 29 photos" in str(grid(open_page("review", dataset="park"))["said"])


def test_the_plan_asks_for_a_random_sample_first(home: Path) -> None:
    page = open_page("review", dataset="park", view="plan")
    assert "Random sample" in shown(page)
    path = park(home).image_path("fox/01.jpg")
    Reviews(home).add_all([Review("fox/01.jpg", "fox", "stoat", str(path), sample=Sample.ALL)])
    page = open_page("review", dataset="park", view="plan")
    assert page.metric[0].value == "0%"
    assert page.dataframe[0].value.set_index("label").loc["fox", "sampled"] == 1


def test_a_conflict_is_shown_and_settled(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(park(home).image_path("fox/01.jpg"))
    for who, label in (("ada", "fox"), ("ben", "stoat")):
        monkeypatch.setattr("wildcam.data.reviews.actor_name", lambda who=who: who)
        Reviews(home).add_all([Review("fox/01.jpg", "fox", label, path)])
    page = open_page("review", dataset="park", view="agreement")
    assert "ada: fox" in shown(page)
    page.button(key="review_settle_fox/01.jpg_fox").click().run()
    assert not page.exception
    assert labels(home) == {"fox/01.jpg": "fox"}
    assert "ada: fox" not in shown(page)


def test_a_viewer_may_not_review(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wildcam.accounts.acting import Actor
    from wildcam.accounts.roles import Role

    monkeypatch.setattr("pages.widgets.visitor.visitor", lambda: Actor("vera", Role.VIEWER))
    assert "annotator" in shown(open_page("review", dataset="park"))


def test_an_order_that_cannot_be_had_is_said_until_it_can(home: Path) -> None:
    assert "were not compared yet" in shown(open_page("review", dataset="park", order="alike"))
    assert "have no confidence" in shown(open_page("review", dataset="park", order="least_confident"))
    page = open_page("review", dataset="park", order="alike")
    assert {photo["group"] for photo in grid(page)["photos"]} == {-1}
    write_similar(Settings(home=home), park(home))
    page.run()
    assert "were not compared yet" not in shown(page)
    assert {photo["group"] for photo in grid(page)["photos"]} == {0}
