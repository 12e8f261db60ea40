"""Which run a page shows, and the buttons that stop and resume it."""

import streamlit as st

from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore


def choose_run(label: str, runs: list[Run], new: str = "") -> Run | None:
    """The run in the address, else the newest; the widget writes to the address. `new`: an entry before the runs,
    for which None is returned; the newest run is selected before it.
    """
    names = ({new: new} if new else {}) | {run.id: f"{run.name} ({run.id[:8]})" for run in runs}
    ids, requested = list(names), st.query_params.get("run", "")
    followed = f"followed_{label}"  # each page's own: a link from one to the other names the same run
    if st.session_state.get(followed) != requested and requested in ids:  # an address leads to its run once
        st.session_state[f"choose_{label}"] = requested
    first = min(1, len(runs)) if new else 0
    chosen = st.selectbox(label, ids, format_func=names.__getitem__, key=f"choose_{label}", index=first)
    st.query_params["run"] = st.session_state[followed] = chosen
    return next((run for run in runs if run.id == chosen), None)


def draw_stop_and_resume(store: RunStore, run: Run) -> None:
    """Whichever is possible."""
    with st.container(horizontal=True):
        if run.state.is_live and st.button("Stop", icon=":material/stop:", key="runs_stop"):
            store.request_stop(run.id)
            st.rerun()
        if run.state.can_resume and st.button("Resume", icon=":material/resume:", key="runs_resume", type="primary"):
            local.resume(store, run.id)
            st.rerun()
