"""A bundle's graph, loaded: images to calibrated probabilities, and to evidence where the graph has it."""

import copy
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, verify
from wildcam.serving.calibration import scale_temperature
from wildcam.serving.card import ModelCard
from wildcam.serving.engine import Engine, has_bfloat16, has_cuda, inputs_of, open_engine
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.tta import View, apply_view

BATCH = 32
"""Images that the engine gets at once."""

MOST_CHANGED = 0.005
"""Share of answers on real images that a number format may change where it is used."""

EVIDENCE = "evidence"
"""The name of a graph's optional second output."""

EVIDENCE_TOLERANCE = 0.05
"""Largest difference between a probability and that of the evidence's mean, which rounding to bfloat16 may cause."""


class Classifier:
    """A loaded graph that fits its card. Safe to share between threads and browser sessions.

    Raises `BundleError`, with the reason, for a graph that is not the card's.
    """

    def __init__(self, bundle: Bundle, *, precision: EnginePrecision | None = None) -> None:
        """`precision`: None uses the fastest one that, by the card, changes hardly an answer."""
        verify(bundle)
        self.bundle = bundle
        self.card = bundle.card
        self.precision = usable(precision or preferred_precision(bundle.card))
        try:
            _check_input(bundle)
            self._engine = open_engine(bundle.graph_path, bfloat16=self.precision is EnginePrecision.BFLOAT16)
            _check_output(bundle, self._engine)
        except RuntimeError as error:
            raise BundleError(
                f"The graph of model {bundle.name!r} cannot be loaded. Export and promote it again."
            ) from error
        self.has_evidence = self._engine.names[1:2] == (EVIDENCE,)
        """Whether the graph has the class activation map."""

    def with_card(self, card: ModelCard) -> "Classifier":
        """The same loaded graph under another calibration."""
        other = copy.copy(self)
        other.card, other.bundle = card, replace(self.bundle, card=card)
        return other

    @property
    def parity(self) -> float | None:
        """Largest difference of a probability to the trained network, in the number format in use; None: not known."""
        return self.card.parity_of(self.precision)

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities. uint8, (N, S, S, 3), RGB, 0–255 → float32, (N, C), rows sum to 1."""
        batches = [self._engine(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        return calibrated(np.concatenate([np.empty((0, len(self.card.classes)), np.float32), *batches]), self.bundle)

    def predict_with_evidence(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Also the class activation map of each image, float32, (N, h, w, C). Only where `has_evidence`."""
        batches = [self._engine.all(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        probabilities, evidence = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        return calibrated(probabilities, self.bundle), evidence


def preferred_precision(card: ModelCard) -> EnginePrecision:
    """bfloat16 where the card says that hardly an answer changes."""
    changes = card.changes_of(EnginePrecision.BFLOAT16)
    return EnginePrecision.BFLOAT16 if changes is not None and changes <= MOST_CHANGED else EnginePrecision.FLOAT32


def usable(precision: EnginePrecision) -> EnginePrecision:
    """The number format that this machine computes in where this one is wanted."""
    if precision is EnginePrecision.BFLOAT16 and (has_cuda() or not has_bfloat16()):
        return EnginePrecision.FLOAT32
    return precision


def calibrated(probabilities: NDArray[np.float32], bundle: Bundle) -> NDArray[np.float32]:
    """By the card's temperature. (N, C) → (N, C). Raises `BundleError` for values that are no numbers."""
    if not np.isfinite(probabilities).all():
        raise BundleError(
            f"Model {bundle.name!r} gave no probability for a photo: its weights are damaged. Promote it again."
        )
    return scale_temperature(probabilities, bundle.card.temperature)


class Stopwatch:
    """Milliseconds from lap to lap."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Since the last one."""
        last, self._last = self._last, time.perf_counter()
        return 1000 * (self._last - last)


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
    if EVIDENCE in engine.names:
        _check_evidence(bundle, engine)


def _check_evidence(bundle: Bundle, engine: Engine) -> None:
    side, classes = bundle.card.image_size, len(bundle.card.classes)
    probabilities, *rest = engine.all(np.full((2, side, side, 3), 128, np.uint8))
    evidence = rest[0]
    if engine.names[1:] != (EVIDENCE,) or evidence.ndim != 4 or (len(evidence), evidence.shape[3]) != (2, classes):
        raise BundleError(
            f"The graph of model {bundle.name!r} does not fit its card: its outputs are {', '.join(engine.names)}, and "
            f"two photos gave evidence of shape {evidence.shape}; expected (2, h, w, {classes}) as the second output. "
            "Export and promote it again."
        )
    logits = evidence.mean(axis=(1, 2))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    if not np.allclose(powers / powers.sum(axis=1, keepdims=True), probabilities, atol=EVIDENCE_TOLERANCE):
        raise BundleError(
            f"The evidence of model {bundle.name!r} does not add up to its probabilities: expected a map whose mean is "
            "the logit of each class. Export and promote it again."
        )
