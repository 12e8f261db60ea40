"""Two reviewers: where they differ, how well they agree, and how a conflict ends."""

import pytest

from wildcam.data.reviews import SETTLES, Decision, Review
from wildcam.review.agreement import agreement, conflicts


def said(path: str, label: str, by: str, decision: Decision = Decision.LABEL, reason: str = "") -> Review:
    return Review(path, "fox", label, path, decision=decision.value, reviewed_by=by, reason=reason)


def test_kappa_is_cohens() -> None:
    """The example of 25 and 15 of 50 in his terms: observed 0.7, by chance 0.5."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    history = [
        review
        for number, (ada, ben) in enumerate(pairs)
        for review in (said(f"{number}", ada, "ada"), said(f"{number}", ben, "ben"))
    ]
    [row] = agreement(history).to_dict("records")
    assert (row["first"], row["second"], row["photos"]) == ("ada", "ben", 50)
    assert row["agreement"] == pytest.approx(0.7)
    assert row["kappa"] == pytest.approx(0.4)


def test_a_conflict_is_two_people_and_two_labels() -> None:
    history = [said("a", "fox", "ada"), said("a", "hare", "ben"), said("b", "fox", "ada"), said("b", "fox", "ben")]
    assert conflicts(history)["path"].tolist() == ["a"]
    assert conflicts([said("a", "fox", "ada"), said("a", "hare", "ada")]).empty


def test_it_ends_when_it_is_settled_or_withdrawn() -> None:
    history = [said("a", "fox", "ada"), said("a", "hare", "ben")]
    assert conflicts([*history, said("a", "fox", "cleo", reason=SETTLES)]).empty
    assert conflicts([*history, said("a", "", "ben", Decision.WITHDRAW)]).empty
    again = [*history, said("a", "fox", "cleo", reason=SETTLES), said("a", "hare", "ben")]
    assert conflicts(again)["path"].tolist() == ["a"]
