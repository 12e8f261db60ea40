"""What a key does is on disk, and taken back by undo."""

import pytest

from wildcam.data.reviews import Decision, Reviews
from wildcam.errors import DataError, UsageError
from wildcam.review.action import Photo, Reviewer, stamp_of
from wildcam.review.queue import ReviewQueue


@pytest.fixture
def reviewer(reviews: Reviews, queue: ReviewQueue) -> Reviewer:
    return Reviewer(reviews, queue.models)


def photo(queue: ReviewQueue, number: int, predicted: str = "fox") -> Photo:
    path = queue.root / f"{number}.jpg"
    return Photo(path, path.name, predicted, stamp_of(path))


def labels(reviews: Reviews, queue: ReviewQueue) -> dict[str, str]:
    return reviews.below(queue.root).labels()


def test_a_confirmation_says_what_the_answer_said(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    reviewer.confirm([photo(queue, 0), photo(queue, 5, "")], "Random sample")
    assert labels(reviews, queue) == {"0.jpg": "fox"}
    found = reviews.of_path(queue.root / "0.jpg")
    assert found is not None
    assert found.confirms
    assert (found.reason, found.models) == ("Random sample", "park-empty + park-species")


def test_undo_puts_back_what_counted_before(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    reviewer.label([photo(queue, 0)], "hare", "")
    reviewer.label([photo(queue, 0), photo(queue, 1)], "stoat", "")
    reviewer.decide([photo(queue, 1)], Decision.FLAG, "")
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
        reviewer.label(shown, "hare", "")
    assert labels(reviews, queue) == {}


def test_a_label_that_is_none_saves_nothing(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    with pytest.raises(UsageError):
        reviewer.label([photo(queue, 0)], "  ", "")
    assert not reviewer.undo()


def test_a_burst_of_two_thousand_frames_is_one_action(reviewer: Reviewer, reviews: Reviews, queue: ReviewQueue) -> None:
    burst = [Photo(queue.root / f"burst{number}.jpg", f"burst{number}.jpg", "fox") for number in range(2000)]
    reviewer.label(burst, "hare", "")
    assert len(labels(reviews, queue)) == 2000
    assert reviewer.undo()
    assert labels(reviews, queue) == {}
