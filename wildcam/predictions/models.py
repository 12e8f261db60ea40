"""The models of a request: two stages, or one model alone."""

from wildcam.predictions.request import PredictionRequest
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import Bundle, open_bundle, open_run_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.serving.one_model import OneModelClassifier
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage

AnyClassifier = TwoStageClassifier | OneModelClassifier

OF_RUN = "run:"
"""Before a run's id: the model that this run left, promoted or not."""


def find_model(store: RunStore, name: str) -> tuple[str, Bundle]:
    """A promoted model by its name, or that of a run by `run:ID`, with its full name.

    Raises `UsageError`, `BundleError`.
    """
    if not name.startswith(OF_RUN):
        return name, open_bundle(store.settings.model_dirs, name)
    run = store.get(name.removeprefix(OF_RUN))
    return f"{OF_RUN}{run.id}", open_run_bundle(run.bundle_dir)


def list_models(store: RunStore) -> dict[str, str]:
    """Full name and title of every model that a run left, the newest first."""
    runs = [run for run in store.all(Kind.TRAIN) if (run.bundle_dir / "model.json").is_file()]
    return {f"{OF_RUN}{run.id}": f"run {run.name} ({run.id[:8]})" for run in runs}


def bundles_of(request: PredictionRequest, store: RunStore) -> list[Bundle]:
    """Stage 1 and stage 2, or one of them. Raises `UsageError`, `BundleError`."""
    return [find_model(store, name)[1] for name in (request.empty_model, request.species_model) if name]


def load_classifier(request: PredictionRequest, store: RunStore) -> AnyClassifier:
    """Load the models of a request. Raises `BundleError` for models that do not fit their stage."""
    bundles = bundles_of(request, store)
    return load_two_stage(*bundles) if len(bundles) == 2 else OneModelClassifier(Classifier(bundles[0]))


def precisions_of(classifier: AnyClassifier) -> tuple[EnginePrecision, ...]:
    """The number format that each of its models computes in, in the order of `cards_of`."""
    models = (
        [classifier.model] if isinstance(classifier, OneModelClassifier) else [classifier.empty, classifier.species]
    )
    return tuple(model.precision for model in models)


def cards_of(classifier: AnyClassifier) -> list[ModelCard]:
    """The card of each of its models."""
    if isinstance(classifier, OneModelClassifier):
        return [classifier.model.card]
    return [classifier.empty.card, classifier.species.card]
