"""One model alone: a stage by itself, or a model with `empty` among its classes."""

from dataclasses import replace

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, ImageError
from wildcam.images import Box, Source, load_square
from wildcam.serving.classifier import Classifier, InferenceOptions, Stopwatch, stack
from wildcam.serving.tta import make_views
from wildcam.serving.two_stage import Thresholds, Timings, Verdict, decide_empty, decide_species, failed


class OneModelClassifier:
    """Answers as `TwoStageClassifier` does, from a single model of any task."""

    def __init__(self, model: Classifier) -> None:
        self.model = model

    def identify(
        self, source: Source, options: InferenceOptions = InferenceOptions(), *, box: Box | None = None
    ) -> Verdict:
        """The verdict on one image, or the verdict `failed`. `quick` changes nothing: every view runs.

        `box`: the animal that a detector found; a model that was trained on crops gets this part.
        """
        card, stopwatch = self.model.card, Stopwatch()
        thresholds = options.thresholds or Thresholds(card.empty_threshold, card.unknown_threshold)
        try:
            image = load_square(source, card.image_size, box if card.crops else None, card.crop_margin)
            reading_ms = stopwatch.lap()
            probabilities = self.model.predict(stack(image, make_views(options.views, card.augmentation)))
        except (ImageError, BundleError) as error:
            return failed(str(error))
        if card.task is Task.EMPTY:
            verdict = decide_empty(
                p_empty=probabilities[:, 0], threshold=thresholds.empty, aggregation=options.aggregation
            )
            return replace(verdict, timings=Timings(reading_ms, stopwatch.lap(), 0.0))
        verdict = decide_species(
            probabilities=probabilities,
            classes=card.classes,
            unknown_threshold=thresholds.unknown,
            aggregation=options.aggregation,
        )
        return replace(verdict, timings=Timings(reading_ms, 0.0, stopwatch.lap()))
