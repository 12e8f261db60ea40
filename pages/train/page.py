"""Start training: preset, recipe, and what the run will need, for the current data set."""

from typing import Any

import streamlit as st

from pages.train.clone import read_clone
from pages.train.form import draw_advanced, draw_basics, is_edited, set_field
from pages.train.launch import draw_launch
from pages.train.lr_finder import draw_lr_finder
from pages.train.mends import draw_mends, draw_refusal
from pages.train.presets import choose_preset
from pages.train.selection import draw_cost, draw_selection
from pages.train.split_default import reset_form, set_default_split
from pages.widgets.dataset import current_dataset
from pages.widgets.markdown import literal
from wildcam.architectures.presets import Preset
from wildcam.data.catalog import Dataset
from wildcam.errors import WildcamError
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings
from wildcam.training.mends import can_be_trained
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe, Weights
from wildcam.training.submit import missing_weights


@st.cache_data(show_spinner="Splitting the photos …", max_entries=20)
def _select(_dataset: Dataset, recipe: Recipe, version: str) -> Selection:
    return select(_dataset, recipe)


@st.cache_data(ttl=60, show_spinner="Checking the pretrained weights …")
def _missing_weights(recipe: Recipe, _settings: Settings) -> str:
    return missing_weights(recipe, _settings)


def _draw_missing_weights(preset: Preset, sentence: str) -> None:
    st.warning(literal(sentence), icon=":material/cloud_off:")
    st.button(
        "Start from random weights",
        icon=":material/casino:",
        key="train_random_weights",
        on_click=set_field,
        args=(preset, "weights", Weights.RANDOM),
    )


def _make_recipe(dataset: Dataset, preset: Preset, values: dict[str, Any]) -> Recipe:
    """What the form says; where its values do not fit each other, say so and how to mend it, and end the page."""
    try:
        return Recipe.of(dataset.name, preset.name, **values)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        st.button(
            "Use the preset's values",
            icon=":material/restart_alt:",
            key="train_reset",
            on_click=reset_form,
            args=(preset,),
        )
        st.stop()


def _draw_data(dataset: Dataset, recipe: Recipe, version: str) -> Selection:
    """What the run will learn from; where it cannot be trained, say why and how to mend it, and end the page."""
    st.subheader("Training data")
    try:
        selection = _select(dataset, recipe, version)
    except WildcamError as error:
        draw_refusal(error, dataset, recipe, version)
        st.stop()
    draw_selection(selection, recipe)
    if not can_be_trained(selection):
        draw_mends(dataset, recipe, version)
    return selection


settings = load_settings()
st.title("Train")
store = RunStore(settings)
read_clone(store)
dataset = current_dataset()
version = f"{dataset.name} {dataset.fingerprint} {dataset.info.checked_at} {dataset.info.labels}"
st.caption(literal(f"Data set: {dataset.display}. Another one is chosen in the sidebar."))
preset = choose_preset()
set_default_split(dataset, preset, version)
values = draw_basics(preset)
start = st.container()  # in view above what few people change, whose values it needs
advanced = st.expander("Advanced", icon=":material/tune:", expanded=is_edited(preset))
with advanced:
    values |= draw_advanced(preset)
with start:
    recipe = _make_recipe(dataset, preset, values)
    selection = _draw_data(dataset, recipe, version)
    draw_cost(selection, recipe, [*store.all(Kind.LR_FINDER), *store.all(Kind.TRAIN)], settings)
    missing = _missing_weights(recipe, settings)
    if missing:
        _draw_missing_weights(preset, missing)
    draw_launch(store, recipe, ready=not missing)
with advanced:
    if "learning_rate" not in preset.unused:
        draw_lr_finder(store, recipe, ready=not missing)
    st.page_link("pages/disk/page.py", label="Free the caches of old trainings", icon=":material/hard_drive:")
