"""A burst's answer against a table worked out by hand."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from wildcam.data.sequences import known_bursts
from wildcam.serving.bursts import decide_burst

NOON = datetime(2024, 6, 1, 12)


@pytest.mark.parametrize(
    ("given", "label", "agreement", "voters"),
    [
        ([("fox", 0.9), ("fox", 0.8), ("deer", 0.9)], "fox", 2, 3),
        ([("empty", 0.9), ("empty", 0.9), ("fox", 0.6)], "fox", 1, 3),  # the animal left
        ([("empty", 0.9)] * 4 + [("fox", 0.6)], "empty", 4, 5),  # one of five is more likely a mistake
        ([("empty", 0.9)] * 4 + [("fox", 0.6), ("unknown", 0.3)], "fox", 1, 6),  # two frames with an animal
        ([("fox", 0.6), ("deer", 0.7)], "deer", 1, 2),  # a tie: the surer one
        ([("fox", 0.6), ("deer", 0.5), ("deer", 0.3), ("fox", 0.1)], "deer", 2, 4),  # 0.8 against 0.7
        ([("unknown", 0.3), ("unknown", 0.2), ("fox", 0.9)], "fox", 1, 3),  # a name, where any frame has one
        ([("unknown", 0.3), ("empty", 0.9)], "unknown", 1, 2),
        ([("failed", 0.0), ("failed", 0.0), ("empty", 0.9)], "empty", 1, 1),
        ([("failed", 0.0)], "failed", 0, 0),
    ],
)
def test_the_burst_shows(given: list[tuple[str, float]], label: str, agreement: int, voters: int) -> None:
    found = decide_burst([name for name, _ in given], [confidence for _, confidence in given])
    assert (found.label, found.agreement, found.voters) == (label, agreement, voters)


def test_its_confidence_is_the_mean_of_those_that_voted_for_it() -> None:
    assert decide_burst(["fox", "fox", "deer"], [0.9, 0.7, 0.9]).confidence == pytest.approx(0.8)


def test_the_sentence_counts_the_images_that_could_be_read() -> None:
    assert decide_burst(["fox", "failed", "empty"], [0.9, 0.0, 0.8]).sentence() == "fox, 1 of 2 photos"
    assert decide_burst(["unknown"], [0.3]).sentence() == "unknown species, 1 of 1 photo"


def test_images_of_a_location_within_the_gap_are_one_burst() -> None:
    seconds = [0, 20, 80, 81, 0, None, None]
    times = [None if second is None else NOON + timedelta(seconds=second) for second in seconds]
    table = pd.DataFrame({"path": list("tuvwxyz"), "location": list("aaaabaa"), "sequence_id": "", "taken_at": times})
    numbers = known_bursts(table, gap_seconds=30)
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert len(set(numbers)) == 5  # two of a, one of b, and two that stand alone


def test_two_cameras_of_a_location_never_vote_together() -> None:
    times = [NOON + timedelta(seconds=second) for second in (0, 1, 2, 3)]
    table = pd.DataFrame(
        {"path": list("wxyz"), "location": "a", "sequence_id": "", "taken_at": times, "camera": ["A", "B", "A", "B"]}
    )
    numbers = known_bursts(table)
    assert numbers[0] == numbers[2] != numbers[1] == numbers[3]
