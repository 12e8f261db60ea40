"""Review: where a session is in its queue, and what the keys of the grid do there."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from pages.review.source import ReviewSource
from pages.widgets.review import NO_ANSWERS
from wildcam.choice import Choice
from wildcam.data.reviews import Decision, spelled_as_known
from wildcam.errors import UsageError
from wildcam.review.action import Photo, Reviewer, stamp_of

LENGTH = 24
"""Photos on a screen."""


class Key(Choice):
    """What a key of the grid asks for."""

    CONFIRM = "confirm", "Confirm"
    LABEL = "label", "Label"
    UNDECIDED = "undecided", "Not sure"
    FLAG = "flag", "Flag"
    WITHDRAW = "withdraw", "Withdraw"
    UNDO = "undo", "Undo"
    NEXT = "next", "Next photos"
    PREVIOUS = "previous", "Back"


class Action(BaseModel):
    """What a browser sends: not to be trusted."""

    model_config = ConfigDict(extra="forbid")

    number: int  # counted by the browser, so that none is done twice
    screen: int
    kind: Key
    label: str = ""  # any text: one that is too long gets the answer of its key, and stops no other
    photos: list[int] = Field([], max_length=LENGTH)  # positions in the queue's table


@dataclass
class Screens:
    """A queue as it was when it was opened: photos that are reviewed stay where they are."""

    source: ReviewSource
    rows: NDArray[np.int64]  # positions in the queue's table
    with_bursts: bool  # each photo stands for its burst
    reviewer: Reviewer
    first: int = 0  # of this screen
    screen: int = field(default_factory=partial(secrets.randbelow, 2**40))  # another number for every screen shown
    answered: int = 0  # the last action that was done
    shown: dict[int, Photo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._show()

    @property
    def now(self) -> list[int]:
        """The positions of the photos on this screen."""
        return self.rows[self.first : self.first + LENGTH].tolist()

    @property
    def ahead(self) -> list[int]:
        """Those of the next one."""
        return self.rows[self.first + LENGTH : self.first + 2 * LENGTH].tolist()

    def frames(self, row: int) -> int:
        """How many photos the one stands for."""
        return len(self.source.queue.burst_of(row)) if self.with_bursts else 1

    def do(self, actions: Sequence[Action]) -> None:
        """Do what was not done yet, in order. Raises for the first that cannot be done: it is left out,
        and those after it are not done either: they were given without knowing of it.
        """
        waiting = [action for action in actions if action.number > self.answered]
        self.answered = max([self.answered, *(action.number for action in waiting)])
        for action in waiting:
            self._do(action)

    def back(self) -> None:
        """Show the photos before these."""
        self._move(-LENGTH)

    def _do(self, action: Action) -> None:
        match action.kind:
            case Key.NEXT:
                self._move(LENGTH)
            case Key.PREVIOUS:
                self._move(-LENGTH)
            case Key.UNDO:
                if not self.reviewer.undo():
                    raise UsageError("Nothing to undo in this queue.")
            case _:
                self._review(action)

    def _review(self, action: Action) -> None:
        if action.screen != self.screen or not set(action.photos) <= set(self.shown):
            raise UsageError("These photos are no longer shown: nothing was saved. Do it again.")
        photos = self._photos(action.photos, alike=action.kind is Key.CONFIRM)
        match action.kind:
            case Key.CONFIRM:
                if not any(photo.predicted for photo in photos):
                    raise UsageError("There is no answer to confirm: give a label.")
                self.reviewer.confirm(photos)
            case Key.LABEL:
                self.reviewer.label(photos, spelled_as_known(action.label, self.source.labels))
            case _:
                self.reviewer.decide(photos, Decision(str(action.kind)))

    def _photos(self, rows: Sequence[int], *, alike: bool) -> list[Photo]:
        """Those of the screen, and, where each stands for its burst, its other frames; `alike`: only frames with the
        same answer, since nobody has seen what another one would confirm.
        """
        if not self.with_bursts:
            return [self.shown[row] for row in rows]
        photos: dict[int, Photo] = {}
        for row in rows:
            for frame in self.source.queue.burst_of(row).tolist():
                photo = self.shown.get(frame) or self._photo(frame)
                if not alike or photo.predicted == self.shown[row].predicted:
                    photos[frame] = photo
        return list(photos.values())

    def _photo(self, row: int) -> Photo:
        path, predicted = self.source.queue.table[["path", "predicted"]].iloc[row]
        return Photo(self.source.queue.root / path, path, "" if predicted in NO_ANSWERS else predicted)

    def _move(self, by: int) -> None:
        self.first = max(0, min(self.first + by, len(self.rows)))
        self.screen += 1
        self._show()

    def _show(self) -> None:
        photos = {row: self._photo(row) for row in self.now}
        self.shown = {
            row: Photo(photo.path, photo.name, photo.predicted, stamp_of(photo.path)) for row, photo in photos.items()
        }
