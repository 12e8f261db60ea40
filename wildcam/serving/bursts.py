"""The verdict on a sequence (a burst): its images vote together, since most often it is one animal that they show.

1. An image that could not be read has no vote.
2. Each species that was named has the votes of the images that name it; the one with most wins.
3. A burst with an animal in any image is not empty: animals leave the field of view, so an empty frame is no evidence
   against the others. But one frame of many is more likely an error: in bursts of `FEW_FRAMES` or more, two frames must
   show an animal.
4. A tie goes to the higher sum of confidences.
5. Where frames show animals and none could be named, the burst is `unknown`.
6. Where reviewers named species in frames, these frames alone vote: people are not outvoted by a model.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wildcam.counting import counted
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


def decide_burst(
    labels: Sequence[str], confidences: Sequence[float], reviewed: Sequence[bool] | None = None
) -> BurstVerdict:
    """From the verdicts of its images: their labels and confidences, 0–1, at least one.

    `reviewed`: which labels are reviewers'; none where it is not given.
    """
    of_people = [
        (label, confidence)
        for label, confidence, by_person in zip(labels, confidences, reviewed or [False] * len(labels), strict=True)
        if by_person and label not in (EMPTY, UNKNOWN, FAILED)
    ]
    if of_people:  # rule 6
        labels, confidences = zip(*of_people, strict=True)
    votes: dict[str, list[float]] = defaultdict(list)
    for label, confidence in zip(labels, confidences, strict=True):
        if label != FAILED:  # rule 1
            votes[label].append(confidence)
    voters = sum(map(len, votes.values()))
    if not voters:
        return BurstVerdict(FAILED, 0.0, 0, 0)
    animals = voters - len(votes[EMPTY])
    needed = 2 if voters >= FEW_FRAMES and not of_people else 1
    if animals < needed:  # rule 3
        winner = EMPTY
    else:
        named = {label: own for label, own in votes.items() if own and label not in (EMPTY, UNKNOWN)}
        winner = max(named, key=lambda label: (len(named[label]), sum(named[label]))) if named else UNKNOWN  # 2, 4, 5
    own = votes[winner]
    return BurstVerdict(winner, sum(own) / len(own), len(own), voters)
