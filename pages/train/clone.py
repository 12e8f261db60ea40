"""A form filled in with another run's recipe: `?clone=RUN`."""

import streamlit as st

from pages.train.form import field_key
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe, fields_of


def fill_from_run(store: RunStore, datasets: list[str]) -> str:
    """Fill the form with the recipe of the run in the URL, once; the run's name, or an empty string."""
    run_id = st.query_params.get("clone", "")
    if not run_id:
        return ""
    try:
        run = store.get(run_id)
        recipe = Recipe.parse(run.params)
    except WildcamError:
        st.warning(
            "The run in the URL cannot be cloned: it was deleted, or it is not a training run.",
            icon=":material/link_off:",
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
