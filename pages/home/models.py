"""The models that are here, in short."""

import streamlit as st

from pages.widgets.model_table import draw_model_table
from wildcam.serving.bundle import list_bundles
from wildcam.settings import Settings


def draw_models(settings: Settings) -> None:
    bundles = list_bundles(settings.model_dirs)
    st.subheader("Models", anchor=False)
    if not bundles:
        st.info("No model yet. Train one, then promote it on its run's page.", icon=":material/info:")
        return
    draw_model_table(settings.model_dirs, bundles, key="home_models")
    st.page_link("pages/models/page.py", label="Cards, default, rename, delete", icon=":material/badge:")
