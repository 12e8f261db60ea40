"""The sidebar below the menu: the current data set, and the machine with what it computes."""

import shutil
from contextlib import suppress

import streamlit as st

from pages.widgets.dataset import choose_current_dataset, current_dataset_name
from pages.widgets.markdown import literal
from pages.widgets.visitor import draw_visitor
from wildcam.accounts.acting import actor_name
from wildcam.errors import UsageError
from wildcam.runs.describe import describe_duration, describe_state
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.compute_device import describe_device

REFRESH_SECONDS = 5.0
ICONS = {State.FINISHED: ":material/check:", State.STOPPED: ":material/stop:"}
_SEEN_LIVE = "sidebar_live"  # ids of this visitor's runs that computed or waited when last looked


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
    store = RunStore(settings)
    live = store.live() if is_live else []
    for run in live:
        _draw_run(run)
    _tell_ends(store, live)
    home = settings.home
    free = shutil.disk_usage(home if home.exists() else home.parent).free
    st.caption(f":material/memory: {_device()}")
    st.page_link("pages/disk/page.py", label=f"{free / 1e9:,.0f} GB free", icon=":material/hard_drive:")


def _tell_ends(store: RunStore, live: list[Run]) -> None:
    """A note, once, on each run of this visitor that the session saw live and that has ended."""
    now = {run.id for run in live if run.made_by == actor_name()}
    for run_id in st.session_state.get(_SEEN_LIVE, set()) - now:
        with suppress(UsageError):  # it was deleted meanwhile
            run = store.get(run_id)
            st.toast(literal(f"{run.name}: {describe_state(run)}"), icon=ICONS.get(run.state, ":material/error:"))
    st.session_state[_SEEN_LIVE] = now


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
