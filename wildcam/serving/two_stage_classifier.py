"""Two loaded models, from an image to its verdict."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, ImageError
from wildcam.images import Box, Source, decode_side, load_rgb, load_square, resize_square
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import ANIMAL
from wildcam.serving.classifier import Classifier, Stopwatch
from wildcam.serving.closer_look import Closer
from wildcam.serving.evidence import Evidence, find_evidence, map_of_animal
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.look_closer import look_closer
from wildcam.serving.stage_outputs import OneByOne, RunStages, StageInputs, StageOutputs, one_pass_of
from wildcam.serving.tta import View
from wildcam.serving.two_stage import Thresholds, Timings, Verdict, decide, failed

QUICK_VIEWS = 2
"""Views that run first with `InferenceOptions.quick`."""


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
        self._one_by_one = OneByOne(empty, species)
        self._one_pass = one_pass_of(empty, species)

    @property
    def thresholds(self) -> Thresholds:
        """The operating points on the cards."""
        return Thresholds(self.empty.card.empty_threshold, self.species.card.unknown_threshold)

    @property
    def has_one_pass(self) -> bool:
        """Whether both stages share a backbone, and run as one graph."""
        return self._one_pass is not None

    def can_look_closer(self, *, has_boxes: bool = False) -> bool:
        """Whether anything says where to look: the evidence of a model, or a detector's boxes."""
        has_evidence = self.empty.has_evidence or self.species.has_evidence
        return has_evidence or (has_boxes and not self.species.card.crops)

    def views(self, options: InferenceOptions) -> tuple[View, ...]:
        """The views that both stages get."""
        return options.views_of(self.empty.card, self.species.card)

    def identify(
        self, source: Source, options: InferenceOptions = InferenceOptions(), *, box: Box | None = None
    ) -> Verdict:
        """The verdict on one image; one that cannot be read gets the verdict `failed`, never an exception.

        `box`: the animal that a detector found; a species model that was trained on crops gets this part, and a closer
        look is taken at it.
        """
        try:
            inputs = self.load_inputs(source, box)
        except ImageError as error:
            return failed(str(error))
        return self.classify(inputs, options, source=source, box=box)

    def classify(
        self,
        inputs: StageInputs,
        options: InferenceOptions = InferenceOptions(),
        *,
        source: Source | None = None,
        box: Box | None = None,
    ) -> Verdict:
        """The verdict on one image that is decoded already. `source`: the image, which a closer look needs."""
        thresholds, views = options.thresholds or self.thresholds, self.views(options)
        run: RunStages = self._one_pass if self._one_pass and inputs.empty is inputs.species else self._one_by_one
        try:
            outputs = run(inputs, views[:QUICK_VIEWS] if options.quick else views, thresholds, options.aggregation)
            if len(outputs.p_empty) < len(views) and not outputs.agree(thresholds):
                outputs = run(inputs, views, thresholds, options.aggregation)
            stopwatch = Stopwatch()
            closer = self._look_closer(outputs, options.closer_weight, source, box)
            closer_ms = stopwatch.lap() if closer else 0.0
        except (BundleError, ImageError) as error:
            return failed(str(error))
        verdict = decide(
            p_empty=outputs.p_empty,
            species_probabilities=outputs.species,
            classes=self.species.card.classes,
            thresholds=thresholds,
            aggregation=options.aggregation,
            closer=closer,
        )
        timings = Timings(
            inputs.reading_ms, outputs.stage_1_ms, outputs.stage_2_ms, one_pass=outputs.one_pass, closer=closer_ms
        )
        return replace(verdict, timings=timings, evidence=self._evidence(outputs))

    def load_inputs(self, source: Source, box: Box | None = None) -> StageInputs:
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
            square = resize_square(image, first)
            squares = square, square if first == second else resize_square(image, second)
        return StageInputs(*squares, stopwatch.lap())

    def _look_closer(
        self, outputs: StageOutputs, weight: float, source: Source | None, box: Box | None
    ) -> Closer | None:
        """At the detector's box, else at the strongest evidence, of stage 1 where it has any; for animals only."""
        if not weight or source is None or outputs.species is None:
            return None
        maps = _animal_maps(outputs, self.empty, self.species)
        return look_closer(self.species, source, weight, maps[0] if maps else None, box)

    def _evidence(self, outputs: StageOutputs) -> Evidence | None:
        maps = _animal_maps(outputs, self.empty, self.species)
        return find_evidence(ANIMAL, maps[0]) if maps else None


def _animal_maps(outputs: StageOutputs, empty: Classifier, species: Classifier) -> list[NDArray[np.float32]]:
    """What speaks for an animal: of stage 1, then of stage 2, where they have it."""
    found = ((outputs.empty_evidence, empty.card), (outputs.species_evidence, species.card))
    return [map_of_animal(evidence, card.classes) for evidence, card in found if evidence is not None]


def load_two_stage(empty: Bundle, species: Bundle) -> TwoStageClassifier:
    """Load both stages."""
    return TwoStageClassifier(Classifier(empty), Classifier(species))
