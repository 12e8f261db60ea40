"""Which models a request is carried out with: two stages, or one that tells empty itself."""

from pathlib import Path

from wildcam.predictions.request import PredictionRequest
from wildcam.serving.bundle import Bundle, open_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier, TwoStageClassifier, load_two_stage
from wildcam.serving.one_stage import OneStageClassifier, check_at_once

AnyClassifier = TwoStageClassifier | OneStageClassifier


def bundles_of(request: PredictionRequest, models_dir: Path) -> list[Bundle]:
    """Stage 1, where there is one, and the model that names species. Raises `UsageError`, `BundleError`."""
    bundles = [open_bundle(models_dir, name) for name in (request.empty_model, request.species_model) if name]
    if len(bundles) == 1:
        check_at_once(bundles[0])
    return bundles


def load_classifier(request: PredictionRequest, models_dir: Path) -> AnyClassifier:
    """Load them. Raises `BundleError` for models that cannot do what is asked."""
    bundles = bundles_of(request, models_dir)
    return load_two_stage(*bundles) if len(bundles) == 2 else OneStageClassifier(Classifier(bundles[0]))


def cards_of(classifier: AnyClassifier) -> list[ModelCard]:
    """Of each of its models."""
    if isinstance(classifier, OneStageClassifier):
        return [classifier.species.card]
    return [classifier.empty.card, classifier.species.card]
