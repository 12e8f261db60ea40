"""How far a training run is as a whole, and how long the rest takes: loading, training, export, measuring."""

import time
from collections.abc import Callable
from dataclasses import dataclass

LOADING_SHARE = 0.05
"""What is shown for the files that are looked for and the framework that is loaded: no pace is known yet."""

EXPORT_SECONDS = 10.0
"""Of the export and its check, before anything is known of it."""

FORWARD_SHARE = 1 / 3
"""A prediction costs a third of a training step: the backward pass costs about twice the forward pass."""


@dataclass(frozen=True)
class WholeProgress:
    """`share`: 0–1, never less than before. `seconds_left`: None until a pace is known."""

    share: float
    seconds_left: float | None


class WholeRun:
    """Follows one worker from its start to its end."""

    def __init__(
        self, epochs: int, train_images: int, evaluated_images: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._epochs = epochs
        self._train_images = max(1, train_images)
        self._evaluated_images = evaluated_images
        self._now = now
        self._share = 0.0
        self._features_since: float | None = None
        self._feature_seconds = 0.0  # a probe's: computed once, before its epochs
        self._began: tuple[float, float] | None = None  # when this process began to train, and at which epoch
        self._epoch_seconds = 0.0
        self._trained: tuple[float, float] | None = None  # when the last step was, and seconds of work until then
        self._measuring_since: float | None = None

    def loading(self, inside: float) -> WholeProgress:
        """`inside`: 0–1, how far the files have been looked for."""
        return self._whole(LOADING_SHARE * min(1.0, inside), None)

    def features(self, inside: float) -> WholeProgress:
        """Features of a frozen backbone are most of a probe's time. `inside`: 0–1, of all of them."""
        now = self._now()
        self._features_since = self._features_since or now
        self._feature_seconds = now - self._features_since
        self._trained = (now, self._feature_seconds)
        if not inside or not self._feature_seconds:
            return self._whole(self._share, None)
        rest = self._feature_seconds / inside - self._feature_seconds
        return self._timed(self._feature_seconds, rest + EXPORT_SECONDS + self._measuring_seconds())

    def training(self, epochs_done: float) -> WholeProgress:
        """`epochs_done`: whole epochs and the part of the present one; a resumed run does not begin at 0."""
        now = self._now()
        if self._began is None or epochs_done <= self._began[1]:
            self._began = self._began or (now, epochs_done)
            return self._whole(self._share, None)
        self._epoch_seconds = (now - self._began[0]) / (epochs_done - self._began[1])
        work = self._feature_seconds + self._epoch_seconds * epochs_done
        self._trained = (now, work)
        rest = self._epoch_seconds * max(0.0, self._epochs - epochs_done)
        return self._timed(work, rest + EXPORT_SECONDS + self._measuring_seconds())

    def exporting(self) -> WholeProgress:
        """The network is trained, maybe earlier than planned."""
        return self._timed(self._work(), EXPORT_SECONDS + self._measuring_seconds())

    def measuring(self, images_done: int) -> WholeProgress:
        """So many images of all subsets have been evaluated."""
        now = self._now()
        self._measuring_since = self._measuring_since or now
        spent, rest = now - self._measuring_since, max(0, self._evaluated_images - images_done)
        return self._timed(self._work(), spent / images_done * rest if images_done else self._measuring_seconds())

    def _measuring_seconds(self) -> float:
        """Before it is known: from the time of a training image, or of its features."""
        of_image = self._feature_seconds or self._epoch_seconds * FORWARD_SHARE
        return of_image / self._train_images * self._evaluated_images

    def _work(self) -> float:
        """Seconds of work so far, those of earlier workers of the run at this one's pace."""
        since, work = self._trained or (self._now(), 0.0)
        return work + self._now() - since

    def _timed(self, work: float, left: float) -> WholeProgress:
        done = work / (work + left) if work + left else 1.0
        return self._whole(LOADING_SHARE + (1 - LOADING_SHARE) * done, left)

    def _whole(self, share: float, left: float | None) -> WholeProgress:
        self._share = min(1.0, max(self._share, share))
        return WholeProgress(self._share, left)
