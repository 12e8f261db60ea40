"""Start training: data set, preset, recipe, and what the run will need."""

import streamlit as st

from pages.train.clone import fill_from_run
from pages.train.form import draw_form, field_key
from pages.train.launch import draw_launch
from pages.train.lr_finder import draw_lr_finder
from pages.train.presets import choose_preset
from pages.train.selection import draw_cost, draw_selection
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.architectures.presets import Preset
from wildcam.data.catalog import Dataset, list_datasets, open_dataset
from wildcam.errors import WildcamError
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe, Weights
from wildcam.training.submit import missing_weights


@st.cache_data(show_spinner="Splitting the photos …", max_entries=20)
def _select(_dataset: Dataset, recipe: Recipe, version: str) -> Selection:
    return select(_dataset, recipe)


@st.cache_data(ttl=60, show_spinner="Checking the pretrained weights …")
def _missing_weights(recipe: Recipe, _settings: Settings) -> str:
    return missing_weights(recipe, _settings)


def _use_random_weights(key: str) -> None:
    st.session_state[key] = Weights.RANDOM


def _draw_missing_weights(preset: Preset, sentence: str) -> None:
    st.warning(literal(sentence), icon=":material/cloud_off:")
    st.button(
        "Start from random weights",
        icon=":material/casino:",
        key="train_random_weights",
        on_click=_use_random_weights,
        args=(field_key(preset, "weights"),),
    )


settings = load_settings()
st.title("Train")
datasets = list_datasets(settings.datasets_dir)
if not datasets:
    st.info(
        "There is no data set yet. Add your own photos, or create the demo data set in a terminal: "
        "`python -m wildcam demo`.",
        icon=":material/info:",
    )
    st.page_link("pages/add/page.py", label="Add data", icon=":material/add_photo_alternate:")
    st.stop()

store = RunStore(settings)
names = [info.name for info in datasets]
if cloned := fill_from_run(store, names):
    st.caption(literal(f"Settings copied from the run {cloned}."))
name = st.selectbox("Data set", names, **url_param("dataset", names))
preset = choose_preset()
values = draw_form(preset)
try:
    recipe = Recipe.of(name, preset.name, **values)
    dataset = open_dataset(settings.datasets_dir, name)
    version = f"{dataset.info.fingerprint} {dataset.info.checked_at} {dataset.info.labels}"
    selection = _select(dataset, recipe, version)
except WildcamError as error:
    st.error(literal(str(error)), icon=":material/error:")
    st.stop()
st.subheader("Training data")
draw_selection(selection, recipe)
draw_cost(selection, recipe, [*store.all(Kind.LR_FINDER), *store.all(Kind.TRAIN)], settings)
missing = _missing_weights(recipe, settings)
if missing:
    _draw_missing_weights(preset, missing)
if "learning_rate" not in preset.unused:
    draw_lr_finder(store, recipe, ready=not missing)
draw_launch(store, recipe, ready=not missing)
