"""What a reviewer's key does to photos, and how it is taken back."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from wildcam.counting import counted
from wildcam.data.reviews import Decision, Review, Reviews
from wildcam.errors import DataError, UsageError

MOST_UNDONE = 100
"""Actions that can be taken back."""


@dataclass(frozen=True)
class Photo:
    """A photo of a queue, as it was shown."""

    path: Path  # absolute
    name: str  # relative to the root
    predicted: str
    stamp: tuple[int, int] | None = None  # `stamp_of` when it was shown; None for one that was not


def stamp_of(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change in ns; zeros where there is no file. Another one: another content."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


@dataclass
class Reviewer:
    """One person at one queue."""

    reviews: Reviews
    models: str = ""
    reason: str = ""
    sample: str = ""  # `data.reviews.Sample`, of the photos that are shown; their bursts are in no sample
    _done: list[list["_Done"]] = field(default_factory=list)

    def confirm(self, photos: Sequence[Photo]) -> None:
        """Say that the answers are right; photos without an answer are left as they are.

        Raises `DataError` where a photo has changed since it was shown.
        """
        named = [photo for photo in photos if photo.predicted]
        self._store(named, [self._review(photo, Decision.LABEL, photo.predicted) for photo in named])

    def label(self, photos: Sequence[Photo], label: str) -> None:
        """Say what the photos show. Raises `UsageError` for an unusable label, else as `confirm`."""
        self._store(photos, [self._review(photo, Decision.LABEL, label) for photo in photos])

    def decide(self, photos: Sequence[Photo], decision: Decision) -> None:
        """Not sure, flagged, or withdrawn. Raises as `confirm`."""
        self._store(photos, [self._review(photo, decision, "") for photo in photos])

    def undo(self) -> bool:
        """Put back what counted before the last action, as it was; whether there was one.

        Raises `UsageError` where somebody else has reviewed one of the photos since.
        """
        if not self._done:
            return False
        done = self._done.pop()
        others = [one.photo.name for one in done if self.reviews.said_of(one.photo.path) != one.stored]
        if others:
            raise UsageError(
                f"{counted(len(others), 'photo')} of this action got another review since ({others[0]}): nothing was "
                "undone. Withdraw or correct the photos one by one."
            )
        self.reviews.put_back([one.before or self._review(one.photo, Decision.WITHDRAW, "") for one in done])
        return True

    def _store(self, photos: Sequence[Photo], reviews: list[Review]) -> None:
        changed = [photo.name for photo in photos if photo.stamp is not None and stamp_of(photo.path) != photo.stamp]
        if changed:
            raise DataError(
                f"{counted(len(changed), 'photo')} changed or went away since shown ({changed[0]}), so nothing of this "
                "action was saved: go on to the next photos and come back."
            )
        before = [self.reviews.said_of(photo.path) for photo in photos]
        stored = self.reviews.add_all(reviews)
        done = [_Done(*one) for one in zip(photos, before, stored, strict=True)]
        self._done = [*self._done[1 - MOST_UNDONE :], done]

    def _review(self, photo: Photo, decision: Decision, label: str) -> Review:
        sample = self.sample if photo.stamp is not None and decision is Decision.LABEL else ""
        return Review(
            photo.name,
            photo.predicted,
            label,
            os.path.abspath(photo.path),
            decision=decision.value,
            models=self.models,
            reason=self.reason,
            sample=sample,
        )


class _Done(NamedTuple):
    """What an action did to one photo."""

    photo: Photo
    before: Review | None  # the last review of its file
    stored: Review
