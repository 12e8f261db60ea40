"""Inference: a bundle's graph, and two of them from an image to its verdict."""

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
"""Images that the engine gets at once."""

QUICK_VIEWS = 2
"""Views that run first with `InferenceOptions.quick`."""

MOST_CHANGED = 0.005
"""Share of answers on real images that bfloat16 may change where it is used."""


@dataclass(frozen=True)
class InferenceOptions:
    """How an image is classified."""

    views: int = DEFAULT_VIEWS
    aggregation: Aggregation = Aggregation.VOTE
    thresholds: Thresholds | None = None  # None: those on the models' cards
    quick: bool = False  # two views first, the others only where a stage's two disagree


class Classifier:
    """A loaded graph that fits its card. Safe to share between threads and browser sessions.

    Raises `BundleError`, with the reason, for a graph that is not the card's.
    """

    def __init__(self, bundle: Bundle, *, bfloat16: bool | None = None) -> None:
        """`bfloat16`: None uses it where the card says that hardly an answer changes."""
        verify(bundle)
        self.bundle = bundle
        self.card = bundle.card
        changes = bundle.card.bfloat16_changes
        tolerates_bfloat16 = changes is not None and changes <= MOST_CHANGED
        try:
            _check_input(bundle)
            self._engine = open_engine(bundle.graph_path, bfloat16=tolerates_bfloat16 if bfloat16 is None else bfloat16)
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
            raise BundleError(
                f"Model {self.bundle.name!r} gave no probability for a photo: its weights are damaged. "
                "Promote it again."
            )
        return scale_temperature(probabilities, self.card.temperature)


class TwoStageClassifier:
    """Empty or animal, then which species. Both stages get the same views of one decoded image."""

    def __init__(self, empty: Classifier, species: Classifier) -> None:
        if empty.card.task is not Task.EMPTY:
            raise BundleError(
                f"Model {empty.bundle.name!r} predicts species: choose a model of the task “{Task.EMPTY.display}” for "
                "stage 1."
            )
        if species.card.task is Task.EMPTY:
            raise BundleError(
                f"Model {species.bundle.name!r} only predicts empty or animal: choose a species model for stage 2."
            )
        self.empty = empty
        self.species = species

    @property
    def thresholds(self) -> Thresholds:
        """The operating points on the cards."""
        return Thresholds(self.empty.card.empty_threshold, self.species.card.unknown_threshold)

    def views(self, count: int) -> tuple[View, ...]:
        """The views that both stages get, drawn from the species model's training transforms."""
        return make_views(count, self.species.card.augmentation)

    def identify(
        self, source: Source, options: InferenceOptions = InferenceOptions(), *, box: Box | None = None
    ) -> Verdict:
        """The verdict on one image; one that cannot be read gets the verdict `failed`, never an exception.

        `box`: the animal that a detector found; a species model that was trained on crops gets this part.
        """
        try:
            inputs = self.load_inputs(source, box)
        except ImageError as error:
            return failed(str(error))
        return self.classify(inputs, options)

    def classify(self, inputs: "StageInputs", options: InferenceOptions = InferenceOptions()) -> Verdict:
        """The verdict on one image that is decoded already."""
        thresholds, views = options.thresholds or self.thresholds, self.views(options.views)
        run = partial(self._run_stages, inputs, thresholds=thresholds, aggregation=options.aggregation)
        try:
            outputs = run(views[:QUICK_VIEWS] if options.quick else views)
            if len(outputs.p_empty) < len(views) and not outputs.agree(thresholds):
                outputs = run(views)
        except BundleError as error:
            return failed(str(error))
        verdict = decide(
            p_empty=outputs.p_empty,
            species_probabilities=outputs.species,
            classes=self.species.card.classes,
            thresholds=thresholds,
            aggregation=options.aggregation,
        )
        return replace(verdict, timings=Timings(inputs.reading_ms, outputs.stage_1_ms, outputs.stage_2_ms))

    def load_inputs(self, source: Source, box: Box | None = None) -> "StageInputs":
        """Decode an image for both stages: once where their sizes share a scale. Raises `ImageError`."""
        stopwatch = Stopwatch()
        first, card = self.empty.card.image_size, self.species.card
        second = card.image_size
        if card.crops and box is not None:
            squares = load_square(source, first), load_square(source, second, box, card.crop_margin)
        elif decode_side(first) != decode_side(second):
            squares = load_square(source, first), load_square(source, second)
        else:
            image = load_rgb(source, image_size=first)
            squares = resize_square(image, first), resize_square(image, second)
        return StageInputs(*squares, stopwatch.lap())

    def _run_stages(
        self, inputs: "StageInputs", views: Sequence[View], *, thresholds: Thresholds, aggregation: Aggregation
    ) -> "_StageOutputs":
        """The probabilities of both stages; stage 2 runs where stage 1 finds an animal."""
        stopwatch = Stopwatch()
        p_empty = self.empty.predict(stack(inputs.empty, views))[:, 0]  # (V,)
        empty, _, _ = is_empty(p_empty=p_empty, threshold=thresholds.empty, aggregation=aggregation)
        stage_1_ms = stopwatch.lap()
        if empty:
            return _StageOutputs(p_empty, None, stage_1_ms, 0.0)
        return _StageOutputs(p_empty, self.species.predict(stack(inputs.species, views)), stage_1_ms, stopwatch.lap())


@dataclass(frozen=True, eq=False)
class StageInputs:
    """One decoded image at the input size of each stage: uint8, (S, S, 3), RGB, 0–255."""

    empty: NDArray[np.uint8]
    species: NDArray[np.uint8]
    reading_ms: float


@dataclass(frozen=True, eq=False)
class _StageOutputs:
    """Of V views: stage 1's probability of empty, (V,), and stage 2's probabilities, (V, C), where it ran."""

    p_empty: NDArray[np.float32]
    species: NDArray[np.float32] | None
    stage_1_ms: float
    stage_2_ms: float

    def agree(self, thresholds: Thresholds) -> bool:
        """Whether all views vote alike in each stage."""
        votes_empty = self.p_empty >= thresholds.empty
        unanimous = votes_empty.all() or not votes_empty.any()
        return bool(unanimous and (self.species is None or len(set(self.species.argmax(axis=1))) == 1))


class Stopwatch:
    """Milliseconds from lap to lap."""

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
