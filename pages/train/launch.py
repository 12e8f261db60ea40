"""Ways to start: one run, both stages, or several runs over a few values."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe, fields_of
from wildcam.training.stage_pair import both_stages
from wildcam.training.submit import submit
from wildcam.training.sweep import read_values, sweep

WAYS = ("One run", "Both stages", "A sweep")
MOST_FIELDS = 3


def draw_launch(store: RunStore, recipe: Recipe, *, ready: bool) -> None:
    way = st.segmented_control("Start", WAYS, default=WAYS[0], required=True, key="train_way")
    try:
        recipes = _recipes(way, recipe)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    name = ""
    if len(recipes) == 1:
        name = st.text_input("Name of the run", placeholder=f"{recipe.preset} on {recipe.dataset}", key="train_name")
    label = "Start training" if len(recipes) == 1 else f"Start {len(recipes)} runs, one after the other"
    if st.button(
        label, type="primary", icon=":material/play_arrow:", disabled=not ready or not recipes, key="train_start"
    ):
        try:
            runs = [submit(store, one, name) for one in recipes]
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")
            return
        _go_to(runs)
    st.caption("The same from a terminal:")
    st.code(
        "\n".join(one.command() + (" --detach" if len(recipes) > 1 else "") for one in recipes),
        language="shell",
        wrap_lines=True,
    )


def _go_to(runs: list[Run]) -> None:
    st.switch_page("pages/runs/page.py", query_params={"run": runs[0].id})


def _recipes(way: str, recipe: Recipe) -> list[Recipe]:
    if way == "Both stages":
        return _both_stages(recipe)
    return _sweep(recipe) if way == "A sweep" else [recipe]


def _both_stages(recipe: Recipe) -> list[Recipe]:
    st.caption(
        "Stage 1 learns empty or animal from all photos, stage 2 learns species from those with an animal, on one split. "
        "Promote both when they are finished, and Identify uses them as a pair."
    )
    return list(both_stages(recipe))


def _sweep(recipe: Recipe) -> list[Recipe]:
    st.caption("Every combination of the values below becomes a run of its own, or some that are drawn at random.")
    fields = fields_of(recipe.preset)
    chosen = st.multiselect(
        "Fields to vary",
        list(fields),
        ["learning_rate"],
        format_func=lambda name: str(fields[name].title),
        max_selections=MOST_FIELDS,
        key="train_sweep_fields",
    )
    choices = {}
    for name in chosen:
        text = st.text_input(
            f"{fields[name].title}: values, separated by commas", str(getattr(recipe, name)), key=f"train_sweep_{name}"
        )
        choices[name] = read_values(text)
    sample = st.number_input("Draw so many at random (0: all)", 0, 100, 0, key="train_sweep_sample")
    return sweep(recipe, choices, sample=sample)
