"""Batch: the form that starts one."""

from typing import Any

import streamlit as st

from pages.batch.results_file import draw_results_file
from pages.batch.subset import choose_subset
from pages.identify.looking import choose_looking
from pages.identify.models import choose_models
from pages.identify.thresholds import choose_thresholds
from pages.identify.uploads import use_models
from pages.widgets.kept import keep
from pages.widgets.markdown import literal
from pages.widgets.visitor_paths import visitor_roots
from wildcam.data.catalog import is_drawn
from wildcam.errors import WildcamError
from wildcam.predictions.models import list_models
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import Bundle, demo_pair, list_bundles

SOURCES = ("Data set", "Folder on the server", "List of files")
MODELS, RESULTS = "Models", "Another program's results"
NEW_BATCH = "New batch"


def draw_start(store: RunStore, defaults: tuple[Bundle, Bundle]) -> None:
    """Draw the form; a click queues the batch and opens it."""
    answered_by = st.segmented_control(
        "Answers from",
        (MODELS, RESULTS),
        default=MODELS,
        required=True,
        key=keep("batch_answers"),
        help="Results of SpeciesNet, MegaDetector or AddaxAI can be evaluated and compared like those of a model.",
    )
    if answered_by == RESULTS:
        draw_results_file(store)
        return
    values = _choose_source(store)
    with st.expander("Models and settings", icon=":material/tune:"):
        empty, species = choose_models(defaults)
        looking = choose_looking(empty.card, species.card)
        thresholds = choose_thresholds(empty, species)
    _offer_demo_models(store, values.get("dataset", ""), empty)
    alone = _choose_alone(store)
    quick = st.checkbox(
        "Quick: two views first, the others only where these disagree",
        key=keep("batch_quick"),
        help="Much faster where most photos are clear; a few verdicts change.",
    )
    name = st.text_input("Name of the batch", placeholder="predictions of …", key=keep("batch_name"))
    if st.button("Start", type="primary", icon=":material/play_arrow:", key="batch_start", disabled=not values):
        try:
            request = make_request(
                store,
                empty_model=empty.name,
                species_model=species.name,
                model=alone,
                empty_threshold=thresholds.empty,
                unknown_threshold=thresholds.unknown,
                views=looking.views,
                view_set=looking.view_set,
                closer_weight=looking.closer_weight,
                quick=quick,
                aggregation=looking.aggregation,
                roots=visitor_roots().text,
                **values,
            )
            run = submit_predictions(store, request, name.strip())
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")
            return
        st.query_params["run"] = run.id
        st.rerun()


def _offer_demo_models(store: RunStore, dataset: str, empty: Bundle) -> None:
    """Where models of real photos would answer on drawn ones."""
    pair = demo_pair(store.settings.model_dirs)
    if pair is None or empty.card.is_demo or not is_drawn(store.settings.datasets_dir, dataset):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("These photos are drawn: models of real photos know none of their animals.", icon=":material/info:")
        st.button("Use the demo models", key="batch_demo_models", on_click=use_models, args=(pair,))


def _choose_alone(store: RunStore) -> str | None:
    """The one model that answers alone; None for both stages."""
    linked = st.query_params.get("model", "")
    if not st.checkbox(
        "One model alone",
        key="batch_alone",
        value=bool(linked),
        help="To evaluate it on its own: stage 1, a species model, a model with the class empty, "
        "or the model of a run.",
    ):
        return None
    names = {bundle.name: bundle.name for bundle in list_bundles(store.settings.model_dirs)} | list_models(store)
    first = list(names).index(linked) if linked in names else 0
    return st.selectbox("Model", list(names), first, format_func=names.__getitem__, key="batch_model")


def _choose_source(store: RunStore) -> dict[str, Any]:
    """The source fields of the request; none while the form is incomplete."""
    kind = st.segmented_control("Photos", SOURCES, default=SOURCES[0], required=True, key=keep("batch_source"))
    if kind == SOURCES[0]:
        return choose_subset(store)
    if kind == SOURCES[1]:
        folder = st.text_input(
            "Folder", placeholder="/data/cameras/2026", key=keep("batch_folder"), help="With its subfolders."
        )
        return {"folder": folder.strip()} if folder.strip() else {}
    listing = st.text_input(
        "Text file",
        placeholder="/data/to_check.txt",
        key=keep("batch_listing"),
        help="One path per line, absolute or relative to the text file.",
    )
    return {"listing": listing.strip()} if listing.strip() else {}
