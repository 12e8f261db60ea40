"""The verdict on an image: a pure function of both stages' probabilities for each view.

1. An image that could not be read is `failed`, never empty.
2. Stage 1: a view votes empty from the empty threshold on, else animal; the majority decides.
3. Stage 2, for animals: each view votes for its most probable species; the majority decides.
4. A tie goes to the higher mean probability. In stage 1 the mean is held against the same threshold as each view
   was, so that a threshold set high to lose no animal is not undone by a tie; at 0.5 the two readings are one.
5. Below the unknown threshold the species is `unknown`: an animal that is not named.
6. A single model answers alone: stage 1 by rules 2 and 4, `empty` or `animal`; one that names species by rules 3 to 5,
   with `empty` among the species where it has that class.
7. A closer look is no vote: it is weighed with the mean of the views, and the most probable species of both together is
   the answer, however the views are aggregated. Stage 1 has decided before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.closer_look import Closer, CloserLook, weigh
from wildcam.serving.evidence import Evidence

UNKNOWN, FAILED = "unknown", "failed"
"""The labels of a verdict beside `empty` and the species."""

UNKNOWN_SPECIES = "unknown species"
"""The title of `UNKNOWN`: an animal whose species is not named."""


class VerdictSource(Choice):
    """Which part of the pipeline decided."""

    STAGE_1 = "stage_1", "stage 1"
    STAGE_2 = "stage_2", "stage 2"
    ABSTENTION = "abstention", "stage 2, below the threshold"
    FAILURE = "failure", "not classified"
    REVIEW = "review", "a reviewer"


class Aggregation(Choice):
    """How the views become one answer."""

    VOTE = "majority_vote", "majority vote"
    MEAN = "mean_probability", "mean probability"


@dataclass(frozen=True)
class Thresholds:
    """Named operating points."""

    empty: float = 0.5  # a view is empty at this probability or above
    unknown: float = 0.4  # below this mean probability the species is not named


@dataclass(frozen=True)
class ViewVote:
    """The probabilities of one view, and its vote in each stage."""

    p_empty: float
    votes_empty: bool
    species: str | None = None  # None where stage 2 did not run
    p_species: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A class with its mean probability over the views."""

    label: str
    probability: float


@dataclass(frozen=True)
class Timings:
    """Milliseconds that each step of a verdict took."""

    reading: float
    stage_1: float
    stage_2: float  # 0 where it did not run
    one_pass: bool = False  # both stages ran at once: `stage_1` is the time of both
    closer: float = 0.0  # 0 where there was no closer look


@dataclass(frozen=True)
class Verdict:
    """The answer, and everything that it rests on."""

    label: str  # a species, `empty`, `unknown` or `failed`
    source: VerdictSource
    confidence: float  # mean probability of the label; of an unknown: of the most probable species
    agreement: int  # views that voted for the winner of the deciding stage
    views: tuple[ViewVote, ...]
    ties: tuple[VerdictSource, ...] = ()  # stages whose views were split evenly, so that rule 4 decided
    p_empty: float | None = None  # mean over the views; None where no model has the class `empty`
    top: tuple[Ranked, ...] = ()  # most probable species first; empty where stage 2 did not run
    failure: str = ""
    closer: CloserLook | None = None
    evidence: Evidence | None = None  # None where no graph has it
    timings: Timings | None = field(default=None, compare=False)

    def sentence(self) -> str:
        """The verdict on one line."""
        if self.source is VerdictSource.FAILURE:
            return f"failed: {self.failure}"
        if self.source is VerdictSource.ABSTENTION:
            ranked = ", ".join(f"{item.label} {item.probability:.0%}" for item in self.top[:3])
            return f"{UNKNOWN_SPECIES}: {ranked}"
        views = f"{self.agreement} of {counted(len(self.views), 'view')}"
        closer = " and the closer look" if self.closer and self.closer.species == self.label else ""
        return f"{self.label}, {views}{closer}"


def failed(reason: str) -> Verdict:
    """The verdict on an image that could not be read (rule 1)."""
    return Verdict(FAILED, VerdictSource.FAILURE, 0.0, 0, (), failure=reason)


def is_empty(
    *, p_empty: NDArray[np.float32], threshold: float, aggregation: Aggregation = Aggregation.VOTE
) -> tuple[bool, int, bool]:
    """Stage 1 (rules 2 and 4). `p_empty`: float, (V,), 0–1.

    Returns the answer, the views that agree with it, and whether they were split evenly.
    """
    _check_probabilities("p_empty", p_empty, (None,))
    votes = p_empty >= threshold
    for_empty, for_animal = int(votes.sum()), int((~votes).sum())
    tie = for_empty == for_animal and aggregation is Aggregation.VOTE
    by_mean = tie or aggregation is Aggregation.MEAN
    empty = bool(p_empty.mean() >= threshold) if by_mean else for_empty > for_animal
    return empty, for_empty if empty else for_animal, tie


def name_species(
    *, probabilities: NDArray[np.float32], aggregation: Aggregation = Aggregation.VOTE, closer: Closer | None = None
) -> tuple[int, int, bool]:
    """Stage 2 (rules 3, 4 and 7). `probabilities`: float, (V, C), 0–1.

    Returns the class (of equal ones the first), the views that agree with it, and whether several led.
    """
    _check_probabilities("probabilities", probabilities, (None, None))
    votes = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])  # (C,)
    mean = weigh(probabilities, closer)
    by_mean = aggregation is Aggregation.MEAN or closer is not None
    leading = np.arange(len(mean)) if by_mean else np.flatnonzero(votes == votes.max())
    winner = int(leading[mean[leading].argmax()])
    return winner, int(votes[winner]), len(leading) > 1 and not by_mean


