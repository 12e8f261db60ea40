"""A job of a data set in the background: how far it is, and buttons that start, stop and resume it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs import local
from wildcam.runs.describe import describe_state
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore

REFRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """What is drawn of it."""

    key: str  # of its buttons
    name: str
    start_label: str
    icon: str
    latest: Callable[[], Run | None]
    start: Callable[[], object]


def draw_job(store: RunStore, job: Job) -> None:
    """A fragment of its own, on a timer while the job runs; at its end the whole page is drawn again."""
    run = job.latest()
    is_live = run is not None and run.state.is_live
    st.fragment(_draw, run_every=REFRESH_SECONDS if is_live else None)(store, job, is_live)


def _draw(store: RunStore, job: Job, was_live: bool) -> None:
    run = job.latest()
    try:
        if run:
            _draw_state(job, run)
        _draw_buttons(store, job, run)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
    if was_live and not (run and run.state.is_live):
        st.rerun()


def _draw_state(job: Job, run: Run) -> None:
    if run.state in (State.FAILED, State.LOST):
        st.error(literal(describe_state(run)), icon=":material/error:")
    else:
        st.text(f"{job.name}: {describe_state(run)}")
    if run.state is State.RUNNING:
        st.progress(run.progress.fraction)


def _draw_buttons(store: RunStore, job: Job, run: Run | None) -> None:
    with st.container(horizontal=True):
        if run and run.state.is_live:
            if st.button("Stop", icon=":material/stop:", key=f"{job.key}_stop"):
                store.request_stop(run.id)
                st.rerun()
            return
        if run and run.can_resume and st.button("Resume", icon=":material/resume:", key=f"{job.key}_resume"):
            local.resume(store, run.id)
            st.rerun()
        if st.button(job.start_label, icon=job.icon, type="primary", key=f"{job.key}_start"):
            job.start()
            st.rerun()
