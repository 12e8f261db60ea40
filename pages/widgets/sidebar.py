"""The sidebar below the menu: the current data set, and the machine with what it computes."""

import shutil

import streamlit as st

from pages.widgets.dataset import choose_current_dataset, current_dataset_name
from pages.widgets.visitor import draw_visitor
from wildcam.runs.describe import describe_duration
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.compute_device import describe_device

REFRESH_SECONDS = 5.0


def draw_sidebar(settings: Settings, *, is_live: bool) -> None:
    """`is_live`: something computes or waits, so the foot is on a timer."""
    with st.sidebar:
        choose_current_dataset()
        if current_dataset_name():
            st.divider()
        draw_visitor()
        st.fragment(_draw_foot, run_every=REFRESH_SECONDS if is_live else None)(settings, is_live)


def _draw_foot(settings: Settings, is_live: bool) -> None:
    """Device, free disk, and every run that computes."""
    for run in RunStore(settings).live() if is_live else ():
        _draw_run(run)
    home = settings.home
    free = shutil.disk_usage(home if home.exists() else home.parent).free
    st.caption(f":material/memory: {_device()}")
    st.caption(f":material/hard_drive: {free / 1e9:,.0f} GB free")


def _draw_run(run: Run) -> None:
    if run.state is State.QUEUED:
        st.caption(f":material/hourglass: {run.kind.display}, queued")
        return
    progress = run.progress
    left = f", {describe_duration(progress.seconds_left)} left" if progress.seconds_left is not None else ""
    st.progress(progress.fraction, f"{run.kind.display}, {progress.fraction:.0%}{left}")


@st.cache_data(ttl=600, show_spinner=False)
def _device() -> str:
    return describe_device()
