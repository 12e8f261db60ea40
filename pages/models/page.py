"""Models: which are here, the card of one, beside another, and which identify photos by default."""

import streamlit as st

from pages.models.compare import draw_comparison
from pages.models.manage import draw_delete, draw_management
from pages.widgets.markdown import literal
from pages.widgets.model_card import draw_card
from pages.widgets.model_table import draw_model_table
from pages.widgets.url_state import url_param
from wildcam.serving.bundle import damaged_models, list_bundles, missing_default
from wildcam.serving.manage_models import is_own
from wildcam.settings import load_settings

NONE = ""

st.title("Models")
models = load_settings().model_dirs
st.write("A model comes here when a run is promoted. Identify and batches use the default of each stage unless told.")
for broken, sentence in damaged_models(models).items():
    st.error(literal(sentence), icon=":material/broken_image:")
    if is_own(models, broken):
        draw_delete(models, broken)
if gone := missing_default(models):
    st.warning(literal(gone), icon=":material/link_off:")
bundles = {bundle.name: bundle for bundle in list_bundles(models)}
if not bundles:
    st.info("No model yet. Train one, then promote it on its run's page.", icon=":material/info:")
    st.page_link("pages/train/page.py", label="Train a model", icon=":material/model_training:")
    st.stop()
draw_model_table(models, list(bundles.values()), key="models_table")
first, second = st.columns(2)
name = first.selectbox("Model", list(bundles), **url_param("model", bundles))
others = [NONE, *(other for other in bundles if other != name)]
beside = second.selectbox(
    "Compare with", others, format_func=lambda other: other or "None", **url_param("beside", others)
)
draw_management(models, bundles[name])
if beside:
    draw_comparison(bundles[name], bundles[beside])
    first, second = st.columns(2)
    with first:
        draw_card(bundles[name], literal(name))
    with second:
        draw_card(bundles[beside], literal(beside))
else:
    draw_card(bundles[name], bundles[name].card.task.display)
