"""A recipe that cannot be trained: the reason, and a button for each change after which it can."""

import streamlit as st

from pages.train.form import set_field
from pages.widgets.markdown import literal
from wildcam.data.catalog import Dataset
from wildcam.errors import WildcamError
from wildcam.training.mends import Mend, find_mends
from wildcam.training.recipe import Recipe


@st.cache_data(show_spinner="Looking for a change that helps …", max_entries=20)
def _mends(_dataset: Dataset, recipe: Recipe, version: str) -> list[Mend]:
    return find_mends(_dataset, recipe)


def draw_mends(dataset: Dataset, recipe: Recipe, version: str) -> None:
    """A button for each change; nothing where none helps."""
    mends = _mends(dataset, recipe, version)
    if not mends:
        return
    with st.container(horizontal=True):
        for mend in mends:
            st.button(
                mend.title,
                icon=":material/build:",
                key=f"train_mend_{mend.field}_{mend.value}",
                on_click=set_field,
                args=(recipe.preset_info, mend.field, mend.value),
            )


def draw_refusal(error: WildcamError, dataset: Dataset, recipe: Recipe, version: str) -> None:
    st.error(literal(str(error)), icon=":material/error:")
    draw_mends(dataset, recipe, version)
