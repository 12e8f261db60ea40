"""Identify: how often, and how closely, the models look at a photo; the defaults are on their cards."""

from operator import attrgetter

import streamlit as st

from wildcam.serving.card import ModelCard
from wildcam.serving.inference_options import InferenceOptions, preferred_views
from wildcam.serving.trials import describe_views
from wildcam.serving.tta import MAX_VIEWS, ViewSet
from wildcam.serving.two_stage import Aggregation

VIEWS, SET, WEIGHT = "identify_views", "identify_view_set", "identify_closer_weight"


def choose_looking(empty: ModelCard, species: ModelCard) -> InferenceOptions:
    """Draw the views, their aggregation and the closer look; thresholds are left to the cards."""
    default_views, default_set = preferred_views(empty, species)
    _follow_the_cards(empty, species)
    left, middle, right = st.columns(3)
    views = left.slider(
        "Views per photo",
        1,
        MAX_VIEWS,
        default_views,
        key=VIEWS,
        bind="query-params",
        help="Test-time augmentation: the first view is the photo itself, the others are changed copies. More views "
        "cost time, and help only some models.",
    )
    view_set = middle.selectbox(
        "View set",
        list(ViewSet),
        list(ViewSet).index(default_set),
        format_func=attrgetter("display"),
        key=SET,
        help="The changes of the first two sets cancel out: for every brighter view there is a darker one.",
    )
    aggregation = right.segmented_control(
        "Aggregation",
        list(Aggregation),
        default=Aggregation.VOTE,
        required=True,
        format_func=attrgetter("display"),
        key="identify_aggregation",
        help="Majority vote of the views, as in the experiments, or the mean of their probabilities.",
    )
    for stage, card in ((1, empty), (2, species)):
        if worth := describe_views(card.view_trials):
            st.caption(f"Stage {stage}, measured on validation: {worth}")
    weight = _choose_closer(species)
    return InferenceOptions(
        views, Aggregation(aggregation), view_set=ViewSet(view_set or default_set), closer_weight=weight
    )


def _choose_closer(species: ModelCard) -> float:
    """The weight of a closer look; 0 where none is wanted."""
    wanted = st.toggle(
        "Closer look",
        key="identify_closer",
        help="Also classify the part of the photo with the strongest evidence for an animal, at full resolution. Helps "
        "where animals are small. Takes effect on photos with an animal, where a model shows its evidence.",
    )
    if species.closer_trial:
        st.caption(f"Stage 2, measured on validation: {species.closer_trial.describe()}")
    if not wanted:
        return 0.0
    return st.slider(
        "Weight of the closer look",
        0.0,
        1.0,
        species.closer_weight,
        0.05,
        key=WEIGHT,
        help="The species is decided by this share of the closer look and the rest of the whole photo.",
    )


def _follow_the_cards(empty: ModelCard, species: ModelCard) -> None:
    """Other models have other defaults: what was chosen for the last ones is dropped."""
    models = (empty.name, empty.sha256, species.name, species.sha256)
    before = st.session_state.setdefault("identify_looking_of", models)
    if before != models:
        views, view_set = preferred_views(empty, species)
        st.session_state["identify_looking_of"] = models
        st.session_state[VIEWS], st.session_state[SET] = views, view_set
        if WEIGHT in st.session_state:
            st.session_state[WEIGHT] = species.closer_weight
