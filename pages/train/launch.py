"""Starts one run, both stages, or a sweep over a few values."""

from operator import attrgetter

import streamlit as st

from pages.train.form import set_field
from pages.widgets.kept import keep
from pages.widgets.markdown import literal
from pages.widgets.visitor_paths import visitor_roots
from wildcam.architectures.presets import PRESETS, Preset, Task
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.errors import WildcamError
from wildcam.runs.quota import check_queued
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe, fields_of
from wildcam.training.submit import both_stages, of_stage_2_alone, submit
from wildcam.training.sweep import new_sweep, read_values, sweep, sweep_name


class Launch(Choice):
    """What is started."""

    SINGLE = "single", "One run"
    BOTH_STAGES = "both_stages", "Both stages"
    SWEEP = "sweep", "Sweep"


MOST_FIELDS = 3
VARIED_FIRST = ("learning_rate", "image_size")
"""What a sweep varies until another field is chosen: the first that the preset has."""


def draw_launch(store: RunStore, recipe: Recipe, *, ready: bool) -> None:
    launch = st.segmented_control(
        "Start",
        tuple(Launch),
        default=Launch.SINGLE,
        required=True,
        key=keep("train_launch"),
        format_func=attrgetter("display"),
    )
    try:
        recipes, varied = _recipes(launch, recipe)
        for one in recipes:
            if one.backbone_file:
                visitor_roots().path(one.backbone_file)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        if launch is Launch.BOTH_STAGES:
            _draw_species_mend(recipe)
        if launch is Launch.SWEEP:
            _draw_sweep_mend()
        return
    name = ""
    if len(recipes) == 1:
        name = st.text_input("Run name", placeholder=f"{recipe.preset} on {recipe.dataset}", key=keep("train_name"))
    label = "Start training" if len(recipes) == 1 else f"Queue {counted(len(recipes), 'run')}"
    if st.button(
        label, type="primary", icon=":material/play_arrow:", disabled=not ready or not recipes, key="train_start"
    ):
        tie = new_sweep(varied) if varied and len(recipes) > 1 else ""
        try:
            check_queued(store, len(recipes))  # all or none
            runs = [submit(store, one, name or sweep_name(one, varied), sweep=tie) for one in recipes]
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")
            return
        _go_to(runs)
    st.caption("Equivalent command:")
    st.code(
        "\n".join(one.command() + (" --detach" if len(recipes) > 1 else "") for one in recipes),
        language="shell",
        wrap_lines=True,
    )


def _draw_species_mend(recipe: Recipe) -> None:
    """A button for the task species, of this preset or of the first that has it."""
    with_species = [preset for preset in PRESETS.values() if Task.SPECIES in preset.tasks]
    preset = recipe.preset_info if recipe.preset_info in with_species else with_species[0]
    label = "Use the task species" if preset is recipe.preset_info else f"Use the preset {preset.title}"
    st.button(label, icon=":material/build:", key="train_mend_stages", on_click=_use_species, args=(preset,))


def _draw_sweep_mend() -> None:
    st.button(
        "Use the form's values",
        icon=":material/restart_alt:",
        key="train_mend_sweep",
        on_click=_forget_values,
        args=(tuple(st.session_state["train_sweep_fields"]),),
    )


def _forget_values(varied: tuple[str, ...]) -> None:
    for name in varied:
        st.session_state.pop(f"train_sweep_{name}", None)
    st.session_state["train_sweep_sample"] = 0


def _use_species(preset: Preset) -> None:
    st.session_state["train_preset"] = preset.name
    set_field(preset, "task", Task.SPECIES)


def _go_to(runs: list[Run]) -> None:
    st.switch_page("pages/runs/page.py", query_params={"run": runs[0].id})


def _recipes(launch: Launch, recipe: Recipe) -> tuple[list[Recipe], list[str]]:
    """What is started, and the fields in which it varies."""
    if launch is Launch.BOTH_STAGES:
        return _both_stages(recipe), []
    return _sweep(recipe) if launch is Launch.SWEEP else ([recipe], [])


def _both_stages(recipe: Recipe) -> list[Recipe]:
    st.caption(
        "Stage 1 predicts empty or animal and trains on all photos; stage 2 predicts the species and trains on the "
        "photos with an animal. Both use one split. Promote both, and Identify uses them as a pair."
    )
    recipes = list(both_stages(recipe))
    if own := of_stage_2_alone(recipe):
        st.caption(f"Stage 1 has its preset's values of: {literal(', '.join(own))}.")
    return recipes


def _sweep(recipe: Recipe) -> tuple[list[Recipe], list[str]]:
    st.caption("One run for every combination of the values below, or for a random sample of them.")
    fields = fields_of(recipe.preset)
    key = keep("train_sweep_fields")
    # Presets differ in their fields: what was chosen for another one may not be a field of this one.
    if not set(st.session_state.get(key, ("",))) <= set(fields):
        st.session_state[key] = [next(name for name in VARIED_FIRST if name in fields)]
    varied = st.multiselect(
        "Fields to vary",
        list(fields),
        format_func=lambda name: str(fields[name].title),
        max_selections=MOST_FIELDS,
        key=key,
    )
    choices = {}
    for name in varied:
        text = st.text_input(
            f"{fields[name].title}: values separated by commas",
            str(getattr(recipe, name)),
            key=keep(f"train_sweep_{name}"),
        )
        choices[name] = read_values(text)
    sample = st.number_input("Random sample of combinations (0: all)", 0, 100, 0, key=keep("train_sweep_sample"))
    return sweep(recipe, choices, sample=sample), varied
