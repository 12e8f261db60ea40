"""Drop photographs, and read what two models and their votes see in them."""

import streamlit as st

from pages.parts.identify.models import choose_models, choose_thresholds, choose_views, draw_card
from pages.parts.identify.uploads import Photograph, choose_photographs
from pages.parts.identify.verdict import draw_table, draw_verdict, draw_views
from pages.parts.markdown import literal
from wildcam.errors import BundleError
from wildcam.images import Source
from wildcam.serving.bundle import Bundle, choose_pair
from wildcam.serving.classifier import Classifier, TwoStageClassifier
from wildcam.serving.two_stage import Thresholds, Verdict
from wildcam.settings import load_settings

DEMO_WARNING = (
    "A demo model answers. It knows nothing but the drawn species of the demo data set: "
    "what it says of a real photograph means nothing."
)
CROPS_WARNING = (
    "The species model learned from animals that a detector had cut out. No detector looks here, so it gets whole "
    "photographs: expect less of it than its scores say."
)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …", hash_funcs={Bundle: repr})
def _load(bundle: Bundle) -> Classifier:
    """Loaded once for all sessions; a replaced model has another card, and is loaded anew."""
    return Classifier(bundle)


@st.cache_data(max_entries=1000, show_spinner=False, hash_funcs={Bundle: repr})
def _identify(source: Source, empty: Bundle, species: Bundle, views: int, thresholds: Thresholds) -> Verdict:
    return TwoStageClassifier(_load(empty), _load(species)).identify(source, views=views, thresholds=thresholds)


def _identify_all(
    photographs: list[Photograph], empty: Bundle, species: Bundle, views: int, thresholds: Thresholds
) -> list[Verdict]:
    verdicts = []
    bar = st.progress(0.0, "Looking at the photographs …")
    for number, photograph in enumerate(photographs, start=1):
        verdicts.append(_identify(photograph.source, empty, species, views, thresholds))
        bar.progress(number / len(photographs), f"Looked at {number} of {len(photographs)} photographs")
    bar.empty()
    return verdicts


def _choose_one(photographs: list[Photograph]) -> int:
    return st.selectbox(
        "Look closer at", range(len(photographs)), format_func=lambda number: photographs[number].name,
        key="identify_photograph",
    )  # fmt: skip


st.title("Identify")
st.write(
    "Drop a photograph. Stage 1 says whether it is empty; if not, stage 2 names the species. "
    "Each stage looks several times, at the photograph and at changed copies of it, and the majority decides."
)
try:
    defaults = choose_pair(load_settings().models)
except BundleError as error:
    st.info(literal(str(error)), icon=":material/info:")
    st.page_link("pages/screens/train.py", label="Train a model", icon=":material/model_training:")
    st.page_link("pages/screens/runs.py", label="Promote the model of a run", icon=":material/verified:")
    st.stop()
with st.expander("Models and settings", icon=":material/tune:"):
    empty, species = choose_models(defaults)
    views = choose_views()
    thresholds = choose_thresholds(empty, species)
with st.expander("About these models", icon=":material/badge:"):
    draw_card(empty, "Stage 1: empty or animal")
    draw_card(species, "Stage 2: which species")
if empty.card.is_demo or species.card.is_demo:
    st.warning(DEMO_WARNING, icon=":material/warning:")
if species.card.crops:
    st.warning(CROPS_WARNING, icon=":material/crop:")
classifier = TwoStageClassifier(_load(empty), _load(species))

photographs = choose_photographs()
if not photographs:
    st.stop()
verdicts = _identify_all(photographs, empty, species, views, thresholds)
chosen = 0
if len(photographs) > 1:
    draw_table(photographs, verdicts)
    chosen = _choose_one(photographs)
photograph, verdict = photographs[chosen], verdicts[chosen]
draw_verdict(photograph, verdict)
if verdict.views:
    draw_views(verdict, classifier.views(views), classifier.look(photograph.source, views))
