"""The way of one model that has `empty` as one of its classes, to be held against the two stages."""

from dataclasses import replace

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, PhotographError
from wildcam.images import Box, Source, load_square
from wildcam.serving.bundle import Bundle
from wildcam.serving.classifier import Classifier, Clock, stack
from wildcam.serving.tta import DEFAULT_VIEWS, make_views
from wildcam.serving.two_stage import Aggregation, Thresholds, Took, Verdict, decide_at_once, failed


def check_at_once(bundle: Bundle) -> None:
    """Raise `BundleError` for a model that does not have `empty` beside species."""
    if bundle.card.task is not Task.ALL:
        raise BundleError(
            f"Model {bundle.name!r} does not tell empty and species at once: choose one of the task {Task.ALL}, or two stages."
        )


class OneStageClassifier:
    """Answers as `TwoStageClassifier` does, from a single model. Raises `BundleError` for one without `empty`."""

    def __init__(self, model: Classifier) -> None:
        check_at_once(model.bundle)
        self.species = model

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
        """The verdict on one photograph, or the verdict `failed`.

        Of the thresholds only that of `unknown` is used. `quick` and `box` change nothing: there is one question for all
        views, and what is empty has no box.
        """
        card, clock = self.species.card, Clock()
        try:
            picture = load_square(source, card.image_size)
            reading = clock.lap()
            probabilities = self.species.predict(stack(picture, make_views(views, card.augmentation)))
        except (PhotographError, BundleError) as error:
            return failed(str(error))
        unknown = thresholds.unknown if thresholds else card.unknown_threshold
        verdict = decide_at_once(
            probabilities=probabilities, classes=card.classes, unknown_threshold=unknown, aggregation=aggregation
        )
        return replace(verdict, took=Took(reading, 0.0, clock.lap()))
