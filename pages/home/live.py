"""What runs now: the bar of the whole run, the time left, a small curve, a button that stops it; and the queue."""

import streamlit as st

from pages.runs.queue import draw_queue
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.curves import CurveReader
from wildcam.runs.describe import describe_progress
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

REFRESH_SECONDS = 2.0
CURVE = {Kind.TRAIN: ("val_accuracy", "Validation accuracy"), Kind.LR_FINDER: ("finder_loss", "Loss")}


def draw_live(store: RunStore) -> None:
    """On a timer while something runs; nothing where nothing does."""
    live = store.live()
    if live:
        st.fragment(_draw, run_every=REFRESH_SECONDS)(store, len(live))


def _draw(store: RunStore, before: int) -> None:
    live = store.live()
    if len(live) != before:
        st.rerun()
    computing = [run for run in live if run.state is not State.QUEUED]
    if computing:
        st.subheader("Running now", anchor=False)
    for run in computing:
        with st.container(border=True):
            _draw_run(store, run)
    draw_queue(store)


def _draw_run(store: RunStore, run: Run) -> None:
    progress = run.progress
    st.markdown(f"**{literal(run.name)}**")
    st.progress(progress.fraction, describe_progress(progress))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _draw_curve(store, run)
        with st.container(horizontal=True):
            st.page_link("pages/runs/page.py", label="Open", icon=":material/monitoring:", query_params={"run": run.id})
            if run.state is State.RUNNING:
                st.button("Stop", icon=":material/stop:", key=f"home_stop_{run.id}", on_click=_stop, args=(store, run))


def _draw_curve(store: RunStore, run: Run) -> None:
    if run.kind not in CURVE:
        return
    name, title = CURVE[run.kind]
    readers: dict[str, CurveReader] = st.session_state.setdefault("home_curves", {})  # by run: several may compute
    if run.id not in readers:
        readers[run.id] = CurveReader(store, run.id, [name])
    values = readers[run.id].read()["value"].tolist()
    if values:
        st.metric(title, f"{values[-1]:.3f}", chart_data=values, chart_type="line", width=260)


def _stop(store: RunStore, run: Run) -> None:
    try:
        store.request_stop(run.id)
    except WildcamError as error:
        st.toast(literal(str(error)), icon=":material/info:")
