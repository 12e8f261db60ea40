"""What a run would learn from, and what it would cost: before it starts."""

import shutil

import streamlit as st

from pages.parts.markdown import literal
from wildcam.architectures.parameters import count_parameters
from wildcam.charts.splits import SIDE_TITLES
from wildcam.data.splits import Side
from wildcam.runs.run import Run
from wildcam.runs.words import describe_duration
from wildcam.settings import Settings
from wildcam.training.device import describe_device
from wildcam.training.estimate import disk_bytes, estimate_epoch
from wildcam.training.pixel_cache import cache_size, clear_cache
from wildcam.training.plan import Selection
from wildcam.training.recipe import Recipe

SIDE_HELP = {
    Side.TRAIN: "The photographs that the model learns from.",
    Side.ID_VAL: "Cameras of train on other days (or, where the split is not by camera, any).",
    Side.VAL: "Cameras that training never sees: the honest test while training.",
    Side.TEST: "Kept for the end: looked at once, when the run is over.",
}


def draw_selection(selection: Selection, recipe: Recipe) -> None:
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


def draw_cost(selection: Selection, recipe: Recipe, runs: list[Run], settings: Settings) -> None:
    """Device, time of an epoch, disk."""
    photographs = len(selection.on(Side.TRAIN))
    needed = disk_bytes(recipe, photographs + len(selection.validation), len(selection.classes))
    free = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.parent).free
    estimate = estimate_epoch(recipe, photographs, runs)
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
            "The disk has less room than the run may need: free some, or take smaller pictures.",
            icon=":material/hard_drive:",
        )


def _draw_cache(settings: Settings) -> None:
    """What is kept of decoded photographs, so that no run decodes them again."""
    kept = cache_size(settings)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Decoded photographs are kept for the next run: {kept / 1e9:.2f} of {settings.pixel_cache_gb:g} GB "
            "(WILDCAM_PIXEL_CACHE_GB)."
        )
        if kept:
            st.button(
                "Free it", icon=":material/delete_sweep:", key="train_clear_cache", type="tertiary", on_click=_free,
                args=(settings,), help="Runs decode them anew.",
            )  # fmt: skip


def _free(settings: Settings) -> None:
    clear_cache(settings)


@st.cache_data(ttl=600, show_spinner=False)
def _device() -> str:
    return describe_device()
