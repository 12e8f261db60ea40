"""The verdict on a sequence (a burst): its images vote together, since most often it is one animal that they show.

1. An image that could not be read has no vote.
2. Each species that was named has the votes of the images that name it; the one with most wins.
3. A burst with an animal in any image is not empty: animals leave the field of view, so an empty frame is no evidence
   against the others. But one frame of many is more likely an error: in bursts of `FEW_FRAMES` or more, two frames must
   show an animal.
4. A tie goes to the higher sum of confidences.
5. Where frames show animals and none could be named, the burst is `unknown`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.counting import counted
from wildcam.data.sequences import GAP_SECONDS, sequence_of
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN, UNKNOWN_SPECIES

FEW_FRAMES = 5
"""From this number of frames on, an animal in a single frame is not enough (rule 3)."""


@dataclass(frozen=True)
class BurstVerdict:
    """The common label of a burst."""

    label: str  # a species, `empty`, `unknown` or `failed`
    confidence: float  # mean over the images that voted for it, 0–1
    agreement: int  # images that voted for it
    voters: int  # images that could be read

    def sentence(self) -> str:
        """The verdict on one line."""
        if self.label == FAILED:
            return "failed: no readable photo"
        label = UNKNOWN_SPECIES if self.label == UNKNOWN else self.label
        return f"{label}, {self.agreement} of {counted(self.voters, 'photo')}"


def group_bursts(
    taken_at: Sequence[datetime | None], locations: Sequence[str], gap_seconds: float = GAP_SECONDS
) -> list[int]:
    """The number of each image's burst: same location or folder, no further apart than the gap.

    One without a time is a burst of its own.
    """
    times = pd.Series(pd.to_datetime(list(taken_at)), dtype="datetime64[us]")
    own = [f"alone {k}" if pd.isna(time) else None for k, time in enumerate(times)]
    table = pd.DataFrame({"location": list(locations), "sequence_id": own, "taken_at": times, "path": list(locations)})
    return [int(number) for number in sequence_of(table, gap_seconds=gap_seconds)]


def burst_numbers(table: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> NDArray[np.object_]:
    """The burst of each row, by the source's `sequence_id` where it has one, else `location` and `taken_at`. (N,)"""
    times = [None if pd.isna(time) else time.to_pydatetime() for time in table["taken_at"]]
    by_time = pd.Series(group_bursts(times, table["location"].tolist(), gap_seconds), dtype="str")
    named = table["sequence_id"].reset_index(drop=True)
    return (("s" + named).where(named != "", "t" + by_time)).to_numpy()


def decide_burst(labels: Sequence[str], confidences: Sequence[float]) -> BurstVerdict:
    """From the verdicts of its images: their labels and confidences, 0–1, at least one."""
    votes: dict[str, list[float]] = defaultdict(list)
    for label, confidence in zip(labels, confidences, strict=True):
        if label != FAILED:  # rule 1
            votes[label].append(confidence)
    voters = sum(map(len, votes.values()))
    if not voters:
        return BurstVerdict(FAILED, 0.0, 0, 0)
    animals = voters - len(votes[EMPTY])
    needed = 2 if voters >= FEW_FRAMES else 1
    if animals < needed:  # rule 3
        winner = EMPTY
    else:
        named = {label: own for label, own in votes.items() if own and label not in (EMPTY, UNKNOWN)}
        winner = max(named, key=lambda label: (len(named[label]), sum(named[label]))) if named else UNKNOWN  # 2, 4, 5
    own = votes[winner]
    return BurstVerdict(winner, sum(own) / len(own), len(own), voters)
