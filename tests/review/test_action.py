"""What a key does is on disk, and taken back by undo."""

import pytest

from wildcam.data.reviews import Decision, Review, Reviews, Sample
from wildcam.errors import DataError, UsageError
from wildcam.review.action import Photo, Reviewer, stamp_of
from wildcam.review.queue import ReviewQueue


@pytest.fixture
def reviewer(reviews: Reviews, queue: ReviewQueue) -> Reviewer:
    return Reviewer(reviews, queue.models, reason="Random sample", sample=Sample.ALL)


def photo(queue: ReviewQueue, number: int, predicted: str = "fox") -> Photo:
    path = queue.root / f"{number}.jpg"
    return Photo(path, path.name, predicted, stamp_of(path))


def labels(reviews: Reviews, queue: ReviewQueue) -> dict[str, str]:
    return reviews.below(queue.root).labels()


def test_a_confirmation_says_what_the_answer_said(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    reviewer.confirm([photo(queue, 0), photo(queue, 5, "")])
    assert labels(reviews, queue) == {"0.jpg": "fox"}
    found = reviews.said_of(queue.root / "0.jpg")
    assert found is not None
    assert found.confirms
    assert (found.reason, found.models) == ("Random sample", "park-empty + park-species")


def test_undo_puts_back_what_counted_before(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    reviewer.label([photo(queue, 0)], "hare")
    reviewer.label([photo(queue, 0), photo(queue, 1)], "stoat")
    reviewer.decide([photo(queue, 1)], Decision.FLAG)
    assert reviewer.undo()
    assert labels(reviews, queue) == {"0.jpg": "stoat", "1.jpg": "stoat"}
    assert reviewer.undo()
    assert labels(reviews, queue) == {"0.jpg": "hare"}
    assert reviewer.undo()
    assert labels(reviews, queue) == {}
    assert not reviewer.undo()


@pytest.mark.parametrize("gone", [True, False])
def test_a_photo_that_changed_since_it_was_shown_gets_no_label(
    reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue, gone: bool
) -> None:
    shown = [photo(queue, 0), photo(queue, 1)]
    if gone:
        (queue.root / "1.jpg").unlink()
    else:
        (queue.root / "1.jpg").write_bytes(b"another photo altogether")
    with pytest.raises(DataError, match=r"1 photo changed.*1\.jpg"):
        reviewer.label(shown, "hare")
    assert labels(reviews, queue) == {}


def test_a_label_that_is_none_saves_nothing(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    with pytest.raises(UsageError):
        reviewer.label([photo(queue, 0)], "  ")
    assert not reviewer.undo()


def test_a_burst_of_two_thousand_frames_is_one_action(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    burst = [Photo(queue.root / f"burst{number}.jpg", f"burst{number}.jpg", "fox") for number in range(2000)]
    reviewer.label(burst, "hare")
    assert len(labels(reviews, queue)) == 2000
    assert reviewer.undo()
    assert labels(reviews, queue) == {}


def test_undo_puts_a_review_back_as_somebody_else_made_it(
    reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildcam.data.reviews.actor_name", lambda: "anna")
    [annas] = reviews.add_all([Review("0.jpg", "fox", "deer", str(queue.root / "0.jpg"))])
    monkeypatch.setattr("wildcam.data.reviews.actor_name", lambda: "ben")
    reviewer.label([photo(queue, 0)], "hare")
    assert reviewer.undo()
    assert reviews.said_of(queue.root / "0.jpg") == annas


def test_undo_leaves_what_somebody_else_has_said_since(
    reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue
) -> None:
    reviewer.label([photo(queue, 0)], "hare")
    reviews.add_all([Review("0.jpg", "fox", "deer", str(queue.root / "0.jpg"))])
    with pytest.raises(UsageError, match="another review since"):
        reviewer.undo()
    assert labels(reviews, queue) == {"0.jpg": "deer"}


def test_undo_is_of_the_photo_and_not_of_a_copy(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    upload = (queue.root / "0.jpg").read_bytes()
    reviews.add(upload, name="upload.jpg", predicted="fox", label="deer", models="")
    reviewer.label([photo(queue, 0)], "hare")
    assert reviewer.undo()
    assert labels(reviews, queue) == {}


def test_only_photos_that_were_shown_are_in_the_sample(
    reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue
) -> None:
    of_its_burst = Photo(queue.root / "1.jpg", "1.jpg", "fox")
    reviewer.label([photo(queue, 0), of_its_burst], "hare")
    samples = {path: review.sample for path, review in reviews.below(queue.root).by_path.items()}
    assert samples == {"0.jpg": Sample.ALL, "1.jpg": ""}
