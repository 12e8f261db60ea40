"""The training data of a run and what it will need, before it starts."""

import shutil

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.architectures.parameters import count_parameters
from wildcam.counting import counted
from wildcam.data.splits import Subset
from wildcam.runs.describe import describe_duration
from wildcam.runs.run import Run
from wildcam.settings import Settings
from wildcam.training.compute_device import describe_device
from wildcam.training.cost_estimate import disk_bytes, estimate_epoch
from wildcam.training.left_out import describe_left_out
from wildcam.training.plan import Selection
from wildcam.training.recipe import Recipe

SUBSET_HELP = {
    Subset.TRAIN: "The photos that the model trains on.",
    Subset.ID_VAL: "Training locations on other days (any location, where the split is not by location).",
    Subset.VAL: "Locations that training never sees.",
    Subset.TEST: "Locations kept for the final evaluation, once, after training.",
}


def draw_selection(selection: Selection, recipe: Recipe) -> None:
    columns = st.columns(4)
    for column, (subset, help) in zip(columns, SUBSET_HELP.items(), strict=True):
        rows = selection.on(subset)
        classes = rows["target"].nunique()
        column.metric(
            subset.display,
            f"{len(rows):,}",
            counted(classes, "class") if len(rows) else None,
            delta_color="off",
            delta_arrow="off",
            help=help,
            border=True,
        )
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    st.caption(
        f"{counted(len(selection.classes), 'class')}. The model has {count.total:,} parameters, of which "
        f"{count.trainable:,} are trainable."
    )
    st.caption(literal(describe_left_out(len(selection.table), selection.left_out)))
    for warning in selection.warnings:
        st.warning(literal(warning), icon=":material/warning:")


def draw_cost(selection: Selection, recipe: Recipe, runs: list[Run], settings: Settings) -> None:
    """Device, time per epoch, disk."""
    images = len(selection.on(Subset.TRAIN))
    needed = disk_bytes(recipe, images + len(selection.validation), len(selection.classes))
    free = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.parent).free
    estimate = estimate_epoch(recipe, images, runs)
    time = (
        f"An epoch takes about {describe_duration(estimate.seconds)} (measured by the run {literal(estimate.source)})."
        if estimate
        else "The time per epoch is known after a first run or learning-rate finder with these settings."
    )
    st.caption(
        f"Device: {literal(_device())}. {time} Disk: up to {needed / 1e9:.1f} GB needed, {free / 1e9:,.0f} GB free."
    )
    if needed > free:
        st.warning(
            "The run may need more disk space than is free: free some, or choose a smaller image size.",
            icon=":material/hard_drive:",
        )


@st.cache_data(ttl=600, show_spinner=False)
def _device() -> str:
    return describe_device()
