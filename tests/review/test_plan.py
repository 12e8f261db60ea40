"""What the random sample tells of the rest, checked against counts by hand."""

import pytest

from wildcam.data.reviews import Review, Reviews, Sample
from wildcam.review.plan import errors_found, review_plan, sampled_rows
from wildcam.review.queue import ReviewQueue


def say(queue: ReviewQueue, reviews: Reviews, number: int, label: str, sample: str = Sample.ALL) -> None:
    predicted = queue.table["predicted"].iloc[number]
    path = str(queue.root / f"{number}.jpg")
    reviews.add_all([Review(f"{number}.jpg", predicted, label, path, sample=sample)])


def test_precision_counts_the_random_sample_alone(queue: ReviewQueue, reviews: Reviews) -> None:
    say(queue, reviews, 0, "fox")
    say(queue, reviews, 1, "hare")
    say(queue, reviews, 4, "hare", sample="")
    plan = review_plan(queue, reviews.below(queue.root)).set_index("label")
    fox = plan.loc["fox"]
    assert (fox["photos"], fox["reviewed"], fox["sampled"], fox["correct"]) == (3, 3, 2, 1)
    assert fox["precision"] == 0.5
    assert (round(fox["low"], 4), round(fox["high"], 4)) == (0.0945, 0.9055)  # Wilson, 1 of 2
    assert plan.loc["deer", "sampled"] == 0
    assert plan["precision"].isna().sum() == len(plan) - 1


def test_no_more_are_asked_for_than_there_are(queue: ReviewQueue, reviews: Reviews) -> None:
    say(queue, reviews, 0, "fox")
    plan = review_plan(queue, reviews.below(queue.root), margin=0.05).set_index("label")
    assert plan.loc["fox", "more"] == 2
    assert plan.loc["empty", "more"] == 1


@pytest.mark.parametrize(("share", "found"), [(0.25, 0), (0.5, 1), (1.0, 2)])
def test_how_many_errors_the_least_confident_hold(
    queue: ReviewQueue, reviews: Reviews, share: float, found: int
) -> None:
    say(queue, reviews, 1, "hare")  # confidence 0.5
    say(queue, reviews, 3, "fox")  # confidence 0.99
    say(queue, reviews, 2, "deer")
    assert errors_found(queue, reviews.below(queue.root), share) == (found, 2)


def test_what_was_drawn_among_one_answer_tells_of_that_answer_alone(queue: ReviewQueue, reviews: Reviews) -> None:
    say(queue, reviews, 1, "hare", Sample.ANSWER)
    layer = reviews.below(queue.root)
    assert review_plan(queue, layer).set_index("label").loc["fox", "sampled"] == 1
    assert not sampled_rows(queue, layer)["of_all"].any()
    assert errors_found(queue, layer, 1.0) == (0, 0)
