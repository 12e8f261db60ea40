"""What a run would learn from, and what it would cost: before it starts."""

import shutil

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.architectures.parameters import count_parameters
from wildcam.charts.splits import SUBSET_TITLES
from wildcam.data.splits import Subset
from wildcam.runs.describe import describe_duration
from wildcam.runs.run import Run
from wildcam.settings import Settings
from wildcam.training.compute_device import describe_device
from wildcam.training.cost_estimate import disk_bytes, estimate_epoch
from wildcam.training.inputs.pixel_cache import cache_size, clear_cache
from wildcam.training.plan import Selection
from wildcam.training.recipe import Recipe

SUBSET_HELP = {
    Subset.TRAIN: "The photos that the model learns from.",
    Subset.ID_VAL: "Cameras of train on other days (or, where the split is not by camera, any).",
    Subset.VAL: "Cameras that training never sees: the honest test while training.",
    Subset.TEST: "Kept for the end: looked at once, when the run is over.",
}


def draw_selection(selection: Selection, recipe: Recipe) -> None:
    columns = st.columns(4)
    for column, (subset, help) in zip(columns, SUBSET_HELP.items(), strict=True):
        rows = selection.on(subset)
        classes = rows["target"].nunique()
        column.metric(
            SUBSET_TITLES[subset],
            f"{len(rows):,}",
            f"{classes} classes" if len(rows) else None,
            delta_color="off",
            delta_arrow="off",
            help=help,
            border=True,
        )
    count = count_parameters(recipe.preset, len(selection.classes), recipe.image_size)
    st.caption(
        f"{len(selection.classes)} classes. The model has {count.total:,} numbers (parameters), "
        f"of which {count.trainable:,} are trained."
    )
    for warning in selection.warnings:
        st.warning(literal(warning), icon=":material/warning:")


def draw_cost(selection: Selection, recipe: Recipe, runs: list[Run], settings: Settings) -> None:
    """Device, time of an epoch, disk."""
    images = len(selection.on(Subset.TRAIN))
    needed = disk_bytes(recipe, images + len(selection.validation), len(selection.classes))
    free = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.parent).free
    estimate = estimate_epoch(recipe, images, runs)
    time = (
        f"An epoch takes about {describe_duration(estimate.seconds)}, as the run {literal(estimate.source)} measured."
        if estimate
        else "How long an epoch takes is known once a run with these values has begun, or the learning rate was looked for."
    )
    st.caption(
        f"It computes on {literal(_device())}. {time} It writes up to {needed / 1e9:.1f} GB; {free / 1e9:,.0f} GB are free."
    )
    _draw_cache(settings)
    if needed > free:
        st.warning(
            "The disk has less room than the run may need: free some, or take smaller photos.",
            icon=":material/hard_drive:",
        )


def _draw_cache(settings: Settings) -> None:
    """What is kept of decoded images, so that no run decodes them again."""
    kept = cache_size(settings)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Decoded photos are kept for the next run: {kept / 1e9:.2f} of {settings.pixel_cache_gb:g} GB "
            "(WILDCAM_PIXEL_CACHE_GB)."
        )
        if kept:
            st.button(
                "Free it",
                icon=":material/delete_sweep:",
                key="train_clear_cache",
                type="tertiary",
                on_click=_free,
                args=(settings,),
                help="Runs decode them anew.",
            )


def _free(settings: Settings) -> None:
    clear_cache(settings)


@st.cache_data(ttl=600, show_spinner=False)
def _device() -> str:
    return describe_device()
