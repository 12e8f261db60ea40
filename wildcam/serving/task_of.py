"""What a set of models answers, and so what it can be judged by."""

from collections.abc import Iterable
from enum import StrEnum

from wildcam.architectures.presets import Task
from wildcam.serving.card import ModelCard


class Question(StrEnum):
    """In words."""

    BOTH = "empty, or which species"
    EMPTY = "empty or animal"
    SPECIES = "which species"


def question_of(cards: Iterable[ModelCard]) -> Question:
    """What models with these cards answer together."""
    tasks = {card.task for card in cards}
    if tasks == {Task.EMPTY}:
        return Question.EMPTY
    return Question.SPECIES if tasks == {Task.SPECIES} else Question.BOTH
