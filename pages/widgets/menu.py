"""The sidebar: the current data set, the menu in groups, and at its foot the machine and what it computes."""

import shutil

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.widgets.dataset import choose_current_dataset, current_dataset_name
from wildcam.runs.describe import describe_duration
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.training.compute_device import describe_device

REFRESH_SECONDS = 5.0
RUNS = "runs"


def draw_sidebar(groups: dict[str, list[StreamlitPage]], store: RunStore) -> None:
    """`groups`: title, or an empty one, and its pages."""
    with st.sidebar:
        choose_current_dataset()
        live = store.live()
        for title, pages in groups.items():
            if title:
                st.caption(f"**{title}**")
            with st.container(gap="xxsmall"):
                for page in pages:
                    _draw_link(page, len(live))
        st.divider()
        st.fragment(_draw_foot, run_every=REFRESH_SECONDS if live else None)(store)


def _draw_link(page: StreamlitPage, live: int) -> None:
    dataset = current_dataset_name()
    label = f"{page.title} :blue-badge[{live} live]" if live and page.url_path == RUNS else page.title
    query = {"dataset": dataset} if dataset else None
    st.page_link(page, label=label, icon=page.icon or None, query_params=query, width="stretch")


def _draw_foot(store: RunStore) -> None:
    """Device, free disk, and every run that computes."""
    for run in store.live():
        _draw_run(run)
    home = store.settings.home
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
