"""A form that starts from another run's recipe: `?clone=RUN`."""

import streamlit as st

from pages.train.form import field_key
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe, fields_of


def take_over(store: RunStore, datasets: list[str]) -> str:
    """Put the values of the run that the address names into the form, once; its name, or nothing."""
    asked = st.query_params.get("clone", "")
    if not asked:
        return ""
    try:
        run = store.get(asked)
        recipe = Recipe.parse(run.params)
    except WildcamError:
        st.warning(
            "The run in the address cannot be started again: it is gone, or no training.", icon=":material/link_off:"
        )
        return ""
    if st.session_state.get("train_cloned") != run.id:
        st.session_state["train_cloned"] = run.id
        st.session_state["train_preset"] = recipe.preset
        if recipe.dataset in datasets:
            st.query_params["dataset"] = recipe.dataset
        for name in fields_of(recipe.preset):
            st.session_state[field_key(recipe.preset_info, name)] = getattr(recipe, name)
    return run.name
