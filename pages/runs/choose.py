"""Which run a page is about: the one in the address, else the newest."""

import streamlit as st

from wildcam.runs.run import Run


def choose_run(label: str, runs: list[Run], new: str = "") -> Run | None:
    """The chooser writes to the address. `new`: an entry before the runs, whose choice is None; the newest run goes before it."""
    names = ({new: new} if new else {}) | {run.id: f"{run.name} ({run.id[:8]})" for run in runs}
    ids, asked = list(names), st.query_params.get("run", "")
    followed = f"followed_{label}"  # each page's own: a link from one to the other names the same run
    if st.session_state.get(followed) != asked and asked in ids:  # an address leads to its run once
        st.session_state[f"choose_{label}"] = asked
    first = min(1, len(runs)) if new else 0
    chosen = st.selectbox(label, ids, format_func=names.__getitem__, key=f"choose_{label}", index=first)
    st.query_params["run"] = st.session_state[followed] = chosen
    return next((run for run in runs if run.id == chosen), None)
