"""One model alone: a stage by itself, or a model with `empty` among its classes."""

from dataclasses import replace

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, ImageError
from wildcam.images import Box, Source, load_square
from wildcam.serving.card import ANIMAL
from wildcam.serving.classifier import Classifier, Stopwatch
from wildcam.serving.evidence import find_evidence, map_of_animal
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.look_closer import look_closer
from wildcam.serving.stage_outputs import run_views
from wildcam.serving.two_stage import Thresholds, Timings, Verdict, decide_empty, decide_species, failed


class OneModelClassifier:
    """Answers as `TwoStageClassifier` does, from a single model of any task."""

    def __init__(self, model: Classifier) -> None:
        self.model = model

    def can_look_closer(self, *, has_boxes: bool = False) -> bool:
        """As of `TwoStageClassifier`; stage 1 alone takes no closer look."""
        card = self.model.card
        return card.task is not Task.EMPTY and (self.model.has_evidence or (has_boxes and not card.crops))

    def identify(
        self, source: Source, options: InferenceOptions = InferenceOptions(), *, box: Box | None = None
    ) -> Verdict:
        """The verdict on one image, or the verdict `failed`. `quick` changes nothing: every view runs.

        `box`: the animal that a detector found; a model that was trained on crops gets this part, and a closer look is
        taken at it. A model of stage 1 takes none.
        """
        card, stopwatch = self.model.card, Stopwatch()
        try:
            pixels = load_square(source, card.image_size, box if card.crops else None, card.crop_margin)
            reading_ms = stopwatch.lap()
            probabilities, evidence = run_views(self.model, pixels, options.views_of(card))
            model_ms = stopwatch.lap()
            animal = None if evidence is None else map_of_animal(evidence, card.classes)
            closer = None
            if options.closer_weight and card.task is not Task.EMPTY:
                closer = look_closer(self.model, source, options.closer_weight, animal, box)
            closer_ms = stopwatch.lap() if closer else 0.0
        except (ImageError, BundleError) as error:
            return failed(str(error))
        thresholds = options.thresholds or Thresholds(card.empty_threshold, card.unknown_threshold)
        if card.task is Task.EMPTY:
            verdict = decide_empty(
                p_empty=probabilities[:, 0], threshold=thresholds.empty, aggregation=options.aggregation
            )
            timings = Timings(reading_ms, model_ms, 0.0)
        else:
            verdict = decide_species(
                probabilities=probabilities,
                classes=card.classes,
                unknown_threshold=thresholds.unknown,
                aggregation=options.aggregation,
                closer=closer,
            )
            timings = Timings(reading_ms, 0.0, model_ms, closer=closer_ms)
        return replace(verdict, timings=timings, evidence=None if animal is None else find_evidence(ANIMAL, animal))
