"""Which photos come first, and which are in the queue at all."""

from dataclasses import replace

import numpy as np
import pytest

from wildcam.data.reviews import Decision, Review, ReviewLayer, Reviews
from wildcam.review.queue import ReviewOrder, ReviewQueue, Show


def names(
    queue: ReviewQueue, order: ReviewOrder, show: Show = Show.ALL, *labels: str, reviews: Reviews | None = None
) -> str:
    layer = reviews.below(queue.root) if reviews else ReviewLayer()
    return "".join(str(row) for row in queue.rows(order, show, labels, layer))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ReviewOrder.LEAST_CONFIDENT, "75416203"),
        (ReviewOrder.DISPUTED, "14023567"),
        (ReviewOrder.BURSTS, "01234567"),
        (ReviewOrder.LOCATIONS, "45670123"),
    ],
)
def test_an_order_puts_what_it_says_first(queue: ReviewQueue, order: ReviewOrder, expected: str) -> None:
    assert names(queue, order) == expected


def test_the_random_sample_is_the_same_for_everybody_and_in_no_other_order(queue: ReviewQueue) -> None:
    sample = names(queue, ReviewOrder.RANDOM)
    assert sorted(sample) == list("01234567")
    assert sample == names(queue, ReviewOrder.RANDOM) != "01234567"


def test_only_the_answers_asked_for(queue: ReviewQueue) -> None:
    assert names(queue, ReviewOrder.BURSTS, Show.ALL, "fox", "empty") == "0134"


def test_what_is_reviewed_leaves_the_queue_and_is_found_again(queue: ReviewQueue, reviews: Reviews) -> None:
    def review(number: int, decision: Decision) -> Review:
        label = "hare" if decision is Decision.LABEL else ""
        return Review(f"{number}.jpg", "fox", label, str(queue.root / f"{number}.jpg"), decision=decision.value)

    reviews.add_all([review(0, Decision.LABEL), review(1, Decision.FLAG), review(2, Decision.UNDECIDED)])
    assert names(queue, ReviewOrder.BURSTS, Show.TO_REVIEW, reviews=reviews) == "34567"
    assert names(queue, ReviewOrder.BURSTS, Show.REVIEWED, reviews=reviews) == "0"
    assert names(queue, ReviewOrder.BURSTS, Show.OPEN, reviews=reviews) == "12"


def test_a_burst_is_shown_by_one_photo(queue: ReviewQueue) -> None:
    assert queue.burst_of(1).tolist() == [0, 1, 2]
    assert queue.one_a_burst(np.array([4, 2, 0, 3])).tolist() == [4, 2, 3]


def test_an_order_that_says_nothing_of_these_photos_is_said(queue: ReviewQueue) -> None:
    assert [order for order in ReviewOrder if queue.lacks(order)] == [ReviewOrder.ALIKE]
    of_labels = replace(queue, table=queue.table.assign(confidence=float("nan"), dispute=0.0))
    assert [order for order in ReviewOrder if of_labels.lacks(order)] == [
        ReviewOrder.LEAST_CONFIDENT,
        ReviewOrder.DISPUTED,
        ReviewOrder.ALIKE,
    ]
    compared = replace(queue, table=queue.table.assign(group=range(len(queue.table))))
    assert not compared.lacks(ReviewOrder.ALIKE)


def test_a_queue_is_another_once_its_photos_were_compared(queue: ReviewQueue) -> None:
    assert queue.content == replace(queue, table=queue.table.copy()).content
    assert queue.content != replace(queue, table=queue.table.assign(group=range(len(queue.table)))).content
