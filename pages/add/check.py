"""Add data: the check of all files that starts after an import."""

import streamlit as st

from pages.widgets.explore_links import Section, section_link
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.quality.submit import submit_check
from wildcam.runs.describe import describe_state
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

REFRESH_SECONDS = 2.0
_FAILURE = "add_check_failure"


def start_check(name: str) -> Run | None:
    """Start the check of all files in the background; None where it did not start, and `draw_check` says why."""
    st.session_state.pop(_FAILURE, None)
    try:
        return submit_check(RunStore(load_settings()), name)
    except WildcamError as error:
        st.session_state[_FAILURE] = str(error)
        return None


def draw_check(name: str, run_id: str) -> None:
    """How far the check is, on a timer while it runs, and why it did not start; nothing where none was wanted."""
    if failure := st.session_state.get(_FAILURE):
        st.warning(literal(f"The check did not start. {failure}"), icon=":material/warning:")
    if not run_id:
        return
    store = RunStore(load_settings())
    try:
        is_live = store.get(run_id).state.is_live
    except WildcamError:  # its run was deleted
        return
    with st.container(border=True):
        st.markdown(":material/fact_check: **Check of all files, in the background**")
        st.fragment(_draw_progress, run_every=REFRESH_SECONDS if is_live else None)(store, run_id, is_live)
        with st.container(horizontal=True):
            st.page_link(
                "pages/runs/page.py", label="Its run", icon=":material/monitoring:", query_params={"run": run_id}
            )
            st.page_link(
                "pages/explore/page.py",
                label="File check",
                icon=":material/fact_check:",
                query_params=section_link(name, Section.QUALITY),
            )


def _draw_progress(store: RunStore, run_id: str, was_live: bool) -> None:
    run = store.get(run_id)
    st.text(describe_state(run))
    if run.state is State.RUNNING:
        st.progress(run.progress.fraction)
    if was_live and not run.state.is_live:
        st.rerun()
