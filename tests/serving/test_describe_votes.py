import numpy as np

from wildcam.serving.closer_look import Closer
from wildcam.serving.describe_votes import describe_votes
from wildcam.serving.two_stage import Thresholds, decide, failed


def votes_on(p_empty, *species):
    rows = np.array([[0.6, 0.4] if name == "deer" else [0.3, 0.7] for name in species], np.float32)
    return describe_votes(
        decide(
            p_empty=np.array(p_empty, np.float32),
            species_probabilities=rows if species else None,
            classes=("deer", "fox"),
            thresholds=Thresholds(unknown=0.51),
        )
    )


def test_an_empty_image_names_only_stage_1():
    assert votes_on([0.9, 0.9, 0.9, 0.1]) == [
        "Stage 1: 3 of 4 votes for empty.",
        "Stage 2 did not run: the photo is empty.",
    ]


def test_a_species_names_both_stages_and_the_ties_in_each():
    tie = "Tie: the higher mean probability decides."
    assert votes_on([0.6, 0.1], "fox", "deer") == [
        f"Stage 1: 1 of 2 votes for animal. {tie}",
        f"Stage 2: 1 of 2 votes for fox. {tie}",
    ]
    assert votes_on([0.1, 0.1, 0.6], "fox", "fox", "fox") == [
        "Stage 1: 2 of 3 votes for animal.",
        "Stage 2: 3 of 3 votes for fox.",
    ]


def test_an_abstention_says_why_no_species_is_named():
    assert votes_on([0.1, 0.1, 0.1], "deer", "deer", "fox")[1] == (
        "Stage 2: 2 of 3 votes for deer, but its mean probability of 50% is below the threshold."
    )


def test_a_failure_has_no_votes():
    assert describe_votes(failed("It is damaged.")) == []


def test_one_view_and_a_closer_look_are_described():
    verdict = decide(
        p_empty=np.float32([0.1]),
        species_probabilities=np.float32([[0.6, 0.4]]),
        classes=("deer", "fox"),
        thresholds=Thresholds(),
        closer=Closer((0, 0, 0.5, 0.5), False, np.float32([0.1, 0.9]), 0.6),
    )
    assert describe_votes(verdict) == [
        "Stage 1: 1 of 1 vote for animal.",
        "Stage 2: 0 of 1 vote for fox.",
        "Closer look: fox 90%. It has 60% of the weight, the mean of the views the rest.",
    ]
    assert verdict.sentence() == "fox, 0 of 1 view and the closer look"
