"""Inference: a bundle's graph, and the two-stage way from an image to its verdict."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, ImageError
from wildcam.images import Box, Source, decode_side, load_rgb, load_square, resize_square
from wildcam.serving.bundle import Bundle, verify
from wildcam.serving.calibration import scale_temperature
from wildcam.serving.engine import Engine, inputs_of, open_engine
from wildcam.serving.tta import DEFAULT_VIEWS, View, apply_view, make_views
from wildcam.serving.two_stage import Aggregation, Thresholds, Timings, Verdict, decide, failed, is_empty

BATCH = 32
"""Images that are handed to the engine at once."""

QUICK_VIEWS = 2
"""So many views are looked at first where a quick answer is asked for."""

MOST_CHANGED = 0.005
"""Share of answers on real images that bfloat16 may change where it is used."""


class Classifier:
    """A loaded graph that fits its card. Safe to share between threads and browser sessions.

    Raises `BundleError`, with the reason, for a graph that is not the card's.
    """

    def __init__(self, bundle: Bundle, *, bfloat16: bool | None = None) -> None:
        """`bfloat16` is tried where it is asked for; without a word, where the card says that hardly an answer changes."""
        verify(bundle)
        self.bundle = bundle
        self.card = bundle.card
        changes = bundle.card.bfloat16_changes
        stands_it = changes is not None and changes <= MOST_CHANGED
        try:
            _check_input(bundle)
            self._engine = open_engine(bundle.graph_path, bfloat16=stands_it if bfloat16 is None else bfloat16)
            _check_output(bundle, self._engine)
        except RuntimeError as error:
            raise BundleError(
                f"The graph of model {bundle.name!r} cannot be loaded. Export and promote it again."
            ) from error

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities. uint8, (N, S, S, 3), RGB, 0–255 → float32, (N, C), rows sum to 1."""
        batches = [self._engine(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        probabilities = np.concatenate([np.empty((0, len(self.card.classes)), np.float32), *batches])
        if not np.isfinite(probabilities).all():
            raise BundleError(f"Model {self.bundle.name!r} gave no probability for a photo: its weights are damaged.")
        return scale_temperature(probabilities, self.card.temperature)


class TwoStageClassifier:
    """Empty or animal, then which species. Both stages look at the same views of one decoded image."""

    def __init__(self, empty: Classifier, species: Classifier) -> None:
        if empty.card.task is not Task.EMPTY:
            raise BundleError(
                f"Model {empty.bundle.name!r} names species: choose one that tells empty from animal for stage 1."
            )
        if species.card.task is Task.EMPTY:
            raise BundleError(
                f"Model {species.bundle.name!r} only tells empty from animal: choose a species model for stage 2."
            )
        self.empty = empty
        self.species = species

    @property
    def thresholds(self) -> Thresholds:
        """The operating points on the cards."""
        return Thresholds(self.empty.card.empty_threshold, self.species.card.unknown_threshold)

    def views(self, count: int) -> tuple[View, ...]:
        """The views that both stages look at, drawn from the species model's training transforms."""
        return make_views(count, self.species.card.augmentation)

    def identify(
        self,
        source: Source,
        *,
        views: int = DEFAULT_VIEWS,
        thresholds: Thresholds | None = None,
        aggregation: Aggregation = Aggregation.VOTE,
        quick: bool = False,
        box: Box | None = None,
    ) -> Verdict:
        """The verdict on one image; one that cannot be answered gets the verdict `failed`, never an exception.

        `quick`: look at two views, and at the others only where a stage's two disagree.
        `box`: where a detector saw the animal; a species model that learned from crops looks there.
        """
        thresholds = thresholds or self.thresholds
        looks = self.views(views)
        ask = partial(self._ask, thresholds=thresholds, aggregation=aggregation)
        clock = Clock()
        try:
            squares = self._images(source, box)
            reading = clock.lap()
            answers = ask(squares, looks[:QUICK_VIEWS] if quick else looks)
            if len(answers.p_empty) < len(looks) and not answers.agree(thresholds):
                answers = ask(squares, looks)
        except (ImageError, BundleError) as error:
            return failed(str(error))
        verdict = decide(
            p_empty=answers.p_empty,
            species_probabilities=answers.species,
            classes=self.species.card.classes,
            thresholds=thresholds,
            aggregation=aggregation,
        )
        return replace(verdict, timings=Timings(reading, answers.stage_1_ms, answers.stage_2_ms))

    def _ask(
        self,
        squares: tuple[NDArray[np.uint8], NDArray[np.uint8]],
        looks: Sequence[View],
        *,
        thresholds: Thresholds,
        aggregation: Aggregation,
    ) -> "_Answers":
        """What both stages say of these views of one decoded image; stage 2 is asked where stage 1 sees an animal."""
        clock = Clock()
        p_empty = self.empty.predict(stack(squares[0], looks))[:, 0]
        empty, _, _ = is_empty(p_empty=p_empty, threshold=thresholds.empty, aggregation=aggregation)
        stage_1_ms = clock.lap()
        if empty:
            return _Answers(p_empty, None, stage_1_ms, 0.0)
        return _Answers(p_empty, self.species.predict(stack(squares[1], looks)), stage_1_ms, clock.lap())

    def look(self, source: Source, views: int, box: Box | None = None) -> NDArray[np.uint8]:
        """The images that stage 2 sees of an image, for the screen. uint8, (V, S, S, 3)."""
        return stack(self._images(source, box)[1], self.views(views))

    def _images(self, source: Source, box: Box | None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The squares of both stages: from one decoding where their sizes share a scale."""
        first, card = self.empty.card.image_size, self.species.card
        second = card.image_size
        if card.crops and box is not None:
            return load_square(source, first), load_square(source, second, box, card.crop_margin)
        if decode_side(first) != decode_side(second):
            return load_square(source, first), load_square(source, second)
        image = load_rgb(source, image_size=first)
        return resize_square(image, first), resize_square(image, second)


@dataclass(frozen=True)
class _Answers:
    """Of V views: stage 1's probability of empty, (V,), and stage 2's probabilities, (V, C), where it was asked."""

    p_empty: NDArray[np.float32]
    species: NDArray[np.float32] | None
    stage_1_ms: float
    stage_2_ms: float

    def agree(self, thresholds: Thresholds) -> bool:
        """Whether all views say the same in each stage."""
        says_empty = self.p_empty >= thresholds.empty
        same = says_empty.all() or not says_empty.any()
        return bool(same and (self.species is None or len(set(self.species.argmax(axis=1))) == 1))


class Clock:
    """Milliseconds between one look at it and the next."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Since the last one."""
        last, self._last = self._last, time.perf_counter()
        return 1000 * (self._last - last)


def load_two_stage(empty: Bundle, species: Bundle) -> TwoStageClassifier:
    """Load both stages."""
    return TwoStageClassifier(Classifier(empty), Classifier(species))


def stack(pixels: NDArray[np.uint8], views: Sequence[View]) -> NDArray[np.uint8]:
    """The views of one square image. uint8, (S, S, 3) → uint8, (V, S, S, 3)."""
    return np.stack([apply_view(pixels, view) for view in views])  # (V, S, S, 3)


def _check_input(bundle: Bundle) -> None:
    side = bundle.card.image_size
    found, expected = inputs_of(bundle.graph_path), [f"images u8 [?,{side},{side},3]"]
    if found != expected:
        raise BundleError(
            f"The graph of model {bundle.name!r} does not fit its card: it takes {'; '.join(found) or 'nothing'}, "
            f"expected {expected[0]}. Export and promote it again."
        )


def _check_output(bundle: Bundle, engine: Engine) -> None:
    side, classes = bundle.card.image_size, len(bundle.card.classes)
    found = engine(np.full((2, side, side, 3), 128, np.uint8))
    if found.shape != (2, classes):
        raise BundleError(
            f"The graph of model {bundle.name!r} does not fit its card: two photos gave an answer of shape "
            f"{found.shape}; expected {(2, classes)}, one column a class. Export and promote it again."
        )
    if not (found.min() >= 0 and np.allclose(found.sum(axis=1), 1, atol=1e-3)):
        raise BundleError(
            f"The graph of model {bundle.name!r} gives values that are no probabilities (rows sum to "
            f"{found.sum(axis=1)[0]:.3g}; expected 1). Export it with its softmax and promote it again."
        )
