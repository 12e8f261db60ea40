"""A form filled in with another run's recipe: `?clone=RUN`."""

import streamlit as st

from pages.train.form import set_field
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe, fields_of


def read_clone(store: RunStore) -> None:
    """Fill the form with the recipe of the run in the URL, once, and make its data set the current one.

    Call it before the data set is chosen: in a run that changes it, the page starts again.
    """
    run_id = st.query_params.get("clone", "")
    if not run_id:
        return
    try:
        run = store.get(run_id)
        recipe = Recipe.parse(run.params)
    except WildcamError:
        st.warning(
            "The run in the URL cannot be cloned: it was deleted, or it is not a training run. "
            "The form has the values of before.",
            icon=":material/link_off:",
        )
        return
    if st.session_state.get("train_cloned") != run.id:
        st.session_state["train_cloned"] = run.id
        st.session_state["train_preset"] = recipe.preset
        for name in fields_of(recipe.preset):
            set_field(recipe.preset_info, name, getattr(recipe, name))
        if (store.settings.datasets_dir / recipe.dataset / "dataset.json").is_file():
            st.query_params["dataset"] = recipe.dataset
            st.rerun()
    st.caption(literal(f"Settings copied from the run {run.name}."))
    if not (store.settings.datasets_dir / recipe.dataset / "dataset.json").is_file():
        st.warning(
            literal(f"The run's data set {recipe.dataset} was deleted. Its settings are for the current one instead."),
            icon=":material/link_off:",
        )
