"""The way of one model alone: a stage by itself, or one that has `empty` as one of its classes."""

from dataclasses import replace

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, ImageError
from wildcam.images import Box, Source, load_square
from wildcam.serving.classifier import Classifier, Clock, stack
from wildcam.serving.tta import DEFAULT_VIEWS, make_views
from wildcam.serving.two_stage import Aggregation, Thresholds, Timings, Verdict, decide_empty, decide_species, failed


class OneModelClassifier:
    """Answers as `TwoStageClassifier` does, from a single model of any task."""

    def __init__(self, model: Classifier) -> None:
        self.model = model

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
        """The verdict on one image, or the verdict `failed`. `quick` changes nothing: every view is looked at.

        `box`: where a detector saw the animal; a model that learned from crops looks there.
        """
        card, clock = self.model.card, Clock()
        thresholds = thresholds or Thresholds(card.empty_threshold, card.unknown_threshold)
        try:
            image = load_square(source, card.image_size, box if card.crops else None, card.crop_margin)
            reading = clock.lap()
            probabilities = self.model.predict(stack(image, make_views(views, card.augmentation)))
        except (ImageError, BundleError) as error:
            return failed(str(error))
        if card.task is Task.EMPTY:
            verdict = decide_empty(p_empty=probabilities[:, 0], threshold=thresholds.empty, aggregation=aggregation)
            return replace(verdict, timings=Timings(reading, clock.lap(), 0.0))
        verdict = decide_species(
            probabilities=probabilities,
            classes=card.classes,
            unknown_threshold=thresholds.unknown,
            aggregation=aggregation,
        )
        return replace(verdict, timings=Timings(reading, 0.0, clock.lap()))
