"""Both stages on the views of one image: by two graphs one after the other, or by one graph in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wildcam.serving.classifier import BATCH, Classifier, Stopwatch, calibrated, stack
from wildcam.serving.engine import Engine, has_cuda, with_openvino
from wildcam.serving.one_pass import join
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.tta import View
from wildcam.serving.two_stage import Aggregation, Thresholds, is_empty


@dataclass(frozen=True, eq=False)
class StageInputs:
    """One decoded image at the input size of each stage: uint8, (S, S, 3), RGB, 0–255."""

    empty: NDArray[np.uint8]
    species: NDArray[np.uint8]  # the very same array where both stages see the same
    reading_ms: float


@dataclass(frozen=True, eq=False)
class StageOutputs:
    """Of V views: stage 1's probability of empty, (V,), and stage 2's probabilities, (V, C), where it ran.

    The evidence is that of the first view, (h, w, C), where the graph has it.
    """

    p_empty: NDArray[np.float32]
    species: NDArray[np.float32] | None
    empty_evidence: NDArray[np.float32] | None
    species_evidence: NDArray[np.float32] | None
    stage_1_ms: float
    stage_2_ms: float
    one_pass: bool

    def agree(self, thresholds: Thresholds) -> bool:
        """Whether all views vote alike in each stage."""
        votes_empty = self.p_empty >= thresholds.empty
        unanimous = votes_empty.all() or not votes_empty.any()
        return bool(unanimous and (self.species is None or len(set(self.species.argmax(axis=1))) == 1))


class RunStages(Protocol):
    """How an image's views get through both stages."""

    def __call__(
        self, inputs: StageInputs, views: Sequence[View], thresholds: Thresholds, aggregation: Aggregation
    ) -> StageOutputs:
        """Stage 2 has an answer where stage 1 finds an animal."""


class OneByOne:
    """Stage 2 runs after stage 1, for animals only."""

    def __init__(self, empty: Classifier, species: Classifier) -> None:
        self._empty, self._species = empty, species

    def __call__(
        self, inputs: StageInputs, views: Sequence[View], thresholds: Thresholds, aggregation: Aggregation
    ) -> StageOutputs:
        """Each stage gets its own input."""
        stopwatch = Stopwatch()
        probabilities, empty_evidence = run_views(self._empty, inputs.empty, views)
        p_empty = probabilities[:, 0]  # (V,)
        empty, _, _ = is_empty(p_empty=p_empty, threshold=thresholds.empty, aggregation=aggregation)
        stage_1_ms = stopwatch.lap()
        if empty:
            return StageOutputs(p_empty, None, empty_evidence, None, stage_1_ms, 0.0, one_pass=False)
        species, species_evidence = run_views(self._species, inputs.species, views)
        return StageOutputs(
            p_empty, species, empty_evidence, species_evidence, stage_1_ms, stopwatch.lap(), one_pass=False
        )


class InOnePass:
    """Both heads on one backbone: both stages' answers come with one forward pass of each view."""

    def __init__(self, engine: Engine, empty: Classifier, species: Classifier) -> None:
        self._engine = engine
        self._empty, self._species = empty, species

    def __call__(
        self, inputs: StageInputs, views: Sequence[View], thresholds: Thresholds, aggregation: Aggregation
    ) -> StageOutputs:
        """Both stages get the input of stage 1."""
        stopwatch = Stopwatch()
        images = stack(inputs.empty, views)
        parts = [self._engine.all(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        outputs = [np.concatenate(own) for own in zip(*parts, strict=True)]
        own = 2 if self._empty.has_evidence else 1
        p_empty = calibrated(outputs[0], self._empty.bundle)[:, 0]  # (V,)
        empty, _, _ = is_empty(p_empty=p_empty, threshold=thresholds.empty, aggregation=aggregation)
        empty_evidence = outputs[1][0] if self._empty.has_evidence else None
        species = species_evidence = None
        if not empty:
            species = calibrated(outputs[own], self._species.bundle)
            species_evidence = outputs[own + 1][0] if self._species.has_evidence else None
        return StageOutputs(p_empty, species, empty_evidence, species_evidence, stopwatch.lap(), 0.0, one_pass=True)


def one_pass_of(empty: Classifier, species: Classifier) -> InOnePass | None:
    """Both stages as one graph, where their graphs share a backbone and take the same input; None elsewhere."""
    same_input = empty.card.image_size == species.card.image_size
    if not same_input or empty.precision is not species.precision or has_cuda():
        return None
    joined = join(empty.bundle.graph_path, species.bundle.graph_path)
    if joined is None:
        return None
    return InOnePass(with_openvino(joined, bfloat16=empty.precision is EnginePrecision.BFLOAT16), empty, species)


def run_views(
    classifier: Classifier, pixels: NDArray[np.uint8], views: Sequence[View]
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Probabilities of each view, (V, C), and the evidence of the first one, (h, w, C), where the graph has it."""
    images = stack(pixels, views)
    if not classifier.has_evidence:
        return classifier.predict(images), None
    probabilities, evidence = classifier.predict_with_evidence(images)
    return probabilities, evidence[0]
