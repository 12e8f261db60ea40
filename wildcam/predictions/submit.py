"""From a request to a queued batch with its worker: what the page and the command line both call."""

from typing import Any

from pydantic import ValidationError

from wildcam.architectures.presets import Task
from wildcam.data.catalog import is_drawn
from wildcam.errors import UsageError
from wildcam.predictions.models import bundles_of, find_model
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import find_images
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import choose_pair, pair_for, verify
from wildcam.serving.inference_options import preferred_views
from wildcam.serving.tta import ViewSet


def make_request(
    store: RunStore,
    *,
    empty_model: str | None = None,
    species_model: str | None = None,
    model: str | None = None,
    empty_threshold: float | None = None,
    unknown_threshold: float | None = None,
    views: int | None = None,
    view_set: ViewSet | None = None,
    closer: bool = False,
    closer_weight: float | None = None,
    **values: Any,
) -> PredictionRequest:
    """A request; None stands for the default pair of models, that of the demo data set being the demo pair, and for the
    thresholds, views and weight on their cards.

    `closer`: take a closer look; a weight takes it, too. A model is named, or `run:ID`. `model`: it answers alone,
    whatever its task. Raises `UsageError`, `BundleError`.
    """
    names = _names(store, empty_model, species_model, model, values.get("dataset", ""))
    cards = [find_model(store, name)[1].card for name in names.values()]
    default_views, default_set = preferred_views(*cards)
    if closer and closer_weight is None:
        closer_weight = cards[-1].closer_weight
    try:
        return PredictionRequest(
            views=default_views if views is None else views,
            view_set=default_set if view_set is None else view_set,
            closer_weight=closer_weight or 0.0,
            empty_threshold=cards[0].empty_threshold if empty_threshold is None else empty_threshold,
            unknown_threshold=cards[-1].unknown_threshold if unknown_threshold is None else unknown_threshold,
            **names,
            **values,
        )
    except ValidationError as error:
        raise UsageError.of(error) from error


def _names(store: RunStore, empty: str | None, species: str | None, alone: str | None, dataset: str) -> dict[str, str]:
    """Full names by the fields of the request."""
    if alone:
        name, bundle = find_model(store, alone)
        return {"empty_model" if bundle.card.task is Task.EMPTY else "species_model": name}
    if empty and species:
        return {"empty_model": find_model(store, empty)[0], "species_model": find_model(store, species)[0]}
    if empty or species:
        first, second = choose_pair(store.settings.model_dirs, empty, species)
    else:
        drawn = is_drawn(store.settings.datasets_dir, dataset)
        first, second = pair_for(store.settings.model_dirs, drawn=drawn)
    return {"empty_model": first.name, "species_model": second.name}


def submit_predictions(store: RunStore, request: PredictionRequest, name: str = "") -> Run:
    """Check what can be checked, then queue the batch and start its worker.

    Raises a `WildcamError` with one sentence.
    """
    find_images(request, store.settings)
    for bundle in bundles_of(request, store):
        verify(bundle)
    return local.launch(store, store.create(Kind.PREDICT, name or f"predictions of {request.source}", request))
