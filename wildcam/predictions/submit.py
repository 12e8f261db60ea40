"""From a request to a queued batch with its worker: what the page and the command line both call."""

from typing import Any

from pydantic import ValidationError

from wildcam.errors import UsageError
from wildcam.predictions.models import bundles_of
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import find_photographs
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import choose_at_once, choose_pair, verify


def make_request(
    store: RunStore, *, empty_model: str | None = None, species_model: str | None = None, one_stage: bool = False,
    empty_threshold: float | None = None, unknown_threshold: float | None = None, **values: Any,
) -> PredictionRequest:  # fmt: skip
    """With the default models, and the thresholds on their cards, where nothing is said.

    `one_stage`: one model alone, which tells empty itself. Raises `UsageError`, `BundleError`.
    """
    models_dir = store.settings.models
    if one_stage:
        species = choose_at_once(models_dir, species_model)
        names, empty_default = {"species_model": species.name}, species.card.empty_threshold
    else:
        empty, species = choose_pair(models_dir, empty_model, species_model)
        names, empty_default = {"empty_model": empty.name, "species_model": species.name}, empty.card.empty_threshold
    try:
        return PredictionRequest(
            empty_threshold=empty_default if empty_threshold is None else empty_threshold,
            unknown_threshold=species.card.unknown_threshold if unknown_threshold is None else unknown_threshold,
            **names, **values,
        )  # fmt: skip
    except ValidationError as error:
        raise UsageError.of(error) from error


def submit_predictions(store: RunStore, request: PredictionRequest, name: str = "") -> Run:
    """Check what can be checked, then queue the batch and start its worker. Raises a `WildcamError` with one sentence."""
    find_photographs(request, store.settings)
    for bundle in bundles_of(request, store.settings.models):
        verify(bundle)
    return local.launch(store, store.create(Kind.PREDICT, name or f"predictions of {request.source}", request))
