"""Identify: a photograph with what was answered."""

from dataclasses import dataclass
from datetime import datetime

from pages.parts.identify.uploads import Photograph
from wildcam.serving.two_stage import Verdict


@dataclass(frozen=True)
class Answer:
    """A photograph with its verdict, and when it was taken, by its camera's clock."""

    photograph: Photograph
    verdict: Verdict
    taken_at: datetime | None
