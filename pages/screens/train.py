"""Start a training run: a data set, a preset, and every value of its recipe."""

import streamlit as st

from pages.parts.markdown import literal
from pages.parts.recipe_form import draw_form, field_key
from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS, Preset
from wildcam.charts.splits import SIDE_TITLES
from wildcam.data.catalog import Dataset, list_datasets, open_dataset
from wildcam.data.splits import Side
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings
from wildcam.training.plan import Selection, select
from wildcam.training.recipe import Recipe, Weights
from wildcam.training.submit import missing_weights, submit

SIDE_HELP = {
    Side.TRAIN: "The photographs that the model learns from.",
    Side.ID_VAL: "Cameras of train on other days (or, where the split is not by camera, any).",
    Side.VAL: "Cameras that training never sees: the honest test while training.",
    Side.TEST: "Kept for the end: looked at once, when the run is over.",
}


def _draw_preset(preset: Preset) -> None:
    with st.container(border=True):
        st.markdown(f"#### {preset.title}")
        st.write(preset.description)
        st.caption(f"What the experiment reported: {preset.reported}")


@st.cache_data(show_spinner="Dealing photographs to the sides …", max_entries=20)
def _select(_dataset: Dataset, recipe: Recipe, version: str) -> Selection:
    return select(_dataset, recipe)


@st.cache_data(ttl=60, show_spinner="Looking for the pretrained weights …")
def _missing_weights(recipe: Recipe, _settings: Settings) -> str:
    return missing_weights(recipe, _settings)


def _draw_selection(selection: Selection, recipe: Recipe) -> None:
    columns = st.columns(4)
    for column, (side, help) in zip(columns, SIDE_HELP.items(), strict=True):
        rows = selection.on(side)
        classes = rows["target"].nunique()
        column.metric(
            SIDE_TITLES[side], f"{len(rows):,}", f"{classes} classes" if len(rows) else None, delta_color="off", delta_arrow="off",
            help=help, border=True,
        )  # fmt: skip
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    st.caption(
        f"{len(selection.classes)} classes. The model has {count.total:,} numbers (parameters), "
        f"of which {count.trainable:,} are trained."
    )
    for warning in selection.warnings:
        st.warning(literal(warning), icon=":material/warning:")


def _use_random_weights(key: str) -> None:
    st.session_state[key] = Weights.RANDOM


def _draw_missing_weights(preset: Preset, sentence: str) -> None:
    st.warning(sentence, icon=":material/cloud_off:")
    st.button(
        "Start from random weights", icon=":material/casino:", key="train_random_weights",
        on_click=_use_random_weights, args=(field_key(preset, "weights"),),
    )  # fmt: skip


settings = load_settings()
st.title("Train")
datasets = list_datasets(settings.datasets_dir)
if not datasets:
    st.info(
        "There is nothing to learn from yet. Bring in photographs of your own, or draw a demo data set in a terminal: "
        "`python -m wildcam demo`.",
        icon=":material/info:",
    )
    st.page_link("pages/screens/add.py", label="Add data", icon=":material/add_photo_alternate:")
    st.stop()

left, right = st.columns(2)
names = [info.name for info in datasets]
name = left.selectbox("Data set", names, key="train_dataset")
preset = PRESETS[
    right.selectbox(
        "Preset", list(PRESETS), format_func=lambda key: PRESETS[key].title, key="train_preset",
        help="A named experiment; every one of its values can be changed below.",
    )
]  # fmt: skip
_draw_preset(preset)
values = draw_form(preset)
run_name = st.text_input("Name of the run", placeholder=f"{preset.name} on {name}", key="train_name")

missing = ""
try:
    recipe = Recipe.of(name, preset.name, **values)
    dataset = open_dataset(settings.datasets_dir, name)
    version = f"{dataset.info.fingerprint} {dataset.info.checked_at} {dataset.info.labels}"
    st.subheader("What this run will learn from")
    _draw_selection(_select(dataset, recipe, version), recipe)
    missing = _missing_weights(recipe, settings)
except WildcamError as error:
    st.error(literal(str(error)), icon=":material/error:")
    st.stop()
if missing:
    _draw_missing_weights(preset, missing)
if st.button("Start training", type="primary", icon=":material/play_arrow:", disabled=bool(missing), key="train_start"):
    run = submit(RunStore(settings), recipe, run_name)
    st.switch_page("pages/screens/runs.py", query_params={"run": run.id})
st.caption("The same from a terminal:")
st.code(recipe.command(), language="shell", wrap_lines=True)
