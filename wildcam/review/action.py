"""What a reviewer's key does to photos, and how it is taken back."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wildcam.counting import counted
from wildcam.data.reviews import Decision, Review, Reviews
from wildcam.errors import DataError

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
    _done: list[list[tuple[Photo, Review | None]]] = field(default_factory=list)

    def confirm(self, photos: Sequence[Photo], reason: str) -> None:
        """Say that the answers are right; photos without an answer are left as they are.

        Raises `DataError` where a photo has changed since it was shown.
        """
        named = [photo for photo in photos if photo.predicted]
        self._store(named, [self._review(photo, Decision.LABEL, photo.predicted, reason) for photo in named])

    def label(self, photos: Sequence[Photo], label: str, reason: str) -> None:
        """Say what the photos show. Raises `UsageError` for an unusable label, else as `confirm`."""
        self._store(photos, [self._review(photo, Decision.LABEL, label, reason) for photo in photos])

    def decide(self, photos: Sequence[Photo], decision: Decision, reason: str) -> None:
        """Not sure, flagged, or withdrawn. Raises as `confirm`."""
        self._store(photos, [self._review(photo, decision, "", reason) for photo in photos])

    def undo(self) -> bool:
        """Put back what counted before the last action; whether there was one."""
        if not self._done:
            return False
        before = self._done.pop()
        self.reviews.add_all([earlier or self._review(photo, Decision.WITHDRAW, "", "") for photo, earlier in before])
        return True

    def _store(self, photos: Sequence[Photo], reviews: list[Review]) -> None:
        changed = [photo.name for photo in photos if photo.stamp is not None and stamp_of(photo.path) != photo.stamp]
        if changed:
            raise DataError(
                f"{counted(len(changed), 'photo')} changed or went away since shown ({changed[0]}), so nothing of this "
                "action was saved: go on to the next photos and come back."
            )
        before = [(photo, self.reviews.of_path(photo.path)) for photo in photos]
        self.reviews.add_all(reviews)
        self._done = [*self._done[1 - MOST_UNDONE :], before]

    def _review(self, photo: Photo, decision: Decision, label: str, reason: str) -> Review:
        path = os.path.abspath(photo.path)
        return Review(photo.name, photo.predicted, label, path, "", decision.value, self.models, reason)