def decide(
    *,
    p_empty: NDArray[np.float32],
    species_probabilities: NDArray[np.float32] | None,
    classes: Sequence[str],
    thresholds: Thresholds,
    aggregation: Aggregation = Aggregation.VOTE,
    closer: Closer | None = None,
    top: int = 5,
) -> Verdict:
    """The verdict on one image.

    `p_empty`: stage 1's probability of empty for each view, (V,). `species_probabilities`: stage 2's, (V, C), in the
    order of `classes`; needed unless stage 1 says empty. Raises `ValueError` for another shape, or values outside 0–1.
    """
    first = decide_empty(p_empty=p_empty, threshold=thresholds.empty, aggregation=aggregation)
    if first.label == EMPTY:
        return first
    if species_probabilities is None:
        raise ValueError("stage 1 found an animal: expected the species probabilities of its views, received none")
    _check_probabilities("species_probabilities", species_probabilities, (len(p_empty), len(classes)))
    winner, agreement, tie = name_species(probabilities=species_probabilities, aggregation=aggregation, closer=closer)
    mean = weigh(species_probabilities, closer)
    is_named = bool(mean[winner] >= thresholds.unknown)
    return Verdict(
        label=classes[winner] if is_named else UNKNOWN,
        source=VerdictSource.STAGE_2 if is_named else VerdictSource.ABSTENTION,
        confidence=float(mean[winner]),
        agreement=agreement,
        views=tuple(
            replace(vote, species=classes[int(row.argmax())], p_species=float(row.max()))
            for vote, row in zip(first.views, species_probabilities, strict=True)
        ),
        ties=(*first.ties, VerdictSource.STAGE_2) if tie else first.ties,
        p_empty=first.p_empty,
        closer=closer.look(classes) if closer else None,
        top=tuple(Ranked(classes[k], float(mean[k])) for k in np.argsort(-mean, kind="stable")[:top]),
    )


def decide_empty(
    *, p_empty: NDArray[np.float32], threshold: float, aggregation: Aggregation = Aggregation.VOTE
) -> Verdict:
    """The verdict of stage 1 alone, `empty` or `animal`. `p_empty`: float, (V,), 0–1."""
    empty, agreement, tie = is_empty(p_empty=p_empty, threshold=threshold, aggregation=aggregation)
    mean = float(p_empty.mean())
    return Verdict(
        label=EMPTY if empty else ANIMAL,
        source=VerdictSource.STAGE_1,
        confidence=mean if empty else 1 - mean,
        agreement=agreement,
        views=tuple(ViewVote(float(p), bool(p >= threshold)) for p in p_empty),
        ties=(VerdictSource.STAGE_1,) if tie else (),
        p_empty=mean,
    )


def decide_species(
    *,
    probabilities: NDArray[np.float32],
    classes: Sequence[str],
    unknown_threshold: float,
    aggregation: Aggregation = Aggregation.VOTE,
    closer: Closer | None = None,
    top: int = 5,
) -> Verdict:
    """The verdict of a model that names species, alone; `empty` may be one of its classes (rule 6).

    `probabilities`: (V, C), columns in the order of `classes`. Raises `ValueError` for arrays of another shape, or
    with values outside 0–1.
    """
    _check_probabilities("probabilities", probabilities, (None, len(classes)))
    winner, agreement, tie = name_species(probabilities=probabilities, aggregation=aggregation, closer=closer)
    mean = weigh(probabilities, closer)
    is_named = bool(mean[winner] >= unknown_threshold)
    empty = classes.index(EMPTY) if EMPTY in classes else None
    ranked = [k for k in np.argsort(-mean, kind="stable") if k != empty][:top]
    return Verdict(
        label=classes[winner] if is_named else UNKNOWN,
        source=VerdictSource.STAGE_2 if is_named else VerdictSource.ABSTENTION,
        confidence=float(mean[winner]),
        agreement=agreement,
        views=tuple(
            ViewVote(0.0 if empty is None else float(row[empty]), k == empty, classes[k], float(row[k]))
            for k, row in zip(map(int, probabilities.argmax(axis=1)), probabilities, strict=True)
        ),
        ties=(VerdictSource.STAGE_2,) if tie else (),
        p_empty=None if empty is None else float(mean[empty]),
        closer=closer.look(classes) if closer else None,
        top=() if winner == empty and is_named else tuple(Ranked(classes[k], float(mean[k])) for k in ranked),
    )


def _check_probabilities(name: str, values: NDArray[np.float32], shape: tuple[int | None, ...]) -> None:
    wanted = tuple(found if size is None else size for found, size in zip(values.shape, shape, strict=False))
    if len(values.shape) != len(shape) or values.shape != wanted or not values.size:
        raise ValueError(f"{name} has the shape {values.shape}; expected {shape}, one row a view, at least one")
    if not ((values >= 0) & (values <= 1.001)).all():  # NaN too; float32 softmax may pass 1 by a rounding
        raise ValueError(f"{name} holds values that are no probabilities: expected 0 to 1")
