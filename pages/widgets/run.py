"""Which run a page shows, and the buttons that stop and resume it."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.errors import WildcamError
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore


def choose_run(label: str, runs: list[Run], new: str = "") -> Run | None:
    """The run in the address, else the newest; the widget writes to the address. `new`: an entry before the runs,
    for which None is returned; the newest run is selected before it.

    The address may have an id, its beginning, or a name. One that fits no run, or several, is said so.
    """
    names = ({new: new} if new else {}) | {run.id: f"{run.name} ({run.id[:8]})" for run in runs}
    ids, linked = list(names), st.query_params.get("run", "")
    fitting = [linked] if linked in names else fitting_ids(runs, linked)
    requested = fitting[0] if len(fitting) == 1 else ""
    followed = f"followed_{label}"  # each page's own: a link from one to the other names the same run
    if requested and st.session_state.get(followed) != requested:  # an address leads to its run once
        st.session_state[f"choose_{label}"] = requested
    elif linked and not requested:
        st.session_state.pop(f"choose_{label}", None)
        warn_of_link(linked, len(fitting), "Another one is shown.")
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
        if run.can_resume and st.button("Resume", icon=":material/resume:", key="runs_resume", type="primary"):
            try:
                local.resume(store, run.id)
            except WildcamError as error:
                st.error(literal(str(error)), icon=":material/error:")
            else:
                st.rerun()


def fitting_ids(runs: list[Run], linked: str) -> list[str]:
    """The ids of the runs that an address means by an id, its beginning, or a name."""
    exact = [run.id for run in runs if run.id == linked]
    return exact or [run.id for run in runs if linked and (run.id.startswith(linked) or run.name == linked)]


def warn_of_link(linked: str, fitting: int, instead: str) -> None:
    """A sentence on an address that does not fit exactly one run; `instead` says what is shown."""
    what = (
        f"fits {counted(fitting, 'run')}: give more of the id."
        if fitting
        else "is not among the runs of this page: it was deleted, or it cannot be shown here."
    )
    st.warning(literal(f"The run {linked!r} in the link {what} {instead}"), icon=":material/link_off:")
