"""Identify: choice of models."""

import streamlit as st

from pages.identify.uploads import MODEL_KEYS
from pages.widgets.url_state import tell_left_out
from wildcam.architectures.presets import Task
from wildcam.serving.bundle import Bundle, list_bundles
from wildcam.settings import load_settings


def choose_models(defaults: tuple[Bundle, Bundle]) -> tuple[Bundle, Bundle]:
    """Draw the select boxes of both stages; kept in the URL."""
    model_dirs = load_settings().model_dirs
    stages = [list_bundles(model_dirs, Task.EMPTY), list_bundles(model_dirs, Task.SPECIES, Task.ALL)]
    titles = ["Stage 1: empty or animal", "Stage 2: which species"]
    chosen = []
    for column, title, bundles, default, key in zip(st.columns(2), titles, stages, defaults, MODEL_KEYS, strict=True):
        names = [bundle.name for bundle in bundles]
        linked = st.query_params.get(key, "")
        if linked and linked not in names:
            tell_left_out(title, linked)
        name = column.selectbox(title, names, names.index(default.name), key=key, bind="query-params")
        chosen.append(bundles[names.index(name)])
    return chosen[0], chosen[1]
